// Which source lines a piece of generated code comes from, through inlining, in a form small enough to keep with the
// code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tessera::safeir {

struct LineTable {
    // Where the return address is.
    enum class Frame : std::uint8_t {
        Made,      // with the frame pointer: [rbp + 8]
        AtTop,     // the function has no frame yet, or no more: [rsp]
        BelowTop,  // it has pushed the frame pointer, and not set it: [rsp + 8]
    };
    struct Row {
        std::uint32_t function = 0;  // index: symbol "f.<index>"
        std::uint32_t offset = 0;    // of the first byte of code, from the function's start
        std::uint32_t place = 0;     // 1 + index into places; 0: not known
        Frame frame = Frame::Made;
        bool operator==(const Row&) const = default;
    };
    struct Place {
        std::uint32_t scope = 0;         // index into scopes
        std::uint32_t line = 0;          // 0: not known
        std::uint32_t inlined_into = 0;  // 1 + index of an earlier place, that of the call; 0: nothing was inlined
        auto operator<=>(const Place&) const = default;
    };
    // A function of the source. Without a name: a function that has no debug information itself, only what was inlined
    // into it.
    struct Scope {
        std::uint32_t name = 0;  // indices into strings
        std::uint32_t file = 0;
        auto operator<=>(const Scope&) const = default;
    };
    std::vector<Row> rows;  // sorted by function, then offset
    std::vector<Place> places;
    std::vector<Scope> scopes;
    std::vector<std::string> strings;

    // The row that an instruction belongs to; null if there is none.
    [[nodiscard]] const Row* find(std::uint32_t function, std::uint32_t offset) const;

    [[nodiscard]] std::vector<std::byte> pack() const;
    // Takes any bytes; none if they are not what pack() writes. In a table that it gives, all indices are in bounds.
    [[nodiscard]] static std::optional<LineTable> unpack(std::span<const std::byte> bytes);
};

}  // namespace tessera::safeir
