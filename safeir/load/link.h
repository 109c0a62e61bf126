// Linking a generated object into a program's code region with LLVM's JITLink.
#pragma once

#include "core/base/result.h"
#include "safeir/load/code_region.h"
#include "safeir/load/linked_function.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tessera::safeir {

struct LinkedObject {
    std::vector<LinkedFunction> functions;
    llvm::StringMap<std::uintptr_t> tables;  // "t.<index>"
};

// Says where an undefined symbol is. What it doesn't know ends the link with an error that names the symbol.
using SymbolResolver = llvm::function_ref<std::optional<std::uintptr_t>(llvm::StringRef)>;

[[nodiscard]] Result<LinkedObject> link_object(llvm::StringRef elf, CodeRegion& region, SymbolResolver resolve);

}  // namespace tessera::safeir
