// Which source line a piece of generated code comes from, in a form small enough to keep with the code.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tessera::safeir {

struct LineTable {
    struct Row {
        std::uint32_t function = 0;  // index: symbol "f.<index>"
        std::uint32_t offset = 0;    // of the first byte of code, from the function's start
        std::uint32_t file = 0;      // index into files
        std::uint32_t line = 0;
    };
    std::vector<Row> rows;  // sorted by function, then offset
    std::vector<std::string> files;

    struct Place {
        const std::string* file;
        std::uint32_t line;
    };
    [[nodiscard]] std::optional<Place> find(std::uint32_t function, std::uint32_t offset) const;
};

// The index in "f.<index>"; none for other symbols.
[[nodiscard]] std::optional<std::uint32_t> function_index(llvm::StringRef symbol);

}  // namespace tessera::safeir
