// The lowered types of functions: the arena first, then the stack pointer where it is needed, then the parts of the
// parameters.
#pragma once

#include "safeir/lower/base/diagnostics.h"
#include "safeir/lower/base/shape.h"

#include "llvm/IR/Function.h"

#include <vector>

namespace tessera::lower {

enum class StackPointer : bool { Absent, Passed };

// Which capability values of one function are borrowed slices in truth: by parameter, and the result.
struct SliceUse {
    llvm::SmallVector<bool, 4> parameter;
    bool result = false;
    bool writable_result = false;
};

class Signatures {
  public:
    Signatures(llvm::LLVMContext& context, Shapes& shapes) : context_(context), shapes_(shapes) {}

    // Null when the results are too many; `slices` may be null when there are none.
    llvm::FunctionType* lower(llvm::FunctionType* source, StackPointer stack, const SliceUse* slices = nullptr);

    // The types that values of these parts are passed as.
    Types passed(const Types& parts);
    // The parts of a parameter or result.
    Types parts(llvm::Type* type, bool is_slice);

  private:
    llvm::LLVMContext& context_;
    Shapes& shapes_;
};

}  // namespace tessera::lower
