// The shapes that a C program's main may have.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// The C library calls int main(int, char**). Clang's front end makes that of main(void) only: main with one parameter,
// with the environment as a third, or without a result gets a function of that type around it.
void give_main_its_type(llvm::Module& unit);

}  // namespace tessera::lower
