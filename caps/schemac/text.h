// Text that generators put together.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera::schemac {

using Words = std::initializer_list<std::pair<std::string_view, std::string>>;

// The pattern with each $name$ replaced by its word; a name that has none is a fault of the generator's, and throws
// std::logic_error.
[[nodiscard]] std::string fill(std::string_view pattern, Words words);

[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ");

// A schema's comment as lines that begin with `mark`.
[[nodiscard]] std::string comment(std::string_view doc, std::string_view mark);

// As sixteen lower-case hexadecimal digits.
[[nodiscard]] std::string hex_id(unsigned long long id);

// "0x54, 0x49, ", sixteen a line.
template <typename Bytes>
[[nodiscard]] std::string byte_list(const Bytes& bytes);

}  // namespace tessera::schemac

#include <fmt/format.h>

template <typename Bytes>
std::string tessera::schemac::byte_list(const Bytes& bytes) {
    std::string text;
    std::size_t count = 0;
    for (const auto byte : bytes) {
        text += fmt::format("{}{},", count % 16 == 0 ? "\n    " : " ", static_cast<unsigned>(byte));
        ++count;
    }
    return text;
}
