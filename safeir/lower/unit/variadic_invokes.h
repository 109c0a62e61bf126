// LLVM's pass for variadic functions knows calls only: this takes the unwind edge off invokes of them, and gives it
// back.
#pragma once

namespace llvm {
class Module;
}

namespace tessera::lower {

void hide_variadic_invokes(llvm::Module& module);
void restore_variadic_invokes(llvm::Module& module);

}  // namespace tessera::lower
