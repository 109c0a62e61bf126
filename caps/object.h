// Capability objects: what a capability in a program's hands points to.
//
// Objects of the kernel's own live as long as the image: programs hold slots (object/slots.h) that refer to their
// headers. Programs call them by the interfaces of caps/schema (caps/kernel).
#pragma once

#include "caps/object/header.h"
#include "core/platform/platform.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tessera::caps {

enum class Interface : std::uint8_t { Console, Clock, Random, Directory, File, Loader, Cores };

[[nodiscard]] std::string_view interface_name(Interface interface);

class Object {
  public:
    explicit Object(Interface interface);
    virtual ~Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    [[nodiscard]] Interface interface() const { return interface_; }
    [[nodiscard]] ObjectHeader& header() { return header_; }

  private:
    Interface interface_;
    ObjectHeader header_;
};

// What the header is of; null: an object that a program implements.
[[nodiscard]] Object* kernel_object(const ObjectHeader& header);

using ObjectRef = std::shared_ptr<Object>;

class Console : public Object {
  public:
    static constexpr Interface kInterface = Interface::Console;
    Console() : Object(kInterface) {}
    // As the platform's (core/platform/platform.h).
    [[nodiscard]] virtual std::size_t write(std::span<const std::byte> bytes, std::uint64_t& mark) = 0;
    [[nodiscard]] virtual platform::Delivery delivery(std::uint64_t mark) = 0;
    [[nodiscard]] virtual std::ptrdiff_t read(std::span<std::byte> into) = 0;
    [[nodiscard]] virtual Console& errors() = 0;
    [[nodiscard]] virtual platform::Terminals terminals() = 0;
};

class Clock : public Object {
  public:
    static constexpr Interface kInterface = Interface::Clock;
    Clock() : Object(kInterface) {}
    [[nodiscard]] virtual std::int64_t monotonic_ns() = 0;
    [[nodiscard]] virtual std::int64_t wall_ns() = 0;  // since 1970
};

class Random : public Object {
  public:
    static constexpr Interface kInterface = Interface::Random;
    Random() : Object(kInterface) {}
    virtual void fill(std::span<std::byte> into) = 0;
};

class File : public Object {
  public:
    static constexpr Interface kInterface = Interface::File;
    File(std::span<const std::byte> bytes, std::uint64_t number) : Object(kInterface), bytes_(bytes), number_(number) {}
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t number() const { return number_; }

  private:
    std::span<const std::byte> bytes_;  // the bundle's, which outlives every domain
    std::uint64_t number_;
};

class Directory : public Object {
  public:
    static constexpr Interface kInterface = Interface::Directory;
    Directory() : Object(kInterface) {}

    struct Entry {
        std::string_view name;
        bool is_directory = false;
        std::uint64_t number = 0;
    };
    // In the order of names; nothing past the end.
    [[nodiscard]] virtual std::optional<Entry> entry(std::uint32_t index) = 0;
    // A file or directory directly in this one; the same object each time. Null if there is none.
    [[nodiscard]] virtual ObjectRef open(std::string_view name) = 0;
    [[nodiscard]] virtual std::uint64_t number() const = 0;
};

// No state: who starts a fiber says so by the call.
class Cores : public Object {
  public:
    static constexpr Interface kInterface = Interface::Cores;
    Cores() : Object(kInterface) {}
};

// The object as that interface, or null.
template <typename T>
[[nodiscard]] T* as(Object* object) {
    // SAFETY: the tag is set by T's own constructor alone.
    return object != nullptr && object->interface() == T::kInterface ? static_cast<T*>(object) : nullptr;
}

// The platform's own: one of each. Made where they are first asked for, which is no fiber's work.
[[nodiscard]] ObjectRef platform_console();
[[nodiscard]] ObjectRef platform_clock();
[[nodiscard]] ObjectRef platform_random();
[[nodiscard]] ObjectRef platform_cores();

}  // namespace tessera::caps
