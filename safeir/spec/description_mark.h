// How a program carries what the kernel knows of an interface (docs/notes/schema.md): a data table that begins so, with
// the flat description behind. It is in no arena: the program can't reach it, and the kernel reads it once.
#pragma once

#include <string_view>

namespace tessera::safeir {

inline constexpr std::string_view kDescriptionMark = "tessera.interface";

}  // namespace tessera::safeir
