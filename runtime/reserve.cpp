#include "runtime/reserve.h"

#include <atomic>
#include <sys/mman.h>

namespace tessera::runtime {
namespace {

// Promised and never touched.
constinit std::atomic<void*> reserve = nullptr;

}  // namespace

bool keep_reserve() {
    if (reserve.load() != nullptr) {
        return true;
    }
    void* fresh = mmap(nullptr, kReserveBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED) {
        return false;
    }
    if (void* expected = nullptr; !reserve.compare_exchange_strong(expected, fresh)) {
        munmap(fresh, kReserveBytes);
    }
    return true;
}

bool open_reserve() {
    void* kept = reserve.exchange(nullptr);
    return kept != nullptr && munmap(kept, kReserveBytes) == 0;
}

}  // namespace tessera::runtime
