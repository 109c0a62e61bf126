// From a program's call to a function of the kernel: Gate<f>::enter has the machine signature that generated code
// calls, finds the domain from the arena's base, and looks after the fiber's state on the way in and out.
#pragma once

#include "caps/domain.h"
#include "caps/object.h"
#include "runtime/fiber.h"
#include "safeir/load/bindings.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace tessera::caps {

struct ReadSlice {
    const std::byte* bytes;
    std::uint64_t length;
};
struct WriteSlice {
    std::byte* bytes;
    std::uint64_t length;
};

// The letters of safeir::KernelFunction.
template <typename T>
consteval char signature_letter() {
    if constexpr (std::is_void_v<T>) {
        return 'v';
    } else if constexpr (std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::int32_t>) {
        return 'i';
    } else if constexpr (std::is_same_v<T, std::uint64_t> || std::is_same_v<T, std::int64_t>) {
        return 'l';
    } else if constexpr (std::is_same_v<T, Object*> || std::is_same_v<T, Capability>) {
        return 'c';
    } else if constexpr (std::is_same_v<T, ReadSlice>) {
        return 'r';
    } else {
        static_assert(std::is_same_v<T, WriteSlice>);
        return 'w';
    }
}

// The registers that hold the first arguments, of which the arena's base takes one.
inline constexpr unsigned kArgumentRegisters = 6;

// Whether generated code and C++ put these parameters in the same places. A slice is two numbers to the one, of which
// the first takes the last register that is left, and to the other a struct, which then is on the stack as a whole.
template <typename... A>
consteval bool are_passed_alike() {
    unsigned left = kArgumentRegisters - 1;
    bool alike = true;
    const auto take = [&](unsigned registers) {
        alike = alike && (registers == 1 || left != 1);
        left -= left < registers ? left : registers;
    };
    (take(sizeof(A) > sizeof(std::uint64_t) ? 2 : 1), ...);
    return alike;
}

// What generated code passes for a parameter or result: a capability is a slot, of which functions may take the
// kernel's object, null if it has none, and give one.
template <typename T>
struct Passed {
    using Type = T;
    static T in(T value) { return value; }
    static T out(Domain& /*unused*/, T value) { return value; }
};
template <>
struct Passed<void> {
    using Type = void;
};
template <>
struct Passed<Object*> {
    using Type = Capability;
    static Object* in(Capability slot) { return slot == nullptr ? nullptr : kernel_object(*slot->object.load()); }
    static Capability out(Domain& domain, Object* object) {
        return domain.give(object == nullptr ? nullptr : &object->header());
    }
};

template <auto Function>
struct Gate;

// Functions take the domain first. They may end the program (end_program) where they own nothing.
template <typename R, typename... A, R (*Function)(Domain&, A...)>
struct Gate<Function> {
    static_assert(are_passed_alike<A...>(), "a slice would have one register left: move it to the front");

    static constexpr std::array<char, sizeof...(A) + 1> kSignature = {signature_letter<R>(), signature_letter<A>()...};

    static Passed<R>::Type enter(std::byte* base, Passed<A>::Type... arguments) {
        const runtime::KernelCall call;
        auto& domain = Domain::of(base);
        if constexpr (std::is_void_v<R>) {
            Function(domain, Passed<A>::in(arguments)...);
        } else {
            return Passed<R>::out(domain, Function(domain, Passed<A>::in(arguments)...));
        }
    }
};

template <auto Function>
[[nodiscard]] safeir::KernelFunction kernel_function(std::string_view name) {
    using G = Gate<Function>;
    // SAFETY: a code address, for the linker.
    return {name, {G::kSignature.data(), G::kSignature.size()}, reinterpret_cast<std::uintptr_t>(&G::enter)};
}

// The program gave a bad offset: its fault. Nothing may be owned.
[[noreturn]] inline void memory_fault(std::uint32_t offset, bool write) {
    runtime::end_program({.kind = runtime::FaultKind::MemoryBounds, .write = write, .address = offset});
}

[[noreturn]] inline void refuse(const char* text) {
    runtime::end_program({.kind = runtime::FaultKind::Refused, .text = text});
}

}  // namespace tessera::caps
