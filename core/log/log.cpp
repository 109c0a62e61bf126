#include "core/log/log.h"

#include "core/arch/stop.h"
#include "core/base/assert.h"
#include "core/log/console.h"

namespace tessera::log {

namespace {
constinit bool verbose_on{};
constexpr std::size_t kLineMax = 512;
constexpr int kFailStatus = 70;  // EX_SOFTWARE
}  // namespace

// Formats into a fixed line buffer; what does not fit is cut off.
class Formatter {
  public:
    void put(char c) {
        if (size_ < kLineMax) {
            line_[size_] = c;
            size_ = size_ + 1;
        }
    }
    void put(std::string_view text) {
        for (const char c : text) {
            put(c);
        }
    }
    void number(std::uint64_t value, unsigned base, unsigned width) {
        char digits[24];
        unsigned count = 0;
        do {
            digits[count] = "0123456789abcdef"[value % base];
            count = count + 1;
            value /= base;
        } while (value != 0 || count < width);
        while (count > 0) {
            count = count - 1;
            put(digits[count]);
        }
    }
    void format(std::string_view text, std::span<const Argument> arguments) {
        std::size_t next = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const std::string_view rest = text.substr(i);
            const bool hex = rest.starts_with("{x}");
            if ((!hex && !rest.starts_with("{}")) || next >= arguments.size()) {
                put(text[i]);
                continue;
            }
            const Argument& argument = arguments[next];
            next = next + 1;
            i += hex ? 2 : 1;
            if (argument.is_text_) {
                put(argument.text_);
            } else if (hex) {
                put("0x");
                number(argument.number_, 16, 1);
            } else {
                if (argument.negative_) {
                    put('-');
                }
                number(argument.negative_ ? 0 - argument.number_ : argument.number_, 10, 1);
            }
        }
    }
    [[nodiscard]] std::string_view line() const { return {line_, size_}; }

  private:
    char line_[kLineMax];
    std::size_t size_ = 0;
};

void set_verbose(bool on) { verbose_on = on; }
bool is_verbose() { return verbose_on; }

void print_arguments(std::string_view format, std::span<const Argument> arguments) {
    Formatter formatter;
    formatter.format(format, arguments);
    write(formatter.line());
}

void verbose_arguments(std::string_view format, std::span<const Argument> arguments) {
    Formatter formatter;
    const std::uint64_t microseconds = since_entry_ns() / 1000;
    formatter.put('[');
    formatter.number(microseconds / 1000, 10, 4);
    formatter.put('.');
    formatter.number(microseconds % 1000, 10, 3);
    formatter.put("] ");
    formatter.format(format, arguments);
    formatter.put('\n');
    write(formatter.line());
}

void panic_arguments(std::string_view format, std::span<const Argument> arguments) {
    arch::stop_other_cores();
    Formatter formatter;
    formatter.put("\ntessera: kernel stopped: ");
    formatter.format(format, arguments);
    formatter.put('\n');
    write(formatter.line());
    arch::stop_machine(kFailStatus);
}

}  // namespace tessera::log

void tessera::assertion_failed(const char* what, const char* file, unsigned line) noexcept {
    log::panic("{} does not hold ({}:{})", what, file, line);
}
