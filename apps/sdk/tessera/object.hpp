// What C++ headers generated from a schema stand on: objects, errors, and what implements an interface.
//
// An object is a move-only handle that releases itself. A call gives a Result: what it gave, or an Error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include <tessera/call.h>

namespace tessera {

// What a call says that did not succeed: a number of `tessera::Status`, and for `tooSmall` the room that was needed.
struct Error {
    std::int32_t status = 0;
    std::size_t needed = 0;
};

// Those that generated code itself gives or looks for; status.tessera.hpp has all.
inline constexpr std::int32_t kUnsupported = 1;
inline constexpr std::int32_t kWrongInterface = 3;
inline constexpr std::int32_t kExhausted = 8;
inline constexpr std::int32_t kTooSmall = 13;

// Of a call: what it gave, or an Error. Says false if it failed; `*` and `->` are for what did not.
template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : value_(std::move(value)) {}
    Result(Error error) : error_(error) {}

    explicit operator bool() const { return error_.status == 0; }
    [[nodiscard]] Error error() const { return error_; }
    [[nodiscard]] std::int32_t status() const { return error_.status; }
    T& operator*() { return value_; }
    const T& operator*() const { return value_; }
    T* operator->() { return &value_; }
    const T* operator->() const { return &value_; }

  private:
    T value_{};
    Error error_{};
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(error) {}
    explicit operator bool() const { return error_.status == 0; }
    [[nodiscard]] Error error() const { return error_; }
    [[nodiscard]] std::int32_t status() const { return error_.status; }

  private:
    Error error_{};
};

// An object of any interface.
class Object {
  public:
    Object() = default;
    explicit Object(tessera_handle owned) : handle_(owned) {}
    Object(Object&& other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
    Object& operator=(Object&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    ~Object() {
        if (handle_ != 0) {
            tessera_handle_release(handle_);
        }
    }

    explicit operator bool() const { return handle_ != 0; }
    [[nodiscard]] tessera_handle handle() const { return handle_; }
    // The caller releases it from now on.
    [[nodiscard]] tessera_handle take_handle() { return std::exchange(handle_, 0); }

  private:
    tessera_handle handle_ = 0;
};

// Room for a result of bytes: whoever implements a method writes to `room`, and says how much of it counts. What does not fit:
// set `length` to what was needed, and return Status::TooSmall.
struct Output {
    std::span<std::byte> room;
    std::size_t length = 0;

    // Copies as much as fits; true if that was all.
    bool write(std::span<const std::byte> bytes) {
        length = bytes.size();
        const std::size_t fits = bytes.size() < room.size() ? bytes.size() : room.size();
        __builtin_memcpy(room.data(), bytes.data(), fits);
        return fits == bytes.size();
    }
    bool write(std::string_view text) { return write(std::as_bytes(std::span<const char>(text))); }
};

// What implements an interface. The kernel keeps its address as the object's state, and it is deleted when the last reference to
// the object is gone.
class ServerBase {
  public:
    virtual ~ServerBase() = default;
    // The part of it that implements that interface, one of its superclasses perhaps; null if none does.
    virtual void* tessera_part(std::uint64_t interface_id) = 0;

    ServerBase* next_granted = nullptr;
};

namespace detail {

constexpr std::size_t within(std::size_t length, std::size_t room) { return length < room ? length : room; }

// One tag whatever the implementation, known only where somebody serves: so what the kernel calls is made there, and once.
template <typename Implementation>
struct Only {
    using Tag = void;
};

// What implements the objects that others are granted by tessera.toml, whose state is 0.
struct Granted {
    static inline ServerBase* first = nullptr;
    static void add(ServerBase& server) {
        server.next_granted = first;
        first = &server;
    }
    static void* part(std::uint64_t interface_id) {
        for (ServerBase* server = first; server != nullptr; server = server->next_granted) {
            if (void* found = server->tessera_part(interface_id); found != nullptr) {
                return found;
            }
        }
        return nullptr;
    }
};

template <typename Server>
Server* server_of(std::uint64_t state, std::uint64_t interface_id) {
    auto* const made = reinterpret_cast<ServerBase*>(static_cast<std::uintptr_t>(state));
    return static_cast<Server*>(made != nullptr ? made->tessera_part(interface_id) : Granted::part(interface_id));
}

// A call's bytes in the program's own memory, since a slice can't be kept in an object.
class Scratch {
  public:
    explicit Scratch(std::size_t length) : length_(length) {
        if (length > sizeof(inline_)) {
            heap_ = static_cast<std::byte*>(std::malloc(length));
        }
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { std::free(heap_); }

    [[nodiscard]] bool failed() const { return length_ > sizeof(inline_) && heap_ == nullptr; }
    [[nodiscard]] std::byte* data() { return heap_ != nullptr ? heap_ : inline_; }
    [[nodiscard]] std::span<const std::byte> bytes() { return {data(), length_}; }
    [[nodiscard]] std::string_view text() { return {reinterpret_cast<const char*>(data()), length_}; }
    [[nodiscard]] std::span<std::byte> room() { return {data(), length_}; }

  private:
    std::size_t length_;
    std::byte* heap_ = nullptr;
    alignas(8) std::byte inline_[512];
};

}  // namespace detail
}  // namespace tessera
