// Calls of a loaded program's methods by who is no program.
#include "caps/call/call_words.h"
#include "caps/call/capability_words.h"
#include "caps/fault_text.h"
#include "caps/load/instance.h"
#include "runtime/deferral.h"
#include "runtime/program_heap.h"
#include "runtime/trap.h"

#include <algorithm>
#include <array>

namespace tessera::caps {
namespace {

using schema::State;
using schema::Status;

struct Entered {
    MethodPlace place;
    const safeir::MethodImport& import;
    std::span<const std::uint64_t> in;
    std::span<std::uint64_t> out;
};

std::uint64_t enter_it(void* pointer) {
    const auto& call = *static_cast<Entered*>(pointer);
    return static_cast<std::uint64_t>(enter_with_words(call.place, call.import, call.in, call.out));
}

// SAFETY (both): capabilities in registers are addresses of slots, and outside of programs of objects.
Slot* slot_in(std::uint64_t word) { return reinterpret_cast<Slot*>(word); }
ObjectHeader* object_in(std::uint64_t word) { return reinterpret_cast<ObjectHeader*>(word); }

}  // namespace

Status Instance::method(std::uint64_t interface,
                        std::uint32_t ordinal,
                        safeir::MethodSignature signature,
                        safeir::Method& found) {
    if (!begin_work()) {
        return Status::Ended;
    }
    const auto* methods = state() == State::Returned ? module_->program().methods(interface) : nullptr;
    auto status = methods != nullptr           ? Status::Unsupported
                  : state() == State::Returned ? Status::WrongInterface
                                               : Status::Starting;
    if (methods != nullptr && ordinal < methods->bytes / sizeof(safeir::Method)) {
        found = methods->methods[ordinal];
        status = found.signature == 0           ? Status::Unsupported
                 : found.signature != signature ? Status::WrongSignature
                                                : Status::Ok;
    }
    end_work();
    return status;
}

Status Instance::call(const MethodCall& call, std::string& fault) {
    if (!begin_work()) {
        return Status::Ended;
    }
    auto& fiber = *runtime::current_fiber();
    constexpr auto kOwn = std::memory_order_relaxed;  // of this thread and its handlers
    fiber.deadline_ns.store(call.deadline_ns, kOwn);
    fiber.account = &account();
    runtime::begin_time(fiber);
    fiber.stack.lend(fiber.account);
    const auto status = enter_method(call, fault);
    fiber.stack.shrink();
    fiber.stack.lend(nullptr);
    runtime::note_time(fiber);
    fiber.account = nullptr;
    fiber.deadline_ns.store(0, kOwn);
    fiber.stop.store(runtime::StopReason::None, kOwn);
    fiber.attention.store(false, kOwn);
    end_work();
    return status;
}

Status Instance::enter_method(const MethodCall& call, std::string& fault) {
    const runtime::ProgramHeap modules(module_->heap());
    runtime::ProgramEntry entry;
    entry.target = &domain_->call_target();
    const auto stack = domain_->take_core_stack();
    if (stack == 0) {
        return Status::Exhausted;
    }
    const bool capabilities = has_capabilities(call.import.signature);
    std::array<std::uint64_t, 32> in{};
    auto status = Status::Ok;
    if (capabilities) {
        std::ranges::copy(call.in, in.begin());
        each_capability(call.import.signature, Side::Parameters, in, [&](std::uint64_t& word) {
            auto* object = object_in(word);
            auto* slot = object == nullptr ? nullptr
                                           : domain_->slots().add(*object, Slot::Kind::Borrowed, entry.first_temporary);
            status = object != nullptr && slot == nullptr ? Status::Exhausted : status;
            word = reinterpret_cast<std::uint64_t>(slot);
        });
    }
    if (status == Status::Ok) {
        Entered entered{{call.method.address, domain_->arena().base(), stack, 0},
                        call.import,
                        capabilities ? std::span<const std::uint64_t>(in) : call.in,
                        call.out};
        std::uint64_t result = 0;
        runtime::Fault why;
        if (runtime::call_program(entry, enter_it, &entered, result, why)) {
            status = static_cast<Status>(result);
        } else {
            status = status_of(why);
            std::ranges::fill(call.out, 0);
            const auto text = describe_fault(*domain_, why);
            const runtime::Deferral callers(nullptr);
            fault.assign(text);
        }
    }
    if (capabilities) {
        each_capability(call.import.signature, Side::Results, call.out, [&](std::uint64_t& word) {
            auto* slot = slot_in(word);
            word = reinterpret_cast<std::uint64_t>(slot == nullptr ? nullptr : domain_->slots().take(*slot));
        });
    }
    if (entry.first_temporary != 0) {
        domain_->slots().release_all(entry.first_temporary);
    }
    domain_->keep_core_stack(stack);
    return status;
}

}  // namespace tessera::caps
