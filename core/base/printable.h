// Text from a stranger on its way to a console or a log: what a terminal would obey, and what isn't text, becomes '?'.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tessera {

namespace printable_detail {

struct Character {
    char32_t code = 0;
    std::size_t bytes = 1;
    bool is_text = false;  // well-formed UTF-8
};

inline Character first_of(std::string_view text) {
    const auto byte = [&](std::size_t at) -> char32_t { return static_cast<unsigned char>(text[at]); };
    const char32_t first = byte(0);
    if (first < 0x80) {
        return {first, 1, true};
    }
    const std::size_t bytes = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4 || text.size() < bytes) {
        return {};
    }
    char32_t code = first & (0xFFU >> (bytes + 1));
    for (std::size_t at = 1; at < bytes; ++at) {
        if ((byte(at) & 0xC0U) != 0x80) {
            return {};
        }
        code = code << 6U | (byte(at) & 0x3FU);
    }
    const bool is_too_long = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    return is_too_long || is_surrogate || code > 0x10FFFF ? Character{} : Character{code, bytes, true};
}

// Controls (C0, DEL and C1, whose CSI is one character), and marks that turn the direction of what follows or break
// its line.
inline bool is_obeyed(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace printable_detail

// Never longer than what it is made of.
[[nodiscard]] inline std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto character = printable_detail::first_of(text);
        if (character.is_text && !printable_detail::is_obeyed(character.code)) {
            out += text.substr(0, character.bytes);
        } else {
            out += '?';
        }
        text.remove_prefix(character.bytes);
    }
    return out;
}

// The longest beginning of so many bytes that ends with a whole character.
[[nodiscard]] inline std::string_view whole_characters(std::string_view text, std::size_t most) {
    if (text.size() <= most) {
        return text;
    }
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80) {
        --most;
    }
    return text.substr(0, most);
}

}  // namespace tessera
