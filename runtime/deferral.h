// Guarded work may be ended, or lose its core to others, at any instruction, but not in a section that others depend
// on: under a lock, in a static that is half made, in kernel code that it calls. Such a section is deferred: what is
// due happens when it is left. Outside of guarded work, a section of a program's fiber only says whose memory is used.
#pragma once

#include <cstddef>

namespace tessera::runtime {

class Heap;

// Where operator new and malloc allocate on this thread, or rather for the fiber that it runs; null: the kernel's own.
[[nodiscard]] Heap* current_heap();

// What is allocated until the section is left comes from `heap`. Sections nest.
void enter_deferred(Heap* heap);
void leave_deferred();

class Deferral {
  public:
    Deferral() { enter_deferred(current_heap()); }
    explicit Deferral(Heap* heap) { enter_deferred(heap); }
    ~Deferral() { leave_deferred(); }
    Deferral(const Deferral&) = delete;
    Deferral& operator=(const Deferral&) = delete;
};

// --- For the functions that stand in for the C library's (interpose.cpp).
// A lock that only this thread's guarded work can see goes with it: nothing to wait for.
[[nodiscard]] bool belongs_to_guarded_run(const void* object);
// Ends the guarded work if it was its own heap that failed. A program's heap has a reserve for such a block; null: it
// has not.
[[nodiscard]] void* heap_failed(Heap& heap, std::size_t bytes, std::size_t alignment);

// Whether null is an answer to the allocation that is under way (try_allocate).
[[nodiscard]] bool allocation_may_fail();

}  // namespace tessera::runtime
