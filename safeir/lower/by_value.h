// Structures passed by value: the copy that a calling convention makes becomes an explicit one.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

void copy_by_value_arguments(llvm::Module& program);

}  // namespace tessera::lower
