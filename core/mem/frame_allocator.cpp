#include "core/mem/frame_allocator.h"

#include "core/arch/spinlock.h"
#include "core/base/assert.h"
#include "core/log/log.h"
#include "core/mem/layout.h"

namespace tessera::mem {

namespace {

constexpr std::uint64_t kLowMemoryEnd = 0x10'0000;

struct FreeFrame {
    PhysAddr next;
};

constinit PhysRange ranges[kFrameRangeMax]{};  // all memory that is ours, ascending
constinit PhysRange unused[kFrameRangeMax]{};  // what has never been handed out
constinit unsigned range_count{};
constinit PhysAddr free_list{};
constinit std::uint64_t free_count{};
constinit std::uint64_t total_count{};
constinit std::uint64_t direct_offset{};
constinit arch::Spinlock lock{};

void add_range(PhysRange range) {
    range.start.value = round_up(range.start.value, kPageSize);
    range.end.value = round_down(range.end.value, kPageSize);
    if (range.start.value < kLowMemoryEnd) {
        range.start.value = kLowMemoryEnd;
    }
    if (range.end.value > kPhysicalMax) {
        range.end.value = kPhysicalMax;
    }
    if (range.empty() || range_count == kFrameRangeMax) {
        return;  // a memory map with more holes than we have room for loses the highest pieces
    }
    unsigned at = range_count;
    while (at > 0 && ranges[at - 1].start > range.start) {
        ranges[at] = ranges[at - 1];
        at = at - 1;
    }
    ranges[at] = range;
    range_count = range_count + 1;
}

// Cuts `hole` out of all ranges.
void remove_range(PhysRange hole) {
    const unsigned count = range_count;
    PhysRange old[kFrameRangeMax];
    for (unsigned i = 0; i < count; ++i) {
        old[i] = ranges[i];
    }
    range_count = 0;
    for (unsigned i = 0; i < count; ++i) {
        if (hole.end <= old[i].start || hole.start >= old[i].end) {
            add_range(old[i]);
            continue;
        }
        add_range({old[i].start, hole.start < old[i].end ? hole.start : old[i].end});
        add_range({hole.end > old[i].start ? hole.end : old[i].start, old[i].end});
    }
}

}  // namespace

void add_memory(std::span<const PhysRange> usable, std::span<const PhysRange> reserved) {
    for (const PhysRange& range : usable) {
        remove_range(range);  // maps of firmware overlap at times: count nothing twice
        add_range(range);
    }
    for (const PhysRange& range : reserved) {
        if (!range.empty()) {
            remove_range({{round_down(range.start.value, kPageSize)}, {round_up(range.end.value, kPageSize)}});
        }
    }
    for (unsigned i = 0; i < range_count; ++i) {
        ASSERT(i == 0 || ranges[i - 1].end <= ranges[i].start);  // in order, and nothing twice
        unused[i] = ranges[i];
        total_count += ranges[i].size() / kPageSize;
    }
    free_count = total_count;
}

std::span<const PhysRange> memory_ranges() { return {ranges, range_count}; }

std::optional<PhysAddr> allocate_frame() {
    const arch::IrqLock guard(lock);
    if (free_list.value != 0) {
        ASSERT(free_count != 0);
        const PhysAddr frame = free_list;
        free_list = static_cast<FreeFrame*>(frame_pointer(frame))->next;
        free_count -= 1;
        return frame;
    }
    for (unsigned i = 0; i < range_count; ++i) {
        // Before the direct map is there, only the low 4 GiB can be reached.
        if (!unused[i].empty() && (direct_offset != 0 || unused[i].start.value < 0x1'0000'0000)) {
            ASSERT(free_count != 0);
            const PhysAddr frame = unused[i].start;
            unused[i].start.value += kPageSize;
            free_count -= 1;
            return frame;
        }
    }
    return std::nullopt;
}

std::optional<PhysAddr> allocate_contiguous(std::uint64_t count, PhysAddr limit) {
    REQUIRES(count != 0);
    const arch::IrqLock guard(lock);
    for (unsigned i = range_count; i > 0; --i) {
        PhysRange& range = unused[i - 1];
        const std::uint64_t end = range.end < limit ? range.end.value : limit.value;
        if (range.end > limit || range.empty() || end - range.start.value < count * kPageSize) {
            continue;
        }
        ASSERT(free_count >= count);
        range.end.value -= count * kPageSize;
        free_count -= count;
        return range.end;
    }
    return std::nullopt;
}

void free_frame(PhysAddr frame) {
    REQUIRES(frame.value != 0 && frame.value % kPageSize == 0);
    const arch::IrqLock guard(lock);
    ASSERT(free_count < total_count);  // more come back than went out
    static_cast<FreeFrame*>(frame_pointer(frame))->next = free_list;
    free_list = frame;
    free_count += 1;
}

std::uint64_t free_frames() { return __atomic_load_n(&free_count, __ATOMIC_RELAXED); }
std::uint64_t total_frames() { return total_count; }

void use_direct_map() {
    REQUIRES(direct_offset == 0);
    direct_offset = kDirectBase;
}

// SAFETY: frames of ours lie in the direct map, or in the boot tables' identity map before that.
void* frame_pointer(PhysAddr frame) { return reinterpret_cast<void*>(frame.value + direct_offset); }

void clear_frame(PhysAddr frame) {
    auto* words = static_cast<volatile std::uint64_t*>(frame_pointer(frame));
    for (unsigned i = 0; i < kPageSize / 8; i += 8) {
        words[i] = 0;
        words[i + 1] = 0;
        words[i + 2] = 0;
        words[i + 3] = 0;
        words[i + 4] = 0;
        words[i + 5] = 0;
        words[i + 6] = 0;
        words[i + 7] = 0;
    }
}

}  // namespace tessera::mem
