#include "caps/object.h"

#include "caps/kernel/tables.h"
#include "core/platform/platform.h"

#include <chrono>

namespace tessera::caps {
namespace {

class PlatformConsole final : public Console {
  public:
    // `errors`: null for the one of errors itself, which can be read as well.
    explicit PlatformConsole(Console* errors)
        : errors_(errors != nullptr ? *errors : *this),
          output_(errors != nullptr ? platform::Output::Standard : platform::Output::Errors) {}
    std::size_t write(std::span<const std::byte> bytes, std::uint64_t& mark) override {
        return platform::console_write(output_, bytes, mark);
    }
    platform::Delivery delivery(std::uint64_t mark) override { return platform::console_delivery(output_, mark); }
    std::ptrdiff_t read(std::span<std::byte> into) override { return platform::console_read(into); }
    Console& errors() override { return errors_; }
    platform::Terminals terminals() override { return platform::console_terminals(); }

  private:
    Console& errors_;
    platform::Output output_;
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
    case Interface::Loader:
        return loader_table();
    case Interface::Cores:
        return cores_table();
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
    case Interface::Loader:
        return "Loader";
    case Interface::Cores:
        return "Cores";
    }
    return "?";
}

ObjectRef platform_console() {
    static const auto errors = std::make_shared<PlatformConsole>(nullptr);
    static const auto object = std::make_shared<PlatformConsole>(errors.get());
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

ObjectRef platform_cores() {
    static const auto object = std::make_shared<Cores>();
    return object;
}

}  // namespace tessera::caps
