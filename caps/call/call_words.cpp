#include "caps/call/call_words.h"

#include "core/base/assert.h"
#include "runtime/fiber.h"
#include "runtime/program_heap.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>

namespace tessera::caps {
namespace {

using safeir::MethodImport;
using safeir::MethodSignature;
using safeir::Place;

constexpr unsigned kPlaceBits = 4;
constexpr std::uint64_t kPlaceMask = 0xF;
constexpr unsigned kStackWordsMax = 32;

// Read and written by enter.S.
struct WordRegisters {
    const MethodImport* import;
    void (*entry)();                     // of cross.S
    std::array<std::uint64_t, 6> whole;  // rdi, rsi, rdx, rcx, r8, r9; then rax, rdx, rcx of the results
    std::array<std::uint64_t, safeir::kFloatRegisters> floats;
    const std::uint64_t* stack;
    std::uint64_t stack_words;
};
static_assert(offsetof(WordRegisters, whole) == 16 && offsetof(WordRegisters, floats) == 64 &&
              offsetof(WordRegisters, stack) == 128 && offsetof(WordRegisters, stack_words) == 136);
constexpr unsigned kWholeResults = 3;
constexpr unsigned kFloatResults = 2;

extern "C" void tessera_cross_with(WordRegisters* registers);

// From kernel code into a program's, and back into what the calling program is in.
class Outside {
  public:
    Outside() : fiber_(*runtime::current_fiber()), call_frame_(fiber_.call_frame) { fiber_.in_kernel = false; }
    ~Outside() {
        fiber_.in_kernel = true;
        fiber_.call_frame = call_frame_;
        if (auto* heap = fiber_.entry->target->heap; heap != fiber_.program_heap) {
            runtime::use_heap(heap);
        }
    }
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;

  private:
    runtime::Fiber& fiber_;
    std::uintptr_t call_frame_;
};

Place next_place(MethodSignature& rest) {
    const auto place = static_cast<Place>(rest & kPlaceMask);
    rest >>= kPlaceBits;
    return place;
}

bool is_float(Place place) { return place == Place::F32 || place == Place::F64; }
bool is_slice(Place place) { return place == Place::ReadSlice || place == Place::WriteSlice; }

// Hands out registers, and then words of the stack.
class Arrangement {
  public:
    Arrangement(WordRegisters& registers, std::array<std::uint64_t, kStackWordsMax>& stack, unsigned used)
        : registers_(registers), stack_(stack), whole_(used) {}
    void add(Place place, const std::uint64_t*& in) {
        if (is_float(place)) {
            (floats_ < safeir::kFloatRegisters ? registers_.floats[floats_++] : on_stack()) = *in++;
            return;
        }
        for (unsigned part = 0; part < (is_slice(place) ? 2U : 1U); ++part) {
            (whole_ < registers_.whole.size() ? registers_.whole[whole_++] : on_stack()) = *in++;
        }
    }

