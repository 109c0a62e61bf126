#include "drivers/virtio/queue.h"

#include "core/base/assert.h"
#include "core/mem/frame_allocator.h"

#include <cstddef>

namespace tessera::drivers::virtio {

namespace {

struct Descriptor {
    std::uint64_t address;
    std::uint32_t size;
    std::uint16_t flags;
    std::uint16_t next;
};
constexpr std::uint16_t kDeviceWrites = 2;
constexpr std::uint16_t kNoInterrupt = 1;

struct Available {
    std::uint16_t flags;
    std::uint16_t index;
    std::uint16_t ring[Queue::kSize];
    std::uint16_t event;
};
struct Used {
    std::uint16_t flags;
    std::uint16_t index;
    struct {
        std::uint32_t id;
        std::uint32_t bytes;
    } ring[Queue::kSize];
    std::uint16_t event;
};

}  // namespace

struct Queue::Layout {
    Descriptor descriptors[kSize];
    Available available;
    alignas(64) Used used;
};

bool Queue::create() {
    REQUIRES(layout_ == nullptr);
    const std::optional<mem::PhysAddr> frame = mem::allocate_frame();
    if (!frame) {
        return false;
    }
    static_assert(sizeof(Layout) <= mem::kPageSize);
    mem::clear_frame(*frame);
    frame_ = *frame;
    layout_ = static_cast<Layout*>(mem::frame_pointer(*frame));
    layout_->available.flags = kNoInterrupt;
    return true;
}

mem::PhysAddr Queue::descriptors() const { return frame_ + offsetof(Layout, descriptors); }
mem::PhysAddr Queue::available() const { return frame_ + offsetof(Layout, available); }
mem::PhysAddr Queue::used() const { return frame_ + offsetof(Layout, used); }

void Queue::offer(std::uint16_t index, mem::PhysAddr buffer, std::uint32_t size, Direction direction) {
    REQUIRES(layout_ != nullptr && index < kSize);
    REQUIRES(buffer.value != 0 && size != 0);
    layout_->descriptors[index] = {
        buffer.value, size, direction == Direction::FromDevice ? kDeviceWrites : std::uint16_t{0}, 0};
    layout_->available.ring[offered_ % kSize] = index;
    offered_ = static_cast<std::uint16_t>(offered_ + 1);
    // The device reads the index from another core: everything before it must be visible first.
    __atomic_store_n(&layout_->available.index, offered_, __ATOMIC_SEQ_CST);
}

std::optional<Queue::Done> Queue::take() {
    REQUIRES(layout_ != nullptr);
    if (__atomic_load_n(&layout_->used.index, __ATOMIC_ACQUIRE) == taken_) {
        return std::nullopt;
    }
    const std::uint32_t id = layout_->used.ring[taken_ % kSize].id;
    const std::uint32_t bytes = layout_->used.ring[taken_ % kSize].bytes;
    taken_ = static_cast<std::uint16_t>(taken_ + 1);
    return id < kSize ? std::optional(Done{static_cast<std::uint16_t>(id), bytes}) : std::nullopt;
}

}  // namespace tessera::drivers::virtio
