#include "safeir/load/line_table.h"

#include "safeir/wire/byte_reader.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace tessera::safeir {
namespace {

constexpr std::uint32_t kCountMax = std::numeric_limits<std::uint32_t>::max();
constexpr unsigned kFrameBits = 2;

class Packer {
  public:
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7U) {
            bytes_.push_back(static_cast<std::byte>(value | 0x80U));
        }
        bytes_.push_back(static_cast<std::byte>(value));
    }
    void text(const std::string& text) {
        number(text.size());
        const auto bytes = std::as_bytes(std::span(text));
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    std::vector<std::byte> take() { return std::move(bytes_); }

  private:
    std::vector<std::byte> bytes_;
};

// Small numbers for what is near, on either side.
std::uint64_t distance(std::uint32_t from, std::uint32_t to) {
    const auto difference = std::int64_t{to} - std::int64_t{from};
    return static_cast<std::uint64_t>(difference) << 1U ^ static_cast<std::uint64_t>(difference >> 63U);
}

std::uint64_t at_distance(std::uint32_t from, std::uint64_t distance) {
    return from + (distance >> 1U ^ (0 - (distance & 1U)));
}

bool unpack_names(ByteReader& in, LineTable& table) {
    for (auto left = in.count(kCountMax); left != 0 && !in.failed(); --left) {
        const auto bytes = in.bytes(in.varint());
        // SAFETY: bytes as characters.
        table.strings.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    for (auto left = in.count(kCountMax); left != 0 && !in.failed(); --left) {
        const auto name = in.varint32();
        const auto file = in.varint32();
        if (name >= table.strings.size() || file >= table.strings.size()) {
            return false;
        }
        table.scopes.push_back({name, file});
    }
    return !in.failed();
}

bool unpack_places(ByteReader& in, LineTable& table) {
    const auto count = in.count(kCountMax);
    table.places.reserve(count);
    for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
        const auto scope = in.varint32();
        const auto line = in.varint32();
        const auto back = in.varint32();
        if (scope >= table.scopes.size() || back > i) {
            return false;
        }
        table.places.push_back({scope, line, back == 0 ? 0 : i + 1 - back});
    }
    return !in.failed();
}

bool unpack_rows(ByteReader& in, LineTable& table) {
    const auto count = in.count(kCountMax);
    table.rows.reserve(count);
    LineTable::Row last;
    for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
        const auto functions = in.varint32();
        const auto offset = std::uint64_t{functions == 0 ? last.offset : 0} + in.varint32();
        const auto function = std::uint64_t{last.function} + functions;
        const auto packed = in.varint();
        const auto frame = packed & ((1U << kFrameBits) - 1);
        const auto place = at_distance(last.place, packed >> kFrameBits);
        if (function > kCountMax || offset > kCountMax || place > table.places.size() ||
            frame > static_cast<unsigned>(LineTable::Frame::BelowTop) ||
            (i != 0 && functions == 0 && offset == last.offset)) {
            return false;
        }
        last = {static_cast<std::uint32_t>(function),
                static_cast<std::uint32_t>(offset),
                static_cast<std::uint32_t>(place),
                static_cast<LineTable::Frame>(frame)};
        table.rows.push_back(last);
    }
    return !in.failed();
}

}  // namespace

const LineTable::Row* LineTable::find(std::uint32_t function, std::uint32_t offset) const {
    auto row = std::ranges::partition_point(
        rows, [&](const Row& r) { return std::tie(r.function, r.offset) <= std::tie(function, offset); });
    return row == rows.begin() || (--row)->function != function ? nullptr : &*row;
}

std::vector<std::byte> LineTable::pack() const {
    Packer out;
    out.number(strings.size());
    for (const auto& text : strings) {
        out.text(text);
    }
    out.number(scopes.size());
    for (const auto& scope : scopes) {
        out.number(scope.name);
        out.number(scope.file);
    }
    out.number(places.size());
    for (std::uint32_t i = 0; i < places.size(); ++i) {
        out.number(places[i].scope);
        out.number(places[i].line);
        out.number(places[i].inlined_into == 0 ? 0 : i + 1 - places[i].inlined_into);
    }
    out.number(rows.size());
    Row last;
    for (const auto& row : rows) {
        out.number(row.function - last.function);
        out.number(row.function == last.function ? row.offset - last.offset : row.offset);
        out.number(distance(last.place, row.place) << kFrameBits | static_cast<unsigned>(row.frame));
        last = row;
    }
    return out.take();
}

std::optional<LineTable> LineTable::unpack(std::span<const std::byte> bytes) {
    LineTable table;
    ByteReader in(bytes);
    if (!unpack_names(in, table) || !unpack_places(in, table) || !unpack_rows(in, table) || in.remaining() != 0) {
        return std::nullopt;
    }
    return table;
}

}  // namespace tessera::safeir
