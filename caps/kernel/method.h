// Kernel objects' methods as C++ functions: `Status read(WordCall&, File&, std::uint64_t position, WriteSlice into,
// std::uint64_t& length)`, a parameter for each of the schema's and a reference for each result. The signature that
// follows is compared with the schema's when the kernel is built.
#pragma once

#include "caps/call/by_words.h"
#include "caps/gate.h"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace tessera::caps {

struct KernelMethod {
    safeir::MethodSignature signature = 0;
    WordHandler call = nullptr;  // null: not served
};

struct KernelInterface {
    std::uint64_t id = 0;
    std::span<const KernelMethod> methods;
};

// What the objects of one kind offer.
struct KernelTable {
    safeir::MethodTable table;  // first: an object's header points here
    std::span<const KernelInterface> interfaces;
};

// The WordHandler of all kernel objects.
Status call_kernel_object(WordCall& call);

// `released`: void(std::uint64_t state), called when the last reference is gone; null: objects stay with the image.
[[nodiscard]] inline KernelTable kernel_table(std::span<const KernelInterface> interfaces,
                                              void (*released)(std::uint64_t state) = nullptr) {
    // SAFETY: code addresses as numbers.
    return {{.bytes = 0,
             .interface = interfaces.front().id,
             .released = reinterpret_cast<std::uintptr_t>(released),
             .by_words = reinterpret_cast<std::uintptr_t>(&call_kernel_object)},
            interfaces};
}

// A parameter on its way in, or a result on its way out.
template <typename T>
struct Argument {
    static constexpr char kLetter = 'l';
    T value;
    explicit Argument(const std::uint64_t*& in) : value(static_cast<T>(*in++)) {}
    T pass() { return value; }
    void give(std::uint64_t*& /*out*/, Domain& /*caller*/) {}
};
template <typename T>
    requires(sizeof(T) <= sizeof(std::uint32_t))
struct Argument<T> {
    static constexpr char kLetter = 'i';
    T value;
    explicit Argument(const std::uint64_t*& in) : value(static_cast<T>(static_cast<std::uint32_t>(*in++))) {}
    T pass() { return value; }
    void give(std::uint64_t*& /*out*/, Domain& /*caller*/) {}
};
template <typename Slice>
    requires(std::is_same_v<Slice, ReadSlice> || std::is_same_v<Slice, WriteSlice>)
struct Argument<Slice> {
    static constexpr char kLetter = std::is_same_v<Slice, ReadSlice> ? 'r' : 'w';
    Slice value;
    // SAFETY: a slice of the caller's, which the checker has seen to.
    explicit Argument(const std::uint64_t*& in) : value{reinterpret_cast<decltype(Slice::bytes)>(in[0]), in[1]} {
        in += 2;
    }
    Slice pass() { return value; }
    void give(std::uint64_t*& /*out*/, Domain& /*caller*/) {}
};
template <>
struct Argument<Capability> {
    static constexpr char kLetter = 'c';
    Capability value;
    // SAFETY: a slot of the caller's, or null.
    explicit Argument(const std::uint64_t*& in) : value(reinterpret_cast<Capability>(*in++)) {}
    Capability pass() { return value; }
    void give(std::uint64_t*& /*out*/, Domain& /*caller*/) {}
};
template <typename T>
struct Argument<T&> {
    static constexpr char kLetter = sizeof(T) <= sizeof(std::uint32_t) ? 'i' : 'l';
    T value{};
    explicit Argument(const std::uint64_t*& /*in*/) {}
    T& pass() { return value; }
    void give(std::uint64_t*& out, Domain& /*caller*/) { *out++ = static_cast<std::uint64_t>(value); }
};
// A slot of the caller's already.
template <>
struct Argument<Capability&> {
    static constexpr char kLetter = 'c';
    Capability value = nullptr;
    explicit Argument(const std::uint64_t*& /*in*/) {}
    Capability& pass() { return value; }
    // SAFETY: an address as a number.
    void give(std::uint64_t*& out, Domain& /*caller*/) { *out++ = reinterpret_cast<std::uint64_t>(value); }
};
template <>
struct Argument<ObjectHeader*&> {
    static constexpr char kLetter = 'c';
    ObjectHeader* value = nullptr;
    explicit Argument(const std::uint64_t*& /*in*/) {}
    ObjectHeader*& pass() { return value; }
    // SAFETY: an address as a number.
    void give(std::uint64_t*& out, Domain& caller) { *out++ = reinterpret_cast<std::uint64_t>(caller.give(value)); }
};

template <typename T>
T& kernel_state(std::uint64_t state) {
    // SAFETY: what was put there for objects of this table.
    if constexpr (std::is_base_of_v<Object, T>) {
        return static_cast<T&>(*reinterpret_cast<Object*>(state));
    } else {
        return *reinterpret_cast<T*>(state);
    }
}

template <auto Function>
struct KernelMethodOf;

template <typename T, typename... A, Status (*Function)(WordCall&, T&, A...)>
struct KernelMethodOf<Function> {
    static consteval bool has_signature(std::string_view text) {
        const std::array<char, sizeof...(A) + 1> letters = {Argument<A>::kLetter..., 0};
        const std::array<bool, sizeof...(A) + 1> results = {std::is_reference_v<A>..., false};
        std::size_t at = 0;
        std::size_t i = text.find(':') + 1;
        for (; at < sizeof...(A) && !results[at]; ++at, ++i) {
            if (i >= text.size() || text[i] != letters[at]) {
                return false;
            }
        }
        if (text.substr(i, 2) != ">i") {
            return false;
        }
        for (i += 2; at < sizeof...(A) && results[at]; ++at, ++i) {
            if (i >= text.size() || text[i] != letters[at]) {
                return false;
            }
        }
        return at == sizeof...(A) && i == text.size();
    }

    static Status call(WordCall& call) {
        const auto* in = call.in.data();
        std::tuple<Argument<A>...> arguments{Argument<A>(in)...};
        auto* out = call.out.data();
        return std::apply(
            [&](auto&... each) {
                const auto status = Function(call, kernel_state<T>(call.object.state), each.pass()...);
                (each.give(out, call.caller), ...);
                return status;
            },
            arguments);
    }
};

template <typename Schema, std::size_t Index, auto Function>
consteval KernelMethod kernel_method() {
    if constexpr (std::is_null_pointer_v<decltype(Function)>) {
        return {};
    } else {
        static_assert(KernelMethodOf<Function>::has_signature(Schema::kSignatures[Index]),
                      "the function takes and gives other things than the method of the schema");
        return {safeir::method_signature(Schema::kSignatures[Index]), &KernelMethodOf<Function>::call};
    }
}

// The methods of an interface in the schema's order; null for those that are not served.
template <typename Schema, auto... Functions>
consteval std::array<KernelMethod, sizeof...(Functions)> kernel_methods() {
    static_assert(sizeof...(Functions) == Schema::kSignatures.size(), "a method is missing, or there is one too many");
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array{kernel_method<Schema, I, Functions>()...};
    }(std::index_sequence_for<decltype(Functions)...>{});
}

}  // namespace tessera::caps
