#include "safeir/prove/helper_type.h"

#include "safeir/spec/marks.h"

#include "llvm/ADT/SmallVector.h"

namespace tessera::safeir {
namespace {

bool is_slice(wire::TypeCode type) { return type == wire::kSliceRo || type == wire::kSliceRw; }

llvm::Type* plain_type(wire::TypeCode type, llvm::LLVMContext& context) {
    switch (type) {
    case wire::kVoid:
        return llvm::Type::getVoidTy(context);
    case wire::kI32:
        return llvm::Type::getInt32Ty(context);
    case wire::kI64:
        return llvm::Type::getInt64Ty(context);
    case wire::kF32:
        return llvm::Type::getFloatTy(context);
    case wire::kF64:
        return llvm::Type::getDoubleTy(context);
    case wire::kCap:
        return llvm::TargetExtType::get(context, marks::kCapability);
    default:
        return llvm::PointerType::get(context, 0);
    }
}

}  // namespace

llvm::FunctionType* helper_type(const Helper& helper, llvm::LLVMContext& context) {
    llvm::SmallVector<llvm::Type*, 8> parameters = {llvm::PointerType::get(context, 0)};
    for (const wire::TypeCode type : helper.parameters) {
        parameters.push_back(plain_type(type, context));
        if (is_slice(type)) {
            parameters.push_back(llvm::Type::getInt64Ty(context));
        }
    }
    return llvm::FunctionType::get(plain_type(helper.result, context), parameters, false);
}

}  // namespace tessera::safeir
