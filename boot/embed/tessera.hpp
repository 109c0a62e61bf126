// tessera.h for C++20: handles that free themselves and can be moved, methods with their types. All of it is here, in
// the header. What tessera.h says of threads, signals and lifetimes holds.
//
//   auto kernel = tessera::Kernel::start();
//   auto module = kernel->load(bytes, "filter");
//   auto instance = module->instance();
//   auto count = instance->method<std::uint64_t(std::span<const std::byte>)>(0x9d1f..., 0);
//   tessera::Result<std::uint64_t> n = (*count)(packets);
//
// An object of the host is made of a class: each method takes its parameters and a reference for each result.
//
//   struct Log { tessera::Status line(std::span<const std::byte> text, std::uint64_t& written); };
//   auto log = kernel->object<&Log::line>(0xa3e0..., std::make_unique<Log>());
#pragma once

#include "tessera.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tessera {

using Status = tessera_status;

struct Error {
    Status status = TESSERA_OK;
    std::string text{};
};

// A value or why there is none.
template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : value_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
    Result(Error error) : value_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)
    explicit operator bool() const { return value_.index() == 0; }
    T& operator*() & { return std::get<0>(value_); }
    const T& operator*() const& { return std::get<0>(value_); }
    T&& operator*() && { return std::get<0>(std::move(value_)); }
    T* operator->() { return &std::get<0>(value_); }
    const T* operator->() const { return &std::get<0>(value_); }
    const Error& error() const { return std::get<1>(value_); }

  private:
    std::variant<T, Error> value_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)
    explicit operator bool() const { return !error_; }
    const Error& error() const { return *error_; }

  private:
    std::optional<Error> error_{};
};

namespace detail {

inline Error take(Status status, tessera_error* error) {
    Error taken{status, tessera_error_text(error)};
    tessera_error_free(error);
    return taken;
}

struct Free {
    void operator()(tessera_kernel* kernel) const { (void)tessera_kernel_stop(kernel, nullptr); }
    void operator()(tessera_module* module) const { tessera_module_unload(module); }
    void operator()(tessera_instance* instance) const { tessera_instance_free(instance); }
    void operator()(tessera_object* object) const { tessera_object_free(object); }
};
template <typename T>
using Handle = std::unique_ptr<T, Free>;

template <typename T>
inline constexpr bool is_whole = std::is_integral_v<T> || std::is_enum_v<T>;

}  // namespace detail

// A reference to an object, of the host's or a program's.
class Object {
  public:
    Object() = default;
    explicit Object(tessera_object* taken) : handle_(taken) {}
    [[nodiscard]] tessera_object* get() const { return handle_.get(); }
    explicit operator bool() const { return handle_ != nullptr; }
    [[nodiscard]] Object copy() const { return Object(tessera_object_keep(handle_.get())); }

  private:
    detail::Handle<tessera_object> handle_{};
};

namespace detail {

// How a type travels: its letter, and its words.
template <typename T>
struct Passed {
    static_assert(is_whole<T>, "numbers, floats, spans of bytes and objects can be passed");
    static constexpr char kLetter = sizeof(T) <= 4 ? 'i' : 'l';
    static constexpr std::size_t kWords = 1;
    static void put(tessera_word* to, T value) { to->i64 = static_cast<std::uint64_t>(value); }
    static T get(const tessera_word* from) {
        return kLetter == 'i' ? static_cast<T>(from->i32) : static_cast<T>(from->i64);
    }
};
template <>
struct Passed<float> {
    static constexpr char kLetter = 'f';
    static constexpr std::size_t kWords = 1;
    static void put(tessera_word* to, float value) { to->f32 = value; }
    static float get(const tessera_word* from) { return from->f32; }
};
template <>
struct Passed<double> {
    static constexpr char kLetter = 'd';
    static constexpr std::size_t kWords = 1;
    static void put(tessera_word* to, double value) { to->f64 = value; }
    static double get(const tessera_word* from) { return from->f64; }
};
template <>
struct Passed<std::span<const std::byte>> {
    static constexpr char kLetter = 'r';
    static constexpr std::size_t kWords = 2;
    static void put(tessera_word* to, std::span<const std::byte> value) {
        to[0].bytes = value.data();
        to[1].i64 = value.size();
    }
    static std::span<const std::byte> get(const tessera_word* from) {
        return {static_cast<const std::byte*>(from[0].bytes), static_cast<std::size_t>(from[1].i64)};
    }
};
template <>
struct Passed<std::span<std::byte>> {
    static constexpr char kLetter = 'w';
    static constexpr std::size_t kWords = 2;
    static void put(tessera_word* to, std::span<std::byte> value) {
        to[0].room = value.data();
        to[1].i64 = value.size();
    }
    static std::span<std::byte> get(const tessera_word* from) {
        return {static_cast<std::byte*>(from[0].room), static_cast<std::size_t>(from[1].i64)};
    }
};
// As a parameter borrowed; as a result the host's own.
template <>
struct Passed<const Object*> {
    static constexpr char kLetter = 'c';
    static constexpr std::size_t kWords = 1;
    static void put(tessera_word* to, const Object* value) { to->object = value == nullptr ? nullptr : value->get(); }
};
template <>
struct Passed<Object> {
    static constexpr char kLetter = 'c';
    static constexpr std::size_t kWords = 1;
    static Object get(const tessera_word* from) { return Object(from->object); }
};

template <typename... T>
struct List {};

template <typename In, typename Out>
struct Signature;
template <typename... In, typename... Out>
struct Signature<List<In...>, List<Out...>> {
    static constexpr std::array<char, sizeof...(In) + sizeof...(Out) + 3> kText = {
        Passed<In>::kLetter..., '>', 'i', Passed<Out>::kLetter..., '\0'};
};

template <typename R>
struct ResultsOf {
    using Types = List<R>;
    static R get(const tessera_word* out) { return Passed<R>::get(out); }
};
template <>
struct ResultsOf<void> {
    using Types = List<>;
};
template <typename... R>
struct ResultsOf<std::tuple<R...>> {
    using Types = List<R...>;
    static std::tuple<R...> get(const tessera_word* out) { return {Passed<R>::get(out++)...}; }
};

}  // namespace detail

