#include "core/log/console.h"

#include "core/arch/spinlock.h"
#include "core/base/assert.h"

namespace tessera::log {

namespace {
constinit Console consoles[kConsoleMax]{};
constinit unsigned console_count{};
constinit Host the_host{};
constinit bool has_host{};
constinit bool after_escape{};
constinit bool ended{};
constinit arch::Spinlock lock{};

// With a host the serial line, which comes first, is for the loader's messages: output goes to the better ones.
unsigned first_console() { return has_host && console_count > 1 ? 1 : 0; }

std::ptrdiff_t read_raw(std::span<std::byte> into) {
    for (unsigned i = first_console(); i < console_count; ++i) {
        if (consoles[i].read != nullptr) {
            if (const std::ptrdiff_t got = consoles[i].read(into); got != 0) {
                return got;
            }
        }
    }
    return 0;
}

// In place. Behind the end nothing is looked at.
std::ptrdiff_t without_frames(std::span<std::byte> bytes) {
    std::size_t kept = 0;
    for (const std::byte each : bytes) {
        if (after_escape && each == kEndMark) {
            ended = true;
            break;
        }
        if (each == kEscape && !after_escape) {
            after_escape = true;
            continue;
        }
        after_escape = false;
        bytes[kept++] = each;
    }
    return static_cast<std::ptrdiff_t>(kept);
}
}  // namespace

void attach(const Console& console) {
    REQUIRES(console.write != nullptr);
    const arch::IrqLock guard(lock);
    if (console_count < kConsoleMax) {
        consoles[console_count] = console;
        console_count = console_count + 1;
    }
}

void attach_host(const Host& found) {
    const arch::IrqLock guard(lock);
    the_host = found;
    has_host = true;
}

const Host* host() { return has_host ? &the_host : nullptr; }

void write_output(std::span<const std::byte> bytes) {
    const arch::IrqLock guard(lock);
    for (unsigned i = first_console(); i < console_count; ++i) {
        consoles[i].write(bytes);
    }
}

void write(std::span<const std::byte> bytes) {
    if (!has_host) {
        write_output(bytes);
        return;
    }
    const arch::IrqLock guard(lock);
    the_host.write_errors(bytes);
}

void write(std::string_view text) { write(std::as_bytes(std::span(text.data(), text.size()))); }

std::ptrdiff_t read(std::span<std::byte> into) {
    const arch::IrqLock guard(lock);
    if (!has_host) {
        return read_raw(into);
    }
    while (!ended) {
        const std::ptrdiff_t got = read_raw(into);
        if (got <= 0) {
            return got;
        }
        if (const auto kept = without_frames(into.first(static_cast<std::size_t>(got))); kept != 0) {
            return kept;
        }
    }
    return -1;
}

}  // namespace tessera::log
