// What a call of an interface's method says of itself, and the same of a function that implements one: generated code
// hands the first to the kernel's crossing (caps/call/cross.S), which compares it with the second.
#pragma once

#include "core/base/result.h"

#include "llvm/IR/Function.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tessera::safeir {

inline constexpr std::size_t kCapParamsMax = 8;

// A signature in a word: a nibble for each parameter behind the object (its slot or its state), one that separates, one
// for each result behind the status. Two are the same function type exactly if they are equal.
using MethodSignature = std::uint64_t;

enum class Place : std::uint8_t { None, I32, I64, F32, F64, Capability, ReadSlice, WriteSlice, Results };
inline constexpr std::string_view kPlaceLetters = "?ilfdcrw>";

// From "<ordinal>:<parameters>>i<results>", a letter each, as imports are named in C (docs/notes/schema.md).
consteval MethodSignature method_signature(std::string_view letters) {
    MethodSignature signature = 0;
    unsigned count = 0;
    for (auto i = letters.find(':') + 1; i < letters.size(); ++i) {
        const auto place = kPlaceLetters.find(letters[i]);
        signature |= std::uint64_t{place} << (4 * count++);
        if (letters[i] == '>') {
            ++i;  // the status
        }
    }
    return signature;
}

// Arguments in registers: whole numbers behind base, stack and object; floats.
inline constexpr unsigned kWordRegisters = 3;
inline constexpr unsigned kFloatRegisters = 8;

struct MethodImport {
    std::uint64_t interface = 0;
    MethodSignature signature = 0;
    std::uint32_t place = 0;        // of the method in its table, in bytes
    std::uint32_t stack_words = 0;  // arguments that registers had no room for
    bool wide = false;              // the results come in memory, as ResultPlaces says
    std::uint8_t cap_param_count = 0;
    std::uint8_t cap_results = 0;  // bit n: the n-th whole-number register of the result
    // Where they are: 1 to 3 are rcx, r8 and r9, from 4 on words of the stack.
    std::array<std::uint8_t, kCapParamsMax> cap_params{};
    bool has_table = false;  // of capabilities in memory: the kernel's own calls (caps/call/call_words.h)

    // Nothing to do but to go there and back.
    [[nodiscard]] bool is_plain() const {
        return stack_words == 0 && cap_param_count == 0 && cap_results == 0 && !wide;
    }
};
static_assert(offsetof(MethodImport, signature) == 8 && offsetof(MethodImport, place) == 16 &&
              offsetof(MethodImport, stack_words) == 20 && offsetof(MethodImport, wide) == 24);

// Where the results behind the status are when they come in memory: one after the other, each at a multiple of its
// size, as LLVM lays out a struct that no registers are left for.
class ResultPlaces {
  public:
    explicit ResultPlaces(MethodSignature signature) : rest_(signature) {
        while ((rest_ & kMask) != static_cast<std::uint64_t>(Place::Results)) {
            rest_ >>= kBits;
        }
    }
    // False: there are no more. Otherwise `place` and `offset` are the next one's.
    bool next() {
        rest_ >>= kBits;
        offset += bytes();
        place = static_cast<Place>(rest_ & kMask);
        offset = (offset + bytes() - 1) & ~(bytes() - 1);
        return rest_ != 0;
    }
    [[nodiscard]] std::size_t bytes() const { return place == Place::I32 || place == Place::F32 ? 4 : 8; }

    Place place = Place::I32;  // the status
    std::size_t offset = 0;

  private:
    static constexpr unsigned kBits = 4;
    static constexpr std::uint64_t kMask = 0xF;
    MethodSignature rest_;
};

// One of an interface's methods in a program. Read by cross.S, as is the table.
struct Method {
    std::uintptr_t address = 0;
    MethodSignature signature = 0;  // 0: there is none of this number
};

// The methods of one interface in a program, by number.
struct MethodTable {
    std::uint64_t bytes = 0;  // of the methods
    std::uint64_t interface = 0;
    std::uintptr_t released = 0;  // called when an object's last reference is gone; 0: nobody wants to know
    // What takes all calls of its objects instead, also those of methods that are not in here (caps/call/by_words.h).
    std::uintptr_t by_words = 0;
    // Those of the interfaces that it extends and the program has methods of, up to a null; null: none.
    const MethodTable* const* supers = nullptr;
    Method methods[1] = {};  // as many as `bytes` has place for
};
static_assert(offsetof(MethodTable, supers) == 32 && offsetof(MethodTable, methods) == 40 && sizeof(Method) == 16);

// The methods of that interface of an object that has this table; null: it is of another one.
[[nodiscard]] inline const MethodTable* table_for(const MethodTable& own, std::uint64_t interface) {
    if (own.interface == interface) {
        return &own;
    }
    for (const auto* const* super = own.supers; super != nullptr && *super != nullptr; ++super) {
        if ((*super)->interface == interface) {
            return *super;
        }
    }
    return nullptr;
}

// Of objects whose implementer takes calls of any interface, through a method that is called by the kernel alone: no
// import matches the first table, so that all calls go to its by_words.
struct HandlerTable {
    MethodTable table;
    const MethodTable* typed = nullptr;
};

// (base, i32 stack, capability or i64 state, ...) -> i32 or {i32, ...}. The error says what of it is not so.
[[nodiscard]] Result<MethodSignature> method_signature(const llvm::Function& function);
// The import's name has been parsed; the rest is from its type.
[[nodiscard]] Result<MethodImport>
method_import(const llvm::Function& function, std::uint64_t interface, std::uint32_t ordinal);

// In words, for messages.
[[nodiscard]] std::string method_signature_text(MethodSignature signature);

}  // namespace tessera::safeir
