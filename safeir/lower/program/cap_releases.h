// Capabilities that a call gives are the program's until the function that the kernel entered returns. So that a
// program which runs for long need not let go of each by hand, it is done behind a capability's last use.
//
// Only what can be seen whole is let go of: a capability that a method, a mint or a table gave, and that is used by
// calls which keep no second name for it. The others wait for the return.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

void release_last_uses(llvm::Module& program);

}  // namespace tessera::lower
