// The flat descriptions of interfaces, which headers made from schemas put into sections of their own: those of the
// interfaces whose methods a program calls or offers become tables that the kernel reads; no other is kept.
#pragma once

#include "llvm/IR/Module.h"

#include <map>
#include <string>

namespace tessera::lower {

class Descriptions {
  public:
    // Before the program is prepared, which drops what nothing in it refers to.
    explicit Descriptions(const llvm::Module& source);
    void add_those_of(const llvm::Module& source, llvm::Module& target) const;

  private:
    std::map<std::string, std::string, std::less<>> by_interface_;
};

}  // namespace tessera::lower
