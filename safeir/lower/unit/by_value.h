// Structures passed by value: the copy that a calling convention makes becomes an explicit one.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

void copy_by_value_arguments(llvm::Module& program);

// Those behind the dots of variadic calls, before LLVM's expand-variadics: it puts a structure of one array into the
// arguments themselves, where clang's va_arg looks for a pointer to it.
void copy_variadic_arguments(llvm::Module& unit);

}  // namespace tessera::lower
