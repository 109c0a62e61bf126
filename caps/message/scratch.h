// Memory for one call, of the caller's account. Small amounts are the kernel's stack's; a larger one is held by a slot
// of the caller's, so that it goes back however the call and its caller end.
#pragma once

#include "caps/domain.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace tessera::caps {

class Scratch {
  public:
    Scratch(Domain& caller, std::size_t bytes);
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    // False: there is no memory.
    [[nodiscard]] bool good() const { return good_; }
    // The next so many bytes, from a whole word on; there have to be as many.
    [[nodiscard]] std::span<std::byte> take(std::size_t bytes);
    // For what a program sees before it has written it.
    [[nodiscard]] std::span<std::byte> take_zeros(std::size_t bytes) {
        const auto taken = take(bytes);
        std::ranges::fill(taken, std::byte{0});
        return taken;
    }
    // What `take` needs for so many.
    [[nodiscard]] static constexpr std::size_t rounded(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

  private:
    static constexpr std::size_t kSmall = 1024;

    Domain& caller_;
    Slot* slot_ = nullptr;
    bool good_ = true;
    std::span<std::byte> rest_;
    alignas(16) std::array<std::byte, kSmall> small_;
};

}  // namespace tessera::caps
