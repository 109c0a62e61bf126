#include "caps/wait_for_input.h"

#include "runtime/fiber.h"

#include <chrono>

namespace tessera::caps {

std::size_t wait_for_input(Console& console, std::span<std::byte> into) {
    constexpr auto kPoll = std::chrono::milliseconds(2);
    if (into.empty()) {
        return 0;
    }
    while (true) {
        const auto bytes = console.read(into);
        if (bytes != 0) {
            return bytes < 0 ? 0 : static_cast<std::size_t>(bytes);
        }
        runtime::sleep_until(std::chrono::steady_clock::now() + kPoll);
        if (runtime::is_to_stop(*runtime::current_fiber())) {
            return 0;
        }
    }
}

}  // namespace tessera::caps
