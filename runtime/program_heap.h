// The kernel's memory for a program: what its code allocates on the program's fibers comes from a heap that is charged
// to the program and dropped whole. When that has no more, there is a reserve, so that no code has to fail in the
// middle; the program ends when the kernel would go back to it, or at once where not even that is enough.
#pragma once

#include "runtime/heap.h"

#include <array>
#include <cstddef>

namespace tessera::runtime {

inline constexpr std::size_t kHeapReserveBytes = std::size_t{128} * 1024;

// Under a lock, memory comes from where the lock lives: what it guards may outlive the program.
struct HeapSections {
    static constexpr unsigned kMax = 16;
    unsigned depth = 0;
    bool may_fail = false;            // the allocation that is under way (try_allocate)
    std::array<Heap*, kMax> outer{};  // by section: what the current heap was before
};

// On a fiber, for as long as this lives.
class ProgramHeap {
  public:
    explicit ProgramHeap(Heap& heap);
    ~ProgramHeap();
    ProgramHeap(const ProgramHeap&) = delete;
    ProgramHeap& operator=(const ProgramHeap&) = delete;
};

// Memory for something large, whose maker can do without: null when there is none. Goes back by free().
[[nodiscard]] void* try_allocate(std::size_t bytes);

}  // namespace tessera::runtime
