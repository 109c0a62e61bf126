#include "caps/object.h"

#include "caps/kernel/tables.h"
#include "core/platform/platform.h"

#include <chrono>

namespace tessera::caps {
namespace {

class PlatformConsole final : public Console {
  public:
    void write(std::span<const std::byte> bytes) override { platform::console_write(bytes); }
    std::ptrdiff_t read(std::span<std::byte> into) override { return platform::console_read(into); }
};

template <typename SomeClock>
std::int64_t nanoseconds_now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(SomeClock::now().time_since_epoch()).count();
}

class PlatformClock final : public Clock {
  public:
    std::int64_t monotonic_ns() override { return nanoseconds_now<std::chrono::steady_clock>(); }
    std::int64_t wall_ns() override { return nanoseconds_now<std::chrono::system_clock>(); }
};

class PlatformRandom final : public Random {
  public:
    void fill(std::span<std::byte> into) override { platform::random_bytes(into); }
};

}  // namespace

static const KernelTable& table_of(Interface interface) {
    switch (interface) {
    case Interface::Console:
        return console_table();
    case Interface::Clock:
        return clock_table();
    case Interface::Random:
        return random_table();
    case Interface::Directory:
        return directory_table();
    case Interface::File:
        break;
    }
    return file_table();
}

Object::Object(Interface interface) : interface_(interface) {
    header_.methods = &table_of(interface).table;
    // SAFETY: an address as a number, for kernel_object().
    header_.state = reinterpret_cast<std::uint64_t>(this);
    header_.references = 1;
    header_.identity = new_identity();
}

Object* kernel_object(const ObjectHeader& header) {
    // SAFETY: what the constructor put there. Only these are the kernel's and stay.
    return header.target == nullptr && header.methods->by_words != 0 && header.methods->released == 0
               ? reinterpret_cast<Object*>(header.state)
               : nullptr;
}

std::string_view interface_name(Interface interface) {
    switch (interface) {
    case Interface::Console:
        return "Console";
    case Interface::Clock:
        return "Clock";
    case Interface::Random:
        return "Random";
    case Interface::Directory:
        return "Directory";
    case Interface::File:
        return "File";
    }
    return "?";
}

ObjectRef platform_console() {
    static const auto object = std::make_shared<PlatformConsole>();
    return object;
}

ObjectRef platform_clock() {
    static const auto object = std::make_shared<PlatformClock>();
    return object;
}

ObjectRef platform_random() {
    static const auto object = std::make_shared<PlatformRandom>();
    return object;
}

}  // namespace tessera::caps