  private:
    std::uint64_t& on_stack() { return stack_[registers_.stack_words++]; }
    WordRegisters& registers_;
    std::array<std::uint64_t, kStackWordsMax>& stack_;
    unsigned whole_;
    unsigned floats_ = 0;
};

void arrange(WordRegisters& registers,
             std::array<std::uint64_t, kStackWordsMax>& stack,
             unsigned used,
             MethodSignature rest,
             const std::uint64_t* in) {
    Arrangement arrangement(registers, stack, used);
    for (auto place = next_place(rest); place != Place::Results && place != Place::None; place = next_place(rest)) {
        arrangement.add(place, in);
    }
}

bool has_wide_result(MethodSignature results) {
    unsigned whole = 1;
    unsigned floats = 0;
    while (results != 0) {
        ++(is_float(next_place(results)) ? floats : whole);
    }
    return whole > kWholeResults || floats > kFloatResults;
}

MethodSignature results_of(MethodSignature signature) {
    for (auto rest = signature; rest != 0;) {
        if (next_place(rest) == Place::Results) {
            return rest;
        }
    }
    return 0;
}

// An implementer gives any number; none that is not success may become it.
Status status_of(std::uint32_t given) {
    return given <= std::numeric_limits<std::uint16_t>::max() ? static_cast<Status>(given) : Status::Failed;
}

// As they stand in registers, or in `memory`.
Status read_results(const WordRegisters& registers,
                    const MethodImport& import,
                    std::span<const std::byte> memory,
                    std::span<std::uint64_t> out) {
    std::uint32_t status = 0;
    std::size_t index = 0;
    if (import.wide) {
        std::memcpy(&status, memory.data(), sizeof status);
        for (safeir::ResultPlaces at(import.signature); at.next();) {
            out[index] = 0;
            std::memcpy(&out[index++], memory.data() + at.offset, at.bytes());
        }
        return status_of(status);
    }
    unsigned whole = 1;
    unsigned floats = 0;
    for (auto rest = results_of(import.signature); rest != 0; ++index) {
        const auto place = next_place(rest);
        out[index] = is_float(place) ? registers.floats[floats++] : registers.whole[whole++];
        if (place == Place::I32 || place == Place::F32) {
            out[index] = static_cast<std::uint32_t>(out[index]);
        }
    }
    return status_of(static_cast<std::uint32_t>(registers.whole[0]));
}

}  // namespace

MethodImport import_of(std::uint64_t interface, std::uint32_t ordinal, MethodSignature signature) {
    MethodImport import{.interface = interface,
                        .signature = signature,
                        .place = ordinal * static_cast<std::uint32_t>(sizeof(safeir::Method))};
    import.wide = has_wide_result(results_of(signature));
    unsigned words = import.wide ? 1 : 0;
    unsigned floats = 0;
    auto rest = signature;
    for (auto place = next_place(rest); place != Place::Results && place != Place::None; place = next_place(rest)) {
        if (is_float(place)) {
            import.stack_words += floats++ < safeir::kFloatRegisters ? 0 : 1;
            continue;
        }
        for (unsigned part = 0; part < (is_slice(place) ? 2U : 1U); ++part) {
            import.stack_words += words++ < safeir::kWordRegisters ? 0 : 1;
        }
        if (place == Place::Capability && import.cap_param_count < safeir::kCapParamsMax) {
            import.cap_params[import.cap_param_count++] = static_cast<std::uint8_t>(
                words <= safeir::kWordRegisters ? words : safeir::kWordRegisters + import.stack_words);
        }
    }
    for (unsigned word = 1; rest != 0 && !import.wide;) {
        const auto place = next_place(rest);
        if (place == Place::Capability) {
            import.cap_results = static_cast<std::uint8_t>(import.cap_results | 1U << word);
        }
        word += is_float(place) ? 0 : 1;
    }
    return import;
}

Status call_with_words(Domain& caller,
                       const ObjectView& object,
                       const safeir::MethodTable* methods,
                       const MethodImport& import,
                       std::span<const std::uint64_t> in,
                       std::span<std::uint64_t> out) {
    // Until the callee is entered no other fiber runs on this core, so that its domain stays.
    if (object.identity == 0 || !object.is_alive()) {
        return Status::Stale;
    }
    ObjectHeader as{.identity = object.identity,
                    .methods = methods != nullptr ? methods : object.methods,
                    .target = object.target,
                    .state = object.state};
    Slot slot;
    slot.object.store(&as, std::memory_order_relaxed);
    slot.identity.store(object.identity, std::memory_order_relaxed);
    std::array<std::uint64_t, kStackWordsMax> stack;
    std::array<std::uint64_t, 16> memory;
    // SAFETY: addresses as numbers, for registers.
    const auto base = reinterpret_cast<std::uint64_t>(caller.arena().base());
    const auto held = reinterpret_cast<std::uint64_t>(&slot);
    auto* const entry = import.is_plain() && !import.has_table ? &tessera_cross : &tessera_cross_more;
    WordRegisters registers{&import, entry, {base, 0, held}, {}, stack.data(), 0};
    unsigned used = 3;
    if (import.wide) {
        memory = {};
        registers.entry = &tessera_cross_wide;
        registers.whole = {reinterpret_cast<std::uint64_t>(memory.data()), base, 0, held};
        used = 4;
    }
    const bool is_in_order = !import.wide && !safeir::has_floats(import.signature);
    if (is_in_order) {
        std::copy_n(in.begin(), std::min(in.size(), registers.whole.size() - used), registers.whole.begin() + used);
        registers.stack = in.data() + safeir::kWordRegisters;
        registers.stack_words = import.stack_words;
    } else {
        arrange(registers, stack, used, import.signature, in.data());
    }
    ASSERT(registers.stack_words == import.stack_words);
    {
        const Outside outside;
        tessera_cross_with(&registers);
    }
    if (is_in_order) {
        std::copy_n(registers.whole.begin() + 1, std::min<std::size_t>(out.size(), kWholeResults - 1), out.begin());
        return status_of(static_cast<std::uint32_t>(registers.whole[0]));
    }
    return read_results(registers, import, std::as_bytes(std::span(memory)), out);
}

Status enter_with_words(const MethodPlace& place,
                        const MethodImport& import,
                        std::span<const std::uint64_t> in,
                        std::span<std::uint64_t> out) {
    std::array<std::uint64_t, kStackWordsMax> stack;
    std::array<std::uint64_t, 16> memory;
    // SAFETY: addresses as numbers, for registers; and the loader gave the address of a method of this signature.
    const auto base = reinterpret_cast<std::uint64_t>(place.base);
    auto* const entry = reinterpret_cast<void (*)()>(place.address);
    WordRegisters registers{&import, entry, {base, place.stack, place.state}, {}, stack.data(), 0};
    unsigned used = 3;
    if (import.wide) {
        memory = {};
        registers.whole = {reinterpret_cast<std::uint64_t>(memory.data()), base, place.stack, place.state};
        used = 4;
    }
    arrange(registers, stack, used, import.signature, in.data());
    ASSERT(registers.stack_words == import.stack_words);
    tessera_cross_with(&registers);
    return read_results(registers, import, std::as_bytes(std::span(memory)), out);
}

}  // namespace tessera::caps
