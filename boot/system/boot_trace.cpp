#include "boot/system/boot_trace.h"

#include <array>
#include <cstdio>
#include <unistd.h>

namespace tessera::system {

void say(const std::string& line) {
    const auto text = line + "\n";
    (void)!write(STDERR_FILENO, text.data(), text.size());
}

void BootTrace::phase(std::string_view name) {
    since(name, last_);
    last_ = Clock::now();
}

void BootTrace::duration(std::string_view name, Clock::duration time) const {
    if (!enabled_) {
        return;
    }
    const double ms = std::chrono::duration<double, std::milli>(time).count();
    std::array<char, 64> text{};
    (void)std::snprintf(text.data(), text.size(), " %.3f ms", ms);
    say("boot-phase " + (program_.empty() ? "" : program_ + " ") + std::string(name) + text.data());
}

}  // namespace tessera::system
