// ByteWriter: the counterpart of ByteReader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace tessera::safeir {

class ByteWriter {
  public:
    void byte(std::uint8_t value) { bytes_.push_back(static_cast<std::byte>(value)); }

    void varint(std::uint64_t value) {
        while (value >= 0x80) {
            byte(static_cast<std::uint8_t>(value) | 0x80);
            value >>= 7U;
        }
        byte(static_cast<std::uint8_t>(value));
    }

    template <typename T>
    void fixed(T value) {
        std::byte raw[sizeof(T)];
        std::memcpy(raw, &value, sizeof(T));
        bytes_.insert(bytes_.end(), raw, raw + sizeof(T));
    }

    void bytes(std::span<const std::byte> data) { bytes_.insert(bytes_.end(), data.begin(), data.end()); }
    void text(std::string_view data) {
        varint(data.size());
        bytes(std::as_bytes(std::span(data)));
    }

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] const std::vector<std::byte>& data() const { return bytes_; }

  private:
    std::vector<std::byte> bytes_;
};

}  // namespace tessera::safeir
