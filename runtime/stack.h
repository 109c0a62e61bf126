// A stack with a guard below it.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>

namespace tessera::runtime {

// Larger than the largest step that code takes without touching the stack: program code probes every page, the kernel's
// own code has small frames.
inline constexpr std::size_t kStackGuardBytes = std::size_t{256} * 1024;

class Stack {
  public:
    static Result<Stack> create(std::size_t bytes);
    Stack() = default;
    Stack(Stack&& other) noexcept;
    Stack& operator=(Stack&& other) noexcept;
    ~Stack();

    [[nodiscard]] std::uintptr_t top() const { return top_; }
    [[nodiscard]] std::uintptr_t bottom() const { return bottom_; }
    [[nodiscard]] bool guard_holds(std::uintptr_t address) const {
        return address < bottom_ && address >= bottom_ - kStackGuardBytes;
    }

  private:
    std::uintptr_t bottom_ = 0;
    std::uintptr_t top_ = 0;
};

}  // namespace tessera::runtime
