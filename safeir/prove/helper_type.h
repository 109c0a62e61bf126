// The type of a kernel helper in LLVM's words.
#pragma once

#include "safeir/read/helpers.h"

#include "llvm/IR/DerivedTypes.h"

namespace tessera::safeir {

[[nodiscard]] llvm::FunctionType* helper_type(const Helper& helper, llvm::LLVMContext& context);

}  // namespace tessera::safeir
