// Words of the kernel's command line (docs/image.md), taken apart by the kernel and put together by what starts it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::bundle {

// What a boot loader hands over at most.
inline constexpr std::size_t kCommandLineBytesMax = 4096;

// Words are separated by blanks and line ends; quotes group them, a backslash takes the next character as it is, but
// not within '...'.
[[nodiscard]] std::vector<std::string> split_words(std::string_view line);

// A word such that split_words gives it back, whatever bytes it has.
[[nodiscard]] std::string kernel_word(std::string_view word);

}  // namespace tessera::bundle
