// What a call into a domain needs of it. Read and written by caps/call/cross.S, which knows the places.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tessera::runtime {

class Heap;

inline constexpr std::size_t kFreeStacksMax = 31;

// One core's part, which no other core touches: the arena's stacks that no call is on.
struct alignas(128) CoreCalls {
    std::uint32_t free_stacks = 0;
    std::array<std::uint32_t, kFreeStacksMax> stacks{};  // their tops, as offsets into the arena
};
static_assert(sizeof(CoreCalls) == 128);

struct CallTarget {
    std::byte* base = nullptr;   // of the arena
    CoreCalls* cores = nullptr;  // by worker
    Heap* heap = nullptr;        // of what the kernel allocates for it
    void* domain = nullptr;
    std::atomic<std::int64_t> ends_since_ns = 0;  // steady clock; 0: it does not end (ending.h)
    std::atomic<std::int32_t> waits = 0;          // of fibers that are in its code, or in what that has called (wait.h)
};

}  // namespace tessera::runtime
