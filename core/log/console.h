// Where console bytes go and come from. Drivers attach themselves; the nucleus writes to all of them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace tessera::log {

struct Console {
    const char* name;
    void (*write)(std::span<const std::byte>);     // any context, no locks needed, does not fail
    std::ptrdiff_t (*read)(std::span<std::byte>);  // bytes read, 0 if none are waiting; null: no input
};

inline constexpr unsigned kConsoleMax = 4;

void attach(const Console& console);
void write(std::span<const std::byte> bytes);
void write(std::string_view text);
[[nodiscard]] std::ptrdiff_t read(std::span<std::byte> into);

}  // namespace tessera::log
