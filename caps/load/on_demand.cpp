#include "caps/load/on_demand.h"

#include "caps/gate.h"
#include "runtime/ending.h"
#include "runtime/heap.h"
#include "runtime/trap.h"

#include <chrono>

namespace tessera::caps {
namespace {

constexpr std::chrono::microseconds kPoll{200};

}  // namespace

std::uintptr_t make_on_first_call(safeir::LoadedProgram& program, std::uint32_t function) {
    const runtime::KernelCall call;
    auto& fiber = *runtime::current_fiber();
    auto* const heap = fiber.program_heap;
    // What is kept of the code is of the memory that the program is in, whoever of its instances calls first.
    runtime::use_heap(runtime::Heap::owner_of(&program));
    const auto address = program.generate(function);
    runtime::use_heap(heap);
    if (address != 0) {
        return address;
    }
    runtime::check_stop(fiber);
    if (const auto stop = fiber.stop.load(); stop != runtime::StopReason::None) {
        runtime::end_program({.kind = runtime::FaultKind::Stopped, .stop = stop});
    }
    if (const auto why = runtime::why_entry_ends(fiber)) {
        runtime::end_program({.kind = *why});
    }
    refuse(program.failure());
}

bool wait_for_code() {
    auto& fiber = *runtime::current_fiber();
    runtime::give_way(kPoll);
    runtime::check_stop(fiber);
    return !runtime::is_to_stop(fiber);
}

}  // namespace tessera::caps
