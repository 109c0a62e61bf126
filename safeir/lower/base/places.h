// Lines of source that are there to name what can't be lowered, and not for the program.
//
// Every unit is compiled with line tables. Where the user asked for no debug information, the unit carries a mark, and
// its lines are dropped from the lowered program.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

inline constexpr const char* kPlacesOnly = "tessera-places-only";  // the flags of such a DICompileUnit

// Drops the lines of marked units. Code inlined from one of them gets the line of the call.
void drop_places(llvm::Module& module);

}  // namespace tessera::lower
