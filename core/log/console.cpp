#include "core/log/console.h"

#include "core/arch/spinlock.h"
#include "core/base/assert.h"

namespace tessera::log {

namespace {
constinit Console consoles[kConsoleMax]{};
constinit unsigned console_count{};
constinit arch::Spinlock lock{};
}  // namespace

void attach(const Console& console) {
    REQUIRES(console.write != nullptr);
    const arch::IrqLock guard(lock);
    if (console_count < kConsoleMax) {
        consoles[console_count] = console;
        console_count = console_count + 1;
    }
}

void write(std::span<const std::byte> bytes) {
    const arch::IrqLock guard(lock);
    for (unsigned i = 0; i < console_count; ++i) {
        consoles[i].write(bytes);
    }
}

void write(std::string_view text) { write(std::as_bytes(std::span(text.data(), text.size()))); }

std::ptrdiff_t read(std::span<std::byte> into) {
    const arch::IrqLock guard(lock);
    for (unsigned i = 0; i < console_count; ++i) {
        if (consoles[i].read != nullptr) {
            if (const std::ptrdiff_t got = consoles[i].read(into); got != 0) {
                return got;
            }
        }
    }
    return 0;
}

}  // namespace tessera::log
