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
};

class Linear {
  public:
    static constexpr std::size_t kPartsMax = 8;
    // With this limit and kScaleMax no product or sum below comes near 2^127.
    static constexpr Wide kConstantMax = Wide{1} << 66;

    Linear() = default;
    explicit Linear(Wide number) : constant(number) {}

    Wide constant = 0;
    [[nodiscard]] std::span<const Part> parts() const { return {parts_.data(), count_}; }
    // False where there is no room for it, or a number grows too large: then the sum is of no use.
    [[nodiscard]] bool add(llvm::Value* value, Wide scale);
    [[nodiscard]] bool add(const Linear& other, Wide times);
    [[nodiscard]] bool add(Wide number);

  private:
    std::array<Part, kPartsMax> parts_;
    std::size_t count_ = 0;
};

}  // namespace tessera::safeir
