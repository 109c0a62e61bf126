// Messages of the nucleus. "{}" prints the next argument, "{x}" in hexadecimal. No allocation, any context.
// Boot messages are printed only with log=verbose on the command line: the console belongs to the programs.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

namespace tessera::log {

class Argument {
  public:
    template <std::integral T>
    Argument(T value)  // NOLINT: made to convert
        : number_(static_cast<std::uint64_t>(value)), negative_(std::signed_integral<T> && value < T{}) {}
    Argument(std::string_view text) : text_(text), is_text_(true) {}  // NOLINT
    Argument(const char* text) : text_(text), is_text_(true) {}       // NOLINT

  private:
    friend class Formatter;
    std::string_view text_;
    std::uint64_t number_ = 0;
    bool is_text_ = false;
    bool negative_ = false;
};

void set_verbose(bool on);
[[nodiscard]] bool is_verbose();

// The time in front of a line: core/time has it.
[[nodiscard]] std::uint64_t since_entry_ns();

void print_arguments(std::string_view format, std::span<const Argument> arguments);
void verbose_arguments(std::string_view format, std::span<const Argument> arguments);
[[noreturn]] void panic_arguments(std::string_view format, std::span<const Argument> arguments);

// Always printed, with no line end added.
template <typename... T>
void print(std::string_view format, const T&... values) {
    const Argument arguments[] = {Argument(values)..., Argument(0)};
    print_arguments(format, {arguments, sizeof...(T)});
}

// A line with the time since entry, if asked for.
template <typename... T>
void verbose(std::string_view format, const T&... values) {
    if (is_verbose()) {
        const Argument arguments[] = {Argument(values)..., Argument(0)};
        verbose_arguments(format, {arguments, sizeof...(T)});
    }
}

// The machine or the nucleus is in a state with no way on: says why and stops with a failing status.
template <typename... T>
[[noreturn]] void panic(std::string_view format, const T&... values) {
    const Argument arguments[] = {Argument(values)..., Argument(0)};
    panic_arguments(format, {arguments, sizeof...(T)});
}

}  // namespace tessera::log
