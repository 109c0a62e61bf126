// Reading a bundle: a bounded view over bytes that someone else made.
#pragma once

#include "boot/bundle/manifest.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tessera::bundle {

// The bytes must outlive the Bundle and everything it hands out: files are borrowed, never copied.
class Bundle {
  public:
    // Checks every offset, length and name once; the other functions can't fail on what passed.
    static Result<Bundle> open(std::span<const std::byte> bytes);

    struct Entry {
        std::string_view name;
        std::span<const std::byte> bytes;
    };
    [[nodiscard]] std::uint32_t entry_count() const { return count_; }
    [[nodiscard]] Entry entry(std::uint32_t index) const;
    [[nodiscard]] std::optional<std::span<const std::byte>> find(std::string_view name) const;
    // Index of the first entry whose name is not below `name`; entry_count() if there is none.
    [[nodiscard]] std::uint32_t lower_bound(std::string_view name) const;

    [[nodiscard]] Result<Manifest> manifest() const;

  private:
    std::span<const std::byte> bytes_;
    std::uint32_t count_ = 0;
    std::uint64_t names_offset_ = 0;
};

}  // namespace tessera::bundle
