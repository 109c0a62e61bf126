// Sums of numbers times factors, over the integers: nothing wraps.
#pragma once

#include "safeir/check/range.h"

#include <array>
#include <cstdint>
#include <span>

namespace tessera::safeir {

struct Part {
    llvm::Value* value = nullptr;
    std::int64_t scale = 0;  // at most kScaleMax, or as far below zero
    bool operator==(const Part&) const = default;
};

class Linear {
  public:
    static constexpr std::size_t kPartsMax = 8;
    // With these limits no product or sum below comes near 2^127.
    static constexpr std::int64_t kScaleMax = std::int64_t{1} << 32;
    static constexpr Wide kConstantMax = Wide{1} << 66;

    Linear() = default;
    explicit Linear(Wide number) : constant(number) {}

    Wide constant = 0;
    [[nodiscard]] std::span<const Part> parts() const { return {parts_.data(), count_}; }
    [[nodiscard]] std::int64_t scale_of(const llvm::Value* value) const;
    // False where there is no room for it, or a number grows too large: then the sum is of no use.
    [[nodiscard]] bool add(llvm::Value* value, Wide scale);
    [[nodiscard]] bool add(const Linear& other, Wide times);
    [[nodiscard]] bool add(Wide number);
    // The same parts in any order.
    [[nodiscard]] bool has_parts_of(const Linear& other) const;
    [[nodiscard]] std::uint64_t hash_of_parts() const;
    bool operator==(const Linear& other) const { return constant == other.constant && has_parts_of(other); }

  private:
    std::array<Part, kPartsMax> parts_;
    std::size_t count_ = 0;
};

}  // namespace tessera::safeir
