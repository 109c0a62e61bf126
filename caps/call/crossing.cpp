#include "caps/call/crossing.h"

#include "caps/call/call_words.h"
#include "caps/domain.h"
#include "caps/imports.h"
#include "caps/message/bridge.h"
#include "caps/message/describe.h"
#include "caps/schema/message.kernel.h"
#include "core/base/assert.h"
#include "runtime/worker.h"

#include <algorithm>
#include <cstring>

namespace tessera::caps {
namespace {

using runtime::FaultKind;
using safeir::MethodImport;

static_assert(offsetof(runtime::ProgramEntry, outer) == 64 && offsetof(runtime::ProgramEntry, target) == 72 &&
              offsetof(runtime::ProgramEntry, arena_stack) == 80 &&
              offsetof(runtime::ProgramEntry, first_temporary) == 84 &&
              offsetof(runtime::ProgramEntry, calls_until_ns) == 88 && offsetof(runtime::ProgramEntry, local) == 96 &&
              sizeof(runtime::ProgramEntry) == 104);
static_assert(sizeof(Crossing) == 240);
static_assert(static_cast<int>(Status::Unsupported) == 1 && static_cast<int>(Status::Stale) == 2 &&
              static_cast<int>(Status::WrongInterface) == 3 && static_cast<int>(Status::WrongSignature) == 4 &&
              static_cast<int>(Status::Exhausted) == 8 && static_cast<int>(Status::TooDeep) == 9);
static_assert(offsetof(runtime::FiberCalls, call_limit) == 8);
static_assert(offsetof(runtime::CallTarget, cores) == 8);
static_assert(offsetof(runtime::CoreCalls, stacks) == 4 && runtime::kFreeStacksMax == 31);
static_assert(offsetof(runtime::Here, core) == 8);
static_assert(schema::MessageHandler::kId == 0xe9d3b7a46c1f5208);
static_assert(offsetof(safeir::MethodTable, by_words) == 24);

constexpr std::uint32_t kUsualMxcsr = 0x1F80;  // what the kernel and programs have
constexpr std::uint16_t kUsualX87 = 0x037F;

Domain& callee_of(const Crossing& crossing) { return *static_cast<Domain*>(crossing.target->domain); }

// The domain that called: whose entry is the next one out.
Domain& caller_of(const Crossing& crossing) { return *static_cast<Domain*>(crossing.outer->target->domain); }

// SAFETY: capabilities in registers are addresses of slots of the domain whose code put them there.
Slot* slot_in(std::uint64_t word) { return reinterpret_cast<Slot*>(word); }
std::uint64_t word_of(const Slot* slot) { return reinterpret_cast<std::uint64_t>(slot); }

// From one domain's slot to another's. The null capability, and one whose object is gone, is the null capability.
Slot* hand_over(Domain& from, Domain& to, const Slot* slot, Slot::Kind kind, std::uint32_t& list) {
    auto* object = slot == nullptr ? nullptr : from.slots().take(*slot);
    if (object == nullptr) {
        return nullptr;
    }
    auto* made = to.slots().add(*object, kind, list);
    if (drop_reference(*object)) {
        end_object(*object);
    }
    return made;
}

void give_table(Crossing& crossing, TableImport& table) {
    for (std::uint32_t i = 0; i < table.given_count; ++i) {
        const auto* given = table.given[i];
        const auto* slot =
            hand_over(caller_of(crossing), callee_of(crossing), given, Slot::Kind::Borrowed, crossing.first_temporary);
        if (slot == nullptr && given != nullptr && is_alive(*given)) {
            runtime::end_program({.kind = runtime::FaultKind::OutOfMemory});
        }
        table.numbers[i] = slot == nullptr ? 0 : SlotTable::handle_of(*slot);
    }
}

// Before the callee's temporary slots go. What it wrote may be anything.
void take_table(Crossing& crossing, TableImport& table) {
    const bool is_good = static_cast<std::uint32_t>(crossing.words[0]) == 0;
    table.taken_count =
        is_good ? static_cast<std::uint32_t>(std::min<std::uint64_t>(crossing.words[2] / 4, TableImport::kMax)) : 0;
    for (std::uint32_t i = 0; i < table.taken_count; ++i) {
        auto& callee = callee_of(crossing);
        auto* slot = callee.slots().find(table.answer[i]);
        table.taken[i] =
            hand_over(callee, caller_of(crossing), slot, Slot::Kind::Temporary, crossing.outer->first_temporary);
        if (slot != nullptr) {
            (void)callee.slots().release_kept(*slot);  // a handle goes over to the caller
        }
    }
}

void give_back_stack(Crossing& crossing) { callee_of(crossing).keep_core_stack(crossing.arena_stack); }

// From any context: where the stack of the callee's end leads back to.
void point_back(runtime::ProgramEntry& entry) {
    auto& crossing = static_cast<Crossing&>(entry);
    // SAFETY: addresses on the fiber's stack, and of code.
    crossing.return_address = reinterpret_cast<std::uintptr_t>(&tessera_crossing_ended);
    crossing.point.rsp = reinterpret_cast<std::uintptr_t>(&crossing.return_address);
    crossing.point.rbp = reinterpret_cast<std::uintptr_t>(&crossing + 1);
    crossing.point.mxcsr = kUsualMxcsr;
    crossing.point.x87_control = kUsualX87;
}

}  // namespace

Status status_of(const runtime::Fault& fault) {
    switch (fault.kind) {
    case FaultKind::Stopped:
    case FaultKind::Late:
        return Status::TimedOut;
    case FaultKind::Ended:
        return Status::Ended;
    case FaultKind::OutOfMemory:
        return Status::Exhausted;
    case FaultKind::StackOverflow:
        return Status::TooDeep;
    default:
        return Status::Failed;
    }
}

namespace {

// The program has it as an import of its own, and the loader has looked for the table.
Capability mint(std::byte* base, std::uint64_t state, const safeir::MethodTable* methods) {
    const runtime::KernelCall call;
    auto& domain = Domain::of(base);
    auto* object = domain.mint(*methods, state);
    if (object == nullptr) {
        runtime::end_program({.kind = domain.is_closed() ? FaultKind::Ended : FaultKind::OutOfMemory});
    }
    return domain.give(object);
}

}  // namespace

safeir::MethodEntries method_entries() {
    runtime::crossing_ends = point_back;
    // SAFETY: code addresses, for stubs.
    return {.call = reinterpret_cast<std::uintptr_t>(&tessera_cross),
            .call_more = reinterpret_cast<std::uintptr_t>(&tessera_cross_more),
            .call_wide = reinterpret_cast<std::uintptr_t>(&tessera_cross_wide),
            .mint = reinterpret_cast<std::uintptr_t>(&mint),
            .describe = &describe_interface,
            .handler_interface = schema::MessageHandler::kId,
            .by_words = reinterpret_cast<std::uintptr_t>(&call_handler)};
}

}  // namespace tessera::caps