using Clock = std::chrono::steady_clock;

// R is void, a type, or a std::tuple of them. There as long as its Instance.
template <typename Function>
class Method;
template <typename R, typename... A>
class Method<R(A...)> {
  public:
    static constexpr const char* signature() {
        return detail::Signature<detail::List<A...>, typename detail::ResultsOf<R>::Types>::kText.data();
    }
    explicit Method(const tessera_method* method) : method_(method) {}

    Result<R> operator()(A... arguments) const { return until({}, arguments...); }
    Result<R> within(std::chrono::nanoseconds time, A... arguments) const {
        return until(Clock::now() + time, arguments...);
    }
    Result<R> until(Clock::time_point deadline, A... arguments) const {
        std::array<tessera_word, 32> in;
        std::array<tessera_word, 16> out;
        auto* next = in.data();
        ((detail::Passed<A>::put(next, arguments), next += detail::Passed<A>::kWords), ...);
        const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(deadline.time_since_epoch()).count();
        tessera_error* error = nullptr;
        const auto status = tessera_call(method_, in.data(), out.data(), static_cast<std::uint64_t>(ns), &error);
        if (status != TESSERA_OK) {
            return detail::take(status, error);
        }
        if constexpr (std::is_void_v<R>) {
            return {};
        } else {
            return detail::ResultsOf<R>::get(out.data());
        }
    }

  private:
    const tessera_method* method_;
};

struct Grant {
    tessera_grant_kind kind = TESSERA_GRANT_OBJECT;
    std::string name{};
    const Object* object = nullptr;
};

struct Setup {
    std::vector<Grant> grants{};
    std::vector<std::string> arguments{};
    std::uint64_t memory_bytes = 0;               // 0: no limit of its own
    std::chrono::microseconds processor_time{0};  // 0: no limit
    std::chrono::nanoseconds start_time_max{0};   // of its main function; 0: any
};

class Instance {
  public:
    explicit Instance(tessera_instance* taken) : handle_(taken) {}
    [[nodiscard]] tessera_instance* get() const { return handle_.get(); }
    void end() { tessera_instance_end(handle_.get()); }
    [[nodiscard]] std::uint64_t memory_bytes() const { return tessera_instance_memory(handle_.get()); }

    template <typename Function>
    Result<Method<Function>> method(std::uint64_t interface, std::uint32_t ordinal) {
        tessera_error* error = nullptr;
        const tessera_method* found = nullptr;
        const auto status =
            tessera_instance_method(handle_.get(), interface, ordinal, Method<Function>::signature(), &found, &error);
        if (status != TESSERA_OK) {
            return detail::take(status, error);
        }
        return Method<Function>(found);
    }

  private:
    detail::Handle<tessera_instance> handle_;
};

class Module {
  public:
    explicit Module(tessera_module* taken) : handle_(taken) {}
    [[nodiscard]] tessera_module* get() const { return handle_.get(); }

    // Better code, from the bytes that it was loaded from.
    Result<void> optimize(std::span<const std::byte> bytes) {
        tessera_error* error = nullptr;
        const auto status = tessera_module_optimize(handle_.get(), bytes.data(), bytes.size(), &error);
        return status == TESSERA_OK ? Result<void>() : detail::take(status, error);
    }

