#include "core/mem/page_table.h"

#include "core/arch/cpuid.h"
#include "core/base/assert.h"
#include "core/mem/frame_allocator.h"

#include <optional>

namespace tessera::mem {

namespace {

// [intel/vol3] 4.5. Bits 9 to 11 are ours.
using Entry = std::uint64_t;
constexpr Entry kPresent = 1 << 0;
constexpr Entry kWritable = 1 << 1;
constexpr Entry kUncached = (1 << 3) | (1 << 4);
constexpr Entry kLarge = 1 << 7;
constexpr Entry kDetached = 1 << 9;  // not present; the frame or table is still to be freed
constexpr Entry kHidden = 1 << 10;   // not present, but the frame stays (Access::None)
constexpr Entry kNoExecute = Entry{1} << 63;
constexpr Entry kAddressMask = 0x000f'ffff'ffff'f000;
constexpr std::uint64_t kTranslated = 0x0000'ffff'ffff'ffff;
constexpr unsigned kEntries = 512;
constexpr unsigned kTopLevel = 3;

alignas(kPageSize) constinit Entry root[kEntries];

constexpr std::uint64_t span_of(unsigned level) { return kPageSize << (9 * level); }
constexpr unsigned index_of(std::uint64_t address, unsigned level) { return (address >> (12 + 9 * level)) & 511; }
Entry* table_of(Entry entry) { return static_cast<Entry*>(frame_pointer({entry & kAddressMask})); }

Entry bits_of(Access access) {
    const Entry no_execute = arch::features().no_execute ? kNoExecute : 0;
    switch (access) {
    case Access::None:
        return kHidden | no_execute;
    case Access::Read:
        return kPresent | no_execute;
    case Access::ReadWrite:
        return kPresent | kWritable | no_execute;
    case Access::ReadExecute:
        return kPresent;
    }
    return 0;
}
constexpr Entry kAccessBits = kPresent | kWritable | kHidden | kNoExecute;

// The table below `entry`, made if need be.
Entry* descend(Entry& entry) {
    if ((entry & kPresent) != 0) {
        ASSERT((entry & kLarge) == 0);  // a page is no table
        return table_of(entry);
    }
    ASSERT((entry & kDetached) == 0);
    const std::optional<PhysAddr> frame = allocate_frame();
    if (!frame) {
        return nullptr;
    }
    clear_frame(*frame);
    entry = frame->value | kPresent | kWritable;
    return table_of(entry);
}

// The entry of `address` at `level`, tables made on the way; null if there is no frame for one.
Entry* entry_at(std::uint64_t address, unsigned level) {
    Entry* table = root;
    for (unsigned at = kTopLevel; at > level; --at) {
        table = descend(table[index_of(address, at)]);
        if (table == nullptr) {
            return nullptr;
        }
    }
    return &table[index_of(address, level)];
}

// The 4 KiB entry of `address` if its tables exist.
Entry* existing_entry(std::uint64_t address) {
    Entry* table = root;
    for (unsigned level = kTopLevel; level > 0; --level) {
        Entry& entry = table[index_of(address, level)];
        if ((entry & kPresent) == 0 || (entry & kLarge) != 0) {
            return nullptr;
        }
        table = table_of(entry);
    }
    return &table[index_of(address, 0)];
}

// Replaces a 2 MiB page by 512 small ones with the same rights. The mapping does not change, so no flush is needed.
bool split_large(Entry& entry) {
    REQUIRES((entry & (kPresent | kLarge)) == (kPresent | kLarge));
    const std::optional<PhysAddr> frame = allocate_frame();
    if (!frame) {
        return false;
    }
    auto* table = static_cast<Entry*>(frame_pointer(*frame));
    const Entry small = entry & ~kLarge;
    for (unsigned i = 0; i < kEntries; ++i) {
        table[i] = small + i * kPageSize;
    }
    entry = frame->value | kPresent | kWritable;
    return true;
}

ProtectResult
protect_in(Entry* table, unsigned level, std::uint64_t base, std::uint64_t start, std::uint64_t end, Entry bits) {
    ProtectResult result = {false, true};
    const std::uint64_t span = span_of(level);
    for (std::uint64_t at = round_down(start > base ? start : base, span); at < end && at - base < span * kEntries;
         at += span) {
        Entry& entry = table[(at - base) / span];
        if (level > 0) {
            if ((entry & kPresent) == 0) {
                continue;
            }
            if ((entry & kLarge) != 0 && !split_large(entry)) {
                return {result.flush, false};
            }
            const ProtectResult below = protect_in(table_of(entry), level - 1, at, start, end, bits);
            result.flush |= below.flush;
            if (!below.complete) {
                return {result.flush, false};
            }
            continue;
        }
        if ((entry & (kPresent | kHidden)) == 0) {
            continue;
        }
        const bool loses_present = (entry & kPresent) != 0 && (bits & kPresent) == 0;
        const bool loses_write = (entry & kWritable) != 0 && (bits & kWritable) == 0;
        const bool loses_execute = (entry & kPresent) != 0 && (entry & kNoExecute) == 0 && (bits & kNoExecute) != 0;
        result.flush |= loses_present || loses_write || loses_execute;
        entry = (entry & ~kAccessBits) | bits;
    }
    return result;
}

bool detach_in(Entry* table, unsigned level, std::uint64_t base, std::uint64_t start, std::uint64_t end) {
    bool any = false;
    const std::uint64_t span = span_of(level);
    for (std::uint64_t at = round_down(start > base ? start : base, span); at < end && at - base < span * kEntries;
         at += span) {
        Entry& entry = table[(at - base) / span];
        if ((entry & (kPresent | kHidden)) == 0) {
            continue;
        }
        if (level == 0 || (at >= start && at + span <= end)) {
            // A whole table goes with one write; the top level's tables stay.
            entry = (entry & ~(kPresent | kHidden)) | kDetached;
            any = true;
        } else {
            any |= detach_in(table_of(entry), level - 1, at, start, end);
        }
    }
    return any;
}

std::uint64_t free_table(Entry* table, unsigned level) {
    std::uint64_t freed = 0;
    for (unsigned i = 0; i < kEntries; ++i) {
        if (level > 0) {
            if ((table[i] & kPresent) != 0) {
                ASSERT((table[i] & kLarge) == 0);  // what programs map is small pages
                freed += free_table(table_of(table[i]), level - 1);
                free_frame({table[i] & kAddressMask});
            }
        } else if ((table[i] & (kPresent | kHidden)) != 0) {
            free_frame({table[i] & kAddressMask});
            freed += 1;
        }
    }
    return freed;
}

std::uint64_t release_in(Entry* table, unsigned level, std::uint64_t base, std::uint64_t start, std::uint64_t end) {
    std::uint64_t freed = 0;
    const std::uint64_t span = span_of(level);
    for (std::uint64_t at = round_down(start > base ? start : base, span); at < end && at - base < span * kEntries;
         at += span) {
        Entry& entry = table[(at - base) / span];
        if ((entry & kDetached) != 0) {
            freed += level > 0 ? free_table(table_of(entry), level - 1) : 1;
            free_frame({entry & kAddressMask});
            entry = 0;
        } else if (level > 0 && (entry & kPresent) != 0) {
            freed += release_in(table_of(entry), level - 1, at, start, end);
        }
    }
    return freed;
}

std::uint64_t count_in(Entry* table, unsigned level, std::uint64_t base, std::uint64_t start, std::uint64_t end) {
    std::uint64_t count = 0;
    const std::uint64_t span = span_of(level);
    for (std::uint64_t at = round_down(start > base ? start : base, span); at < end && at - base < span * kEntries;
         at += span) {
        const Entry entry = table[(at - base) / span];
        if (level == 0) {
            count += (entry & (kPresent | kHidden)) != 0 ? 1 : 0;
        } else if ((entry & kPresent) != 0) {
            count += (entry & kLarge) != 0 ? kEntries : count_in(table_of(entry), level - 1, at, start, end);
        }
    }
    return count;
}

}  // namespace

bool map_range(std::uint64_t start, PhysAddr physical, std::uint64_t bytes, Access access, Memory memory, Pages pages) {
    REQUIRES((start | physical.value | bytes) % kPageSize == 0);
    const Entry bits = bits_of(access) | (memory == Memory::Device ? kUncached : 0);
    for (std::uint64_t done = 0; done < bytes;) {
        const std::uint64_t address = start + done;
        const std::uint64_t target = physical.value + done;
        const bool large =
            pages == Pages::Any && ((address | target) & (kLargePageSize - 1)) == 0 && bytes - done >= kLargePageSize;
        Entry* entry = entry_at(address, large ? 1 : 0);
        if (entry == nullptr) {
            return false;
        }
        *entry = target | bits | (large ? kLarge : 0);
        done += large ? kLargePageSize : kPageSize;
    }
    return true;
}

Touch map_fresh(std::uint64_t page, Access access) {
    REQUIRES(page % kPageSize == 0);
    Entry* entry = entry_at(page, 0);
    if (entry == nullptr) {
        return Touch::NoFrame;
    }
    if ((*entry & kPresent) != 0) {
        return Touch::AlreadyMapped;
    }
    ASSERT((*entry & kDetached) == 0);
    const std::optional<PhysAddr> frame = allocate_frame();
    if (!frame) {
        return Touch::NoFrame;
    }
    clear_frame(*frame);
    *entry = frame->value | bits_of(access);
    return Touch::Mapped;
}

Mapping look_up(std::uint64_t address) {
    Entry* table = root;
    for (unsigned level = kTopLevel;; --level) {
        const Entry entry = table[index_of(address, level)];
        if ((entry & kPresent) == 0) {
            return {};
        }
        if (level == 0 || (entry & kLarge) != 0) {
            const std::uint64_t offset = address & (span_of(level) - 1);
            return {true,
                    (entry & kWritable) != 0,
                    (entry & kNoExecute) == 0,
                    {(entry & kAddressMask & ~(span_of(level) - 1)) + offset}};
        }
        table = table_of(entry);
    }
}

ProtectResult protect_range(std::uint64_t start, std::uint64_t end, Access access) {
    // Tables translate 48 bits; the upper half's addresses repeat bit 47 above them.
    return protect_in(root, kTopLevel, 0, start & kTranslated, end & kTranslated, bits_of(access));
}
bool detach_range(std::uint64_t start, std::uint64_t end) { return detach_in(root, kTopLevel, 0, start, end); }
std::uint64_t release_detached(std::uint64_t start, std::uint64_t end) {
    return release_in(root, kTopLevel, 0, start, end);
}
std::uint64_t count_present(std::uint64_t start, std::uint64_t end) { return count_in(root, kTopLevel, 0, start, end); }

bool move_range(std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
    REQUIRES((from | to | bytes) % kPageSize == 0);
    for (std::uint64_t done = 0; done < bytes; done += kPageSize) {
        Entry* source = existing_entry(from + done);
        if (source == nullptr || (*source & (kPresent | kHidden)) == 0) {
            continue;
        }
        Entry* target = entry_at(to + done, 0);
        if (target == nullptr) {
            return false;
        }
        ASSERT((*target & (kPresent | kHidden | kDetached)) == 0);
        *target = *source;
        *source = 0;
    }
    return true;
}

// SAFETY: the image is identity mapped.
PhysAddr page_table_root() { return {reinterpret_cast<std::uint64_t>(root)}; }

}  // namespace tessera::mem
