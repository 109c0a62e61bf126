// ByteReader: a bounded cursor over hostile bytes. After the first bad read every further one gives 0, and failed()
// stays true.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace tessera::safeir {

class ByteReader {
  public:
    explicit ByteReader(std::span<const std::byte> bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }

    std::uint8_t byte() {
        if (at_ == end_) {
            return fail();
        }
        return static_cast<std::uint8_t>(*at_++);
    }

    // Unsigned LEB128 of at most 64 bits.
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (at_ == end_) {
                return fail();
            }
            const auto next = static_cast<std::uint64_t>(*at_++);
            value |= (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        return fail();
    }

    std::uint32_t varint32() {
        const std::uint64_t value = varint();
        return value <= 0xffffffff ? static_cast<std::uint32_t>(value) : fail();
    }

    // A count of things of which each takes at least one more byte: can't be more than what is left.
    std::uint32_t count(std::uint32_t max) {
        const std::uint64_t value = varint();
        return value <= max && value <= remaining() ? static_cast<std::uint32_t>(value) : fail();
    }

    template <typename T>
    T fixed() {
        T value{};
        if (remaining() < sizeof(T)) {
            fail();
            return value;
        }
        std::memcpy(&value, at_, sizeof(T));
        at_ += sizeof(T);
        return value;
    }

    std::span<const std::byte> bytes(std::uint64_t size) {
        if (size > remaining()) {
            fail();
            return {};
        }
        const std::span<const std::byte> result(at_, static_cast<std::size_t>(size));
        at_ += size;
        return result;
    }

    std::uint8_t fail() {
        failed_ = true;
        at_ = end_;
        return 0;
    }

  private:
    const std::byte* at_;
    const std::byte* end_;
    bool failed_ = false;
};

}  // namespace tessera::safeir
