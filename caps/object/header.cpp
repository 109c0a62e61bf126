#include "caps/object/header.h"

#include "core/base/spin_lock.h"

#include <array>
#include <mutex>
#include <new>
#include <span>

namespace tessera::caps {
namespace {

constexpr std::size_t kChunkHeaders = 64;

// Headers that are nobody's. What is in it once stays in it.
struct Pool {
    SpinLock lock;  // of the list
    ObjectHeader* free = nullptr;
    std::mutex growing;  // so that what is allocated is the kernel's
};
constinit Pool pool;
constinit std::atomic<std::uint64_t> identities = kNobody + 1;
constexpr safeir::MethodTable kNoMethods{};
constinit ObjectHeader nobodys_header{.methods = &kNoMethods};

}  // namespace

ObjectHeader& nobody() { return nobodys_header; }

std::uint64_t new_identity() { return identities.fetch_add(1, std::memory_order_relaxed); }

static ObjectHeader* take_free() {
    const std::scoped_lock lock(pool.lock);
    auto* header = pool.free;
    if (header != nullptr) {
        pool.free = header->next;
        header->next = nullptr;
    }
    return header;
}

ObjectHeader* take_header() {
    if (auto* header = take_free()) {
        return header;
    }
    const std::scoped_lock lock(pool.growing);
    auto* chunk = new (std::nothrow) std::array<ObjectHeader, kChunkHeaders>;
    if (chunk == nullptr) {
        return nullptr;
    }
    for (auto& header : std::span(*chunk).subspan(1)) {
        give_header(header);
    }
    return chunk->data();
}

void give_header(ObjectHeader& header) {
    header.target = nullptr;  // of a domain that may be gone when it is used again
    const std::scoped_lock lock(pool.lock);
    header.target = nullptr;  // its next life may be the kernel's own
    header.next = pool.free;
    pool.free = &header;
}

}  // namespace tessera::caps
