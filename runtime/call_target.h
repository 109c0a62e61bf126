// What a call into a domain needs of it. Read and written by caps/call/cross.S, which knows the places.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tessera::runtime {

class Heap;

inline constexpr std::size_t kFreeStacksMax = 29;

// One core's part, which no other core touches: how many calls have begun on it and not ended (those that end on
// another core count there, so that the sum is right), and the arena's stacks that are free.
struct alignas(128) CoreCalls {
    std::int64_t inside = 0;
    std::uint32_t free_stacks = 0;
    std::array<std::uint32_t, kFreeStacksMax> stacks{};  // their tops, as offsets into the arena
};
static_assert(sizeof(CoreCalls) == 128);

struct CallTarget {
    std::byte* base = nullptr;     // of the arena
    CoreCalls* cores = nullptr;    // by worker
    Heap* heap = nullptr;          // of what the kernel allocates for it
    std::atomic<bool> open = false;  // takes calls
    void* domain = nullptr;
};

}  // namespace tessera::runtime
