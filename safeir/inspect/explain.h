// Which accesses to borrowed slices a program makes, and why each is inside: by its own conditions, or by a check that
// the compiler inserted. Host only.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tessera::safeir {

struct SliceAccess {
    std::string function;
    std::string location;                 // "file.c:12", innermost; empty where unknown
    std::string what;                     // "load i32", "store i8", "part of a slice passed on"
    std::string why = {};                 // "proven: ..." or "checked: ..."
    std::vector<std::string> proof = {};  // the lines of the proof that travels
    bool is_checked = false;              // each time
    bool is_checked_before = false;       // else: once, before the loop
    bool is_access = true;                // else a part that is passed on
    unsigned check = 0;                   // which inserted check of the program it leans on; 0: none
};

// Of a program that the checker accepts.
[[nodiscard]] std::vector<SliceAccess> explain_slices(std::span<const std::byte> sir);

}  // namespace tessera::safeir
