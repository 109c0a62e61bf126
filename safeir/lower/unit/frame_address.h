// __builtin_frame_address(0), for what measures its stack.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// Becomes the address of a variable of the frame; other frames stay as they are, and are refused later.
void lower_frame_address(llvm::Module& module);

}  // namespace tessera::lower
