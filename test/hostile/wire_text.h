// Wire text: .sir bytes written by hand, number by number, for cases that no writer would produce.
//
//   header            magic, version 1 and the file's size
//   header:V:D        the same with version V, and D added to the size it claims
//   12, 0x1f          a varint
//   $ff               one byte as it is
//   u32:N, u64:N      a fixed little-endian number
//   "text"            its length as a varint, then its bytes
//   { ... }           the length of what is inside as a varint, then what is inside
//   *N ( ... )        what is inside, N times
//   i32, add, br ...  the number of a type code, operation or other name of safeir/wire/format.h
//   ; ...             a comment to the end of the line
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tessera::hostile {

[[nodiscard]] Result<std::vector<std::byte>> wire_from_text(std::string_view text);

}  // namespace tessera::hostile