using namespace tessera;
using namespace tessera::caps;

extern "C" {
void tessera_crossing_give(Crossing* crossing, const safeir::MethodImport* import, std::uint64_t* stack_words);
void tessera_crossing_take(Crossing* crossing, const safeir::MethodImport* import);
void tessera_crossing_no_results(const safeir::MethodImport* import, std::byte* result, std::uint32_t status);
std::uint64_t tessera_crossing_failed(Crossing* crossing);
std::uint32_t tessera_crossing_stack(runtime::CallTarget* target);
}

// The callee is the fiber's program by now: its slots, its memory and, if there is none, its end.
void tessera_crossing_give(Crossing* crossing, const safeir::MethodImport* import, std::uint64_t* stack_words) {
    const runtime::KernelCall call;
    for (unsigned i = 0; i < import->cap_param_count; ++i) {
        const auto place = import->cap_params[i];
        // The first of the words kept is the object's state.
        auto& word =
            place <= safeir::kWordRegisters ? crossing->words[place] : stack_words[place - safeir::kWordRegisters - 1];
        const auto* given = slot_in(word);
        auto* slot = hand_over(
            caller_of(*crossing), callee_of(*crossing), given, Slot::Kind::Borrowed, crossing->first_temporary);
        if (slot == nullptr && given != nullptr && is_alive(*given)) {
            runtime::end_program({.kind = runtime::FaultKind::OutOfMemory});
        }
        word = word_of(slot);
    }
    if (import->has_table) {
        give_table(*crossing, *const_cast<TableImport*>(static_cast<const TableImport*>(import)));
    }
}

void tessera_crossing_take(Crossing* crossing, const safeir::MethodImport* import) {
    const runtime::KernelCall call;
    auto& callee = callee_of(*crossing);
    auto& caller = caller_of(*crossing);
    runtime::use_heap(crossing->outer->target->heap);  // the slots that are made now are the caller's
    const auto take = [&](std::uint64_t word) {
        return word_of(
            hand_over(callee, caller, slot_in(word), Slot::Kind::Temporary, crossing->outer->first_temporary));
    };
    for (unsigned i = 1; i < crossing->words.size() - 1; ++i) {
        if ((import->cap_results >> i & 1U) != 0) {
            crossing->words[i] = take(crossing->words[i]);
        }
    }
    if (import->wide) {
        for (safeir::ResultPlaces at(import->signature); at.next();) {
            if (at.place == safeir::Place::Capability) {
                // SAFETY: code from the same generator as the caller's has put a slot there.
                auto& word = *reinterpret_cast<std::uint64_t*>(crossing->result + at.offset);
                word = take(word);
            }
        }
    }
    if (import->has_table) {
        take_table(*crossing, *const_cast<TableImport*>(static_cast<const TableImport*>(import)));
    }
    callee.slots().release_all(crossing->first_temporary);
    give_back_stack(*crossing);
    runtime::current_fiber()->entry = crossing->outer;
}

// The memory is the caller's own stack.
void tessera_crossing_no_results(const safeir::MethodImport* import, std::byte* result, std::uint32_t status) {
    std::memcpy(result, &status, sizeof status);
    for (safeir::ResultPlaces at(import->signature); at.next();) {
        std::memset(result + at.offset, 0, at.bytes());
    }
}

std::uint64_t tessera_crossing_failed(Crossing* crossing) {
    auto& fiber = *runtime::current_fiber();
    const auto status = status_of(fiber.fault);
    while (fiber.try_frame != nullptr && fiber.try_frame->entry == crossing) {
        fiber.try_frame = fiber.try_frame->outer;
    }
    // Whose time it is, that program is told.
    const bool is_of_callee = status != Status::TimedOut && status != Status::Ended;
    if (is_of_callee) {
        callee_of(*crossing).tell_failure(fiber.fault);
    }
    callee_of(*crossing).slots().release_all(crossing->first_temporary);
    give_back_stack(*crossing);
    fiber.entry = crossing->outer;
    // Back into the caller's code, or to its end if it is the fiber that is to be stopped.
    const runtime::KernelCall call;
    if (!is_of_callee) {
        fiber.attention = true;
    }
    return static_cast<std::uint64_t>(status);
}

std::uint32_t tessera_crossing_stack(runtime::CallTarget* target) {
    const runtime::KernelWork work;
    runtime::use_heap(target->heap);
    return static_cast<Domain*>(target->domain)->take_arena_stack();
}
