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

// Whoever started the machine and reads standard output and errors apart. What is read is framed then: an escape, and
// either an escape again or kEndMark, behind which nothing more comes.
struct Host {
    void (*write_errors)(std::span<const std::byte>);
    bool input_terminal;
    bool output_terminal;
    bool errors_terminal;
};
inline constexpr std::byte kEscape{0x10};
inline constexpr std::byte kEndMark{0x04};

inline constexpr unsigned kConsoleMax = 4;

void attach(const Console& console);
void attach_host(const Host& host);
[[nodiscard]] const Host* host();              // null: there is none
void write(std::span<const std::byte> bytes);  // messages
void write_output(std::span<const std::byte> bytes);
void write(std::string_view text);
// 0: nothing is there yet; -1: nothing more will come, which only a host can tell.
[[nodiscard]] std::ptrdiff_t read(std::span<std::byte> into);

}  // namespace tessera::log
