#include "safeir/lower/base/signature.h"

namespace tessera::lower {

static constexpr std::size_t kResultsMax = 8;

Types Signatures::parts(llvm::Type* type, bool is_slice) {
    if (is_slice) {
        return {shapes_.slice_pointer(), llvm::Type::getInt64Ty(context_)};
    }
    return shapes_.parts(type);
}

Types Signatures::passed(const Types& parts) {
    Types types;
    for (llvm::Type* part : parts) {
        shapes_.passed(part, types);
    }
    return types;
}

llvm::FunctionType* Signatures::lower(llvm::FunctionType* source, StackPointer stack, const SliceUse* slices) {
    llvm::SmallVector<llvm::Type*, 8> parameters = {llvm::PointerType::get(context_, 0)};
    if (stack == StackPointer::Passed) {
        parameters.push_back(llvm::Type::getInt32Ty(context_));
    }
    for (unsigned i = 0; i < source->getNumParams(); ++i) {
        const bool is_slice = slices != nullptr && i < slices->parameter.size() && slices->parameter[i];
        const Types types = passed(parts(source->getParamType(i), is_slice));
        parameters.append(types.begin(), types.end());
    }
    const Types results = passed(parts(source->getReturnType(), slices != nullptr && slices->result));
    if (results.size() > kResultsMax) {
        return nullptr;
    }
    llvm::Type* result = llvm::Type::getVoidTy(context_);
    if (results.size() == 1) {
        result = results.front();
    } else if (results.size() > 1) {
        result = llvm::StructType::get(context_, results);
    }
    return llvm::FunctionType::get(result, parameters, false);
}

}  // namespace tessera::lower
