#include "caps/object/header.h"

#include <array>
#include <mutex>
#include <new>

namespace tessera::caps {
namespace {

constexpr std::size_t kChunkHeaders = 64;

// Headers that are nobody's. What is in it once stays in it.
struct Pool {
    std::mutex mutex;
    ObjectHeader* free = nullptr;
};
constinit Pool pool;
constinit std::atomic<std::uint64_t> identities = kNobody + 1;
constexpr safeir::MethodTable kNoMethods{};
constinit ObjectHeader nobodys_header{.methods = &kNoMethods};

}  // namespace

ObjectHeader& nobody() { return nobodys_header; }

std::uint64_t new_identity() { return identities.fetch_add(1, std::memory_order_relaxed); }

ObjectHeader* take_header() {
    const std::scoped_lock lock(pool.mutex);
    if (pool.free == nullptr) {
        auto* chunk = new (std::nothrow) std::array<ObjectHeader, kChunkHeaders>;
        if (chunk == nullptr) {
            return nullptr;
        }
        for (auto& header : *chunk) {
            header.next = pool.free;
            pool.free = &header;
        }
    }
    auto* header = pool.free;
    pool.free = header->next;
    header->next = nullptr;
    return header;
}

void give_header(ObjectHeader& header) {
    const std::scoped_lock lock(pool.mutex);
    header.next = pool.free;
    pool.free = &header;
}

}  // namespace tessera::caps
