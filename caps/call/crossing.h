// The crossing: a call from one domain into another through an object's method, and back. cross.S goes the way that
// nearly all calls go; what is here is the rest: capabilities among arguments and results, calls that fail, a core's
// first call into a domain.
//
// On the fiber's stack the call is a frame (Crossing) that is an entry of its own: what ends the callee (a trap, a
// limit, a stop) comes back to it, and the caller gets a status. Callees have stacks of their own in their arenas, from
// a pool for each core.
#pragma once

#include "caps/schema/status.kernel.h"
#include "runtime/fiber.h"
#include "safeir/load/method_import.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace tessera::caps {

using schema::Status;

// The frame of cross.S, with what it has kept in it.
struct Crossing : runtime::ProgramEntry {
    std::uintptr_t return_address;
    const safeir::MethodImport* import;
    std::uintptr_t method;
    std::array<std::uint64_t, 4> words;   // the slot, rcx, r8, r9 of the arguments; rax, rdx, rcx of the results
    std::array<std::uint64_t, 8> floats;  // xmm0 to xmm7
    std::byte* result;                    // of a wide call: on the caller's native stack
    std::uint64_t alignment;
};

extern "C" {
// Not to be called from C++: rax is the MethodImport.
void tessera_cross();
void tessera_cross_more();
void tessera_cross_wide();
void tessera_crossing_ended();
}

// What a caller is told of what ended its callee.
[[nodiscard]] Status status_of(const runtime::Fault& fault);

// Arena stacks for calls that begin on a core without one.
inline constexpr std::uint32_t kArenaStackBytes = 64 * 1024;

}  // namespace tessera::caps
