// Objects whose methods are functions of the host.
#pragma once

#include "boot/embed/tessera.h"
#include "caps/call/by_words.h"
#include "caps/object.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::embed {
class Kernel;
}

// A handle: one reference to an object.
struct tessera_object {
    tessera::embed::Kernel* kernel;
    tessera::caps::ObjectHeader* header;
};

namespace tessera::embed {

// "rl>il", as tessera.h says. The error says what is wrong with it.
[[nodiscard]] Result<safeir::MethodSignature> parse_signature(const char* text);

// A handle of its own; `header` comes with a reference. Null for null.
[[nodiscard]] tessera_object* make_handle(Kernel& kernel, caps::ObjectHeader* header);
void drop_handle(tessera_object* object);

class HostObject {
  public:
    [[nodiscard]] static Result<tessera_object*>
    create(Kernel& kernel, const tessera_interface& interface, void* state);
    void tell_released();

    // For tables of methods: how such objects are called, and told of their end.
    [[nodiscard]] static std::uintptr_t handler();
    [[nodiscard]] static std::uintptr_t end_handler();

    HostObject* next_buried = nullptr;

  private:
    struct Method {
        safeir::MethodSignature signature = 0;
        tessera_function function = nullptr;
    };
    HostObject() = default;
    static caps::Status call_handler(caps::WordCall& call);
    static void end(std::uint64_t state);
    [[nodiscard]] caps::Status call(caps::WordCall& call, const Method& method) const;

    Kernel* kernel_ = nullptr;
    std::uint64_t interface_ = 0;
    std::vector<Method> methods_;
    void (*released_)(void*) = nullptr;
    void* state_ = nullptr;
};

// Hands on what programs write.
class HostConsole final : public caps::Console {
  public:
    using Write = void (*)(void* state, const void* bytes, std::size_t length);
    HostConsole(Write write, void* state) : write_(write), state_(state) {}
    // All of it, and at once.
    std::size_t write(std::span<const std::byte> bytes, std::uint64_t& mark) override;
    platform::Delivery delivery(std::uint64_t /*mark*/) override { return platform::Delivery::Done; }
    std::ptrdiff_t read(std::span<std::byte> /*into*/) override { return platform::kEndOfInput; }
    caps::Console& errors() override { return *this; }
    platform::Terminals terminals() override { return {}; }

  private:
    Write write_;
    void* state_;
};

}  // namespace tessera::embed
