// The order in which locks are taken, and a check of it at run time. A thread that holds a lock may take only those
// that stand further down; so no two threads can wait for each other.
#pragma once

#include <cstdint>

namespace tessera {

// One for each Guarded<T> of the kernel, the first to be taken first.
enum class LockRank : std::uint8_t {
    FileTree,   // caps/file_tree: what a directory was found to hold
    CodeSpace,  // safeir/load/code_region: which regions are taken
};

// Called by Guarded alone. A lock that is wanted out of order stops the kernel.
void lock_is_wanted(LockRank rank);
void lock_is_taken(LockRank rank);
void lock_is_released(LockRank rank);

// One bit for each rank that this thread holds. None may be held where a fiber is left, or a run is cut off.
[[nodiscard]] std::uint64_t held_locks();

}  // namespace tessera
