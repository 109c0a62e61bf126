// The kernel calls a method of a program's object on behalf of another program: the same crossing, with parameters and
// results as words (by_words.h) instead of in registers.
#pragma once

#include "caps/call/by_words.h"

#include <array>
#include <cstdint>
#include <span>

namespace tessera::caps {

// Where a signature's parameters and results are, as safeir::method_import says for a program's own imports.
[[nodiscard]] safeir::MethodImport
import_of(std::uint64_t interface, std::uint32_t ordinal, safeir::MethodSignature signature);

// Capabilities that travel in a table in memory and not in registers: the caller's slots become the callee's numbers,
// and the other way round. For a method whose results are the status and two lengths, of which the second is the
// table's in bytes.
struct TableImport : safeir::MethodImport {
    static constexpr std::uint32_t kMax = 32;
    std::uint32_t given_count = 0;
    std::uint32_t taken_count = 0;
    std::array<Slot*, kMax> given;             // the caller's, null for none
    std::array<std::uint32_t, kMax> numbers;   // the callee's numbers for them, made when it is entered
    std::array<std::uint32_t, kMax> answer{};  // that the callee writes, and sees before; 0: none
    std::array<Slot*, kMax> taken;             // the caller's for those, temporary
};

// In kernel code that a program has called, which may own nothing: it may be ended meanwhile. `in` and `out` as of a
// WordCall.
// `methods`: as which the object is called, if not as what it says.
[[nodiscard]] Status call_with_words(Domain& caller,
                                     const ObjectView& object,
                                     const safeir::MethodTable* methods,
                                     const safeir::MethodImport& import,
                                     std::span<const std::uint64_t> in,
                                     std::span<std::uint64_t> out);

// A method's code in the domain that the current fiber has entered.
struct MethodPlace {
    std::uintptr_t address;
    std::byte* base;      // of the domain's arena
    std::uint32_t stack;  // in there
    std::uint64_t state;  // the object's
};

// The method itself, with no crossing: the entry that the fiber is in is the call's. Where program code may run, in
// which nothing is owned. Capabilities among the words are slots of the domain.
[[nodiscard]] Status enter_with_words(const MethodPlace& place,
                                      const safeir::MethodImport& import,
                                      std::span<const std::uint64_t> in,
                                      std::span<std::uint64_t> out);

}  // namespace tessera::caps
