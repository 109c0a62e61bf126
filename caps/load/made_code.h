// Code that was made ahead, when the image was built: taken where it belongs to what is loaded and to this machine.
#pragma once

#include "safeir/check/checked_module.h"
#include "safeir/load/program.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tessera::caps {

// A program that an image brings for others to load, and its code for several processors. The bytes stay.
struct ImageModule {
    std::span<const std::byte> program;
    std::vector<std::span<const std::byte>> codes;
};

struct MadeCode {
    std::unique_ptr<safeir::LoadedProgram> program;  // null: none fits
    std::size_t index = 0;                           // of the one that was taken
    std::string why_not;                             // of the last that was tried
};

// The best features first. `context` has those of what was taken, or the machine's as before.
[[nodiscard]] MadeCode take_made_code(safeir::LoadContext& context,
                                      const safeir::CheckedModule& module,
                                      std::span<const std::span<const std::byte>> codes);

// The codes of the module with just these bytes; none if it is no module of the image's.
[[nodiscard]] std::span<const std::span<const std::byte>> codes_of(std::span<const ImageModule> modules,
                                                                   std::span<const std::byte> program);

}  // namespace tessera::caps