    Result<Instance> instance(const Setup& setup = {}) {
        std::vector<tessera_grant> grants;
        for (const auto& grant : setup.grants) {
            grants.push_back({grant.kind, grant.name.c_str(), grant.object == nullptr ? nullptr : grant.object->get()});
        }
        std::vector<const char*> arguments;
        for (const auto& word : setup.arguments) {
            arguments.push_back(word.c_str());
        }
        const tessera_setup given = {grants.data(),
                                     grants.size(),
                                     arguments.data(),
                                     arguments.size(),
                                     setup.memory_bytes,
                                     static_cast<std::uint64_t>(setup.processor_time.count()),
                                     static_cast<std::uint64_t>(setup.start_time_max.count())};
        tessera_error* error = nullptr;
        tessera_instance* made = nullptr;
        const auto status = tessera_instance_new(handle_.get(), &given, &made, &error);
        if (status != TESSERA_OK) {
            return detail::take(status, error);
        }
        return Instance(made);
    }

  private:
    detail::Handle<tessera_module> handle_;
};

namespace detail {

// A member function as a tessera_function: parameters by value, then a reference for each result.
template <typename T, typename... A>
struct Member {
    static constexpr auto text() {
        constexpr std::array<bool, sizeof...(A)> results = {std::is_lvalue_reference_v<A>...};
        constexpr std::array<char, sizeof...(A)> letters = {Passed<std::remove_reference_t<A>>::kLetter...};
        std::array<char, sizeof...(A) + 3> made{};
        std::size_t at = 0;
        std::size_t i = 0;
        for (; i < letters.size() && !results[i]; ++i) {
            made[at++] = letters[i];
        }
        made[at++] = '>';
        made[at++] = 'i';
        for (; i < letters.size(); ++i) {
            made[at++] = letters[i];
        }
        return made;
    }
    static constexpr auto kText = text();
};
template <typename T>
struct Member<T> {
    static constexpr std::array<char, 3> kText = {'>', 'i', '\0'};
};

template <typename A>
struct Slot {
    std::remove_reference_t<A> value{};
    Slot(const tessera_word*& in) {  // NOLINT(google-explicit-constructor)
        if constexpr (!std::is_lvalue_reference_v<A>) {
            value = Passed<A>::get(in);
            in += Passed<A>::kWords;
        }
    }
    void give(tessera_word*& out) {
        if constexpr (std::is_lvalue_reference_v<A>) {
            Passed<std::remove_reference_t<A>>::put(out++, value);
        }
    }
};

template <auto Function>
struct Serves;
template <typename T, typename... A, Status (T::*Function)(A...)>
struct Serves<Function> {
    using Object = T;
    static Status call(void* state, const tessera_word* in, tessera_word* out) noexcept {
        std::tuple<Slot<A>...> slots{Slot<A>(in)...};
        return std::apply(
            [&](auto&... each) {
                const auto status = (static_cast<T*>(state)->*Function)(each.value...);
                (each.give(out), ...);
                return status;
            },
            slots);
    }
    static constexpr tessera_host_method kMethod = {Member<T, A...>::kText.data(), &call};
};

}  // namespace detail

struct Options {
    std::uint32_t workers = 0;  // zeros: as tessera.h says
    std::uint32_t calls = 0;
    std::uint64_t memory_bytes = 0;
};

// Outlives all that is made of it.
class Kernel {
  public:
    static Result<Kernel> start(const Options& options = {}) {
        const tessera_options given = {options.workers, options.calls, options.memory_bytes};
        tessera_error* error = nullptr;
        tessera_kernel* made = nullptr;
        const auto status = tessera_kernel_start(&given, &made, &error);
        if (status != TESSERA_OK) {
            return detail::take(status, error);
        }
        return Kernel(made);
    }
    explicit Kernel(tessera_kernel* taken) : handle_(taken) {}
    [[nodiscard]] tessera_kernel* get() const { return handle_.get(); }

    Result<Module> load(std::span<const std::byte> bytes, const char* name = nullptr) {
        tessera_error* error = nullptr;
        tessera_module* made = nullptr;
        const auto status = tessera_module_load(handle_.get(), bytes.data(), bytes.size(), name, &made, &error);
        if (status != TESSERA_OK) {
            return detail::take(status, error);
        }
        return Module(made);
    }

    // The methods in the interface's order. `state` goes when nobody has the object any more.
    template <auto... Functions, typename T>
    Result<Object> object(std::uint64_t interface, std::unique_ptr<T> state) {
        static constexpr std::array<tessera_host_method, sizeof...(Functions)> kMethods = {
            detail::Serves<Functions>::kMethod...};
        const tessera_interface given = {
            interface, kMethods.data(), kMethods.size(), [](void* gone) { delete static_cast<T*>(gone); }};
        tessera_error* error = nullptr;
        tessera_object* made = nullptr;
        const auto status = tessera_object_new(handle_.get(), &given, state.get(), &made, &error);
        if (status != TESSERA_OK) {
            return detail::take(status, error);
        }
        (void)state.release();
        return Object(made);
    }

  private:
    detail::Handle<tessera_kernel> handle_;
};

}  // namespace tessera
