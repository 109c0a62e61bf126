#include "safeir/read/helpers.h"

#include "safeir/spec/marks.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/LLVMContext.h"

#include <array>

namespace tessera::safeir {
namespace {

template <HelperType... Types>
constexpr std::array<HelperType, sizeof...(Types)> kTypes = {Types...};

constexpr Helper kHelpers[] = {
#define TESSERA_HELPER(name, result, ...)                                                                              \
    Helper{#name, HelperType::result, [] {                                                                             \
               using enum HelperType;                                                                                  \
               return std::span<const HelperType>(kTypes<__VA_ARGS__>);                                                \
           }()},
#include "safeir/spec/helpers.def"
#undef TESSERA_HELPER
};

llvm::Type* plain_type(HelperType type, llvm::LLVMContext& context) {
    switch (type) {
    case HelperType::Void:
        return llvm::Type::getVoidTy(context);
    case HelperType::I32:
        return llvm::Type::getInt32Ty(context);
    case HelperType::I64:
        return llvm::Type::getInt64Ty(context);
    case HelperType::F32:
        return llvm::Type::getFloatTy(context);
    case HelperType::F64:
        return llvm::Type::getDoubleTy(context);
    case HelperType::Cap:
        return capability_type(context);
    case HelperType::Ptr:
    case HelperType::Fn:
    case HelperType::SliceRo:
    case HelperType::SliceRw:
        break;
    }
    return llvm::PointerType::get(context, 0);
}

}  // namespace

std::span<const Helper> helpers() { return kHelpers; }

std::optional<std::string_view> import_name(const llvm::Function& function) {
    llvm::StringRef name = function.getName();
    return function.isDeclaration() && name.consume_front(marks::kImportPrefix) ? std::optional(name) : std::nullopt;
}

llvm::Type* capability_type(llvm::LLVMContext& context) { return llvm::TargetExtType::get(context, "tessera.cap"); }

llvm::FunctionType* helper_type(const Helper& helper, llvm::LLVMContext& context) {
    llvm::SmallVector<llvm::Type*, 8> parameters;
    for (const HelperType type : helper.parameters) {
        parameters.push_back(plain_type(type, context));
        if (is_slice(type)) {
            parameters.push_back(llvm::Type::getInt64Ty(context));
        }
    }
    return llvm::FunctionType::get(plain_type(helper.result, context), parameters, false);
}

}  // namespace tessera::safeir
