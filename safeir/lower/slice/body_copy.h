// A copy of a function's body, to be put back where what was tried on the body has not worked out.
#pragma once

#include "llvm/IR/Function.h"

namespace tessera::lower {

class BodyCopy {
  public:
    explicit BodyCopy(llvm::Function& function);
    BodyCopy(const BodyCopy&) = delete;
    BodyCopy& operator=(const BodyCopy&) = delete;
    ~BodyCopy();

    // Once. No analysis may still look at the body that goes.
    void put_back();

  private:
    llvm::Function& function_;
    llvm::Function& copy_;  // beside the function, until this object goes
};

}  // namespace tessera::lower
