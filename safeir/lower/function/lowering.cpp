#include "safeir/lower/function/lowering.h"

#include "safeir/spec/marks.h"

namespace tessera::lower {

namespace {

// The types that helpers.def names.
struct HelperTypes {
    llvm::LLVMContext& context;
    llvm::Type* Void() const { return llvm::Type::getVoidTy(context); }
    llvm::Type* I32() const { return llvm::Type::getInt32Ty(context); }
    llvm::Type* I64() const { return llvm::Type::getInt64Ty(context); }
    llvm::Type* F32() const { return llvm::Type::getFloatTy(context); }
    llvm::Type* F64() const { return llvm::Type::getDoubleTy(context); }
    llvm::Type* Ptr() const { return llvm::PointerType::get(context, 0); }
    llvm::Type* Fn() const { return Ptr(); }
    llvm::Type* Cap() const { return llvm::TargetExtType::get(context, safeir::marks::kCapability); }

    llvm::Type* of(llvm::StringRef name) const {
        return name == "Void"  ? Void()
               : name == "I32" ? I32()
               : name == "I64" ? I64()
               : name == "F32" ? F32()
               : name == "F64" ? F64()
               : name == "Cap" ? Cap()
                               : Ptr();
    }
    llvm::FunctionType* function(llvm::StringRef result, llvm::ArrayRef<llvm::StringRef> parameters) const {
        llvm::SmallVector<llvm::Type*, 6> types;
        for (const llvm::StringRef parameter : parameters) {
            types.push_back(of(parameter));
            if (parameter.starts_with("Slice")) {
                types.push_back(I64());
            }
        }
        return llvm::FunctionType::get(of(result), types, false);
    }
};

}  // namespace

llvm::Function* Lowering::helper(llvm::StringRef name) {
    const std::string full = (safeir::marks::kHelperPrefix + name).str();
    if (llvm::Function* known = target->getFunction(full)) {
        return known;
    }
    llvm::FunctionType* type = nullptr;
    const HelperTypes types{context};
#define TESSERA_NAMES(...) split(#__VA_ARGS__)
    const auto split = [](llvm::StringRef list) {
        llvm::SmallVector<llvm::StringRef, 6> names;
        list.split(names, ", ");
        return names;
    };
#define TESSERA_HELPER(helper_name, result, ...)                                                                       \
    if (name == #helper_name) {                                                                                        \
        type = types.function(#result, TESSERA_NAMES(__VA_ARGS__));                                                    \
    }
#include "safeir/spec/helpers.def"
#undef TESSERA_HELPER
#undef TESSERA_NAMES
    if (type == nullptr) {
        diagnostics.error("no helper " + name);
        type = types.function("Void", {"Ptr"});
    }
    return llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, full, *target);
}

llvm::GlobalVariable* Lowering::table(llvm::FunctionType* type) {
    llvm::GlobalVariable*& known = tables[type];
    if (known == nullptr && layout.function_groups().contains(type)) {
        auto* array = llvm::ArrayType::get(llvm::PointerType::get(context, 0), layout.table_size(type));
        known = new llvm::GlobalVariable(*target,
                                         array,
                                         true,
                                         llvm::GlobalValue::InternalLinkage,
                                         nullptr,
                                         "tessera.ftable." + std::to_string(tables.size()));
    }
    return known;
}

}  // namespace tessera::lower
