// A function's name as people write it, for messages and traces.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace tessera::safeir {

// From the name that a linker knows (it may be mangled, or empty) and the one in the source (or empty). Without
// parameters, and without what would make it longer than a line.
[[nodiscard]] std::string shown_name(llvm::StringRef linkage_name, llvm::StringRef source_name);

}  // namespace tessera::safeir
