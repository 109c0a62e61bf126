#include "core/mem/address_space.h"

#include "core/arch/spinlock.h"
#include "core/base/assert.h"
#include "core/mem/frame_allocator.h"
#include "core/mem/kernel_map.h"
#include "core/mem/layout.h"
#include "core/mem/region_tree.h"
#include "core/mem/tlb.h"

namespace tessera::mem {

namespace {

constexpr std::uint64_t kGiB = 1ULL << 30;
constexpr std::uint64_t kTablesForMove = 8;   // beyond one for each 2 MiB
constexpr std::uint64_t kReserveFrames = 64;  // for page tables

constinit RegionTree tree{};
constinit arch::Spinlock lock{};
constinit std::uint64_t promised{};  // pages charged and not yet touched
constinit std::uint64_t current_break = kBreakStart;

bool is_valid(std::uint64_t start, std::uint64_t bytes) {
    return start % kPageSize == 0 && bytes != 0 && bytes <= kMapEnd && start <= kMapEnd - bytes;
}

std::uint64_t available() {
    const std::uint64_t spoken_for = promised + promised / 256 + kReserveFrames;
    const std::uint64_t free = free_frames();
    return free > spoken_for ? free - spoken_for : 0;
}

// The frames of executable pages lose their writable alias in the direct map, and get it back with `ReadWrite`.
// True: flush. Nullopt: no memory for splitting large pages.
std::optional<bool> set_alias(std::uint64_t start, std::uint64_t end, Access access) {
    bool flush = false;
    for (std::uint64_t at = start; at < end; at += kPageSize) {
        if (const Mapping mapping = look_up(at); mapping.present) {
            const std::uint64_t alias = kDirectBase + round_down(mapping.physical.value, kPageSize);
            const ProtectResult result = protect_range(alias, alias + kPageSize, access);
            if (!result.complete) {
                return std::nullopt;
            }
            flush |= result.flush;
        }
    }
    return flush;
}

void flush(std::uint64_t start, std::uint64_t end) { flush_all_cores(start, end); }
void flush_everything() { flush_all_cores(0, kMapEnd); }

// Frees the frames of [start, end), which is one region or a part of it, and takes back its promise.
void drop_frames(std::uint64_t start, std::uint64_t end, const Attributes& attributes) {
    if (attributes.access == Access::ReadExecute) {
        if (protect_range(start, end, Access::Read).flush) {
            flush(start, end);
        }
        const auto alias = set_alias(start, end, Access::ReadWrite);
        ASSERT(alias);  // large pages are split already
    }
    std::uint64_t freed = 0;
    if (detach_range(start, end)) {
        flush(start, end);
        freed = release_detached(start, end);
    }
    const std::uint64_t pages = (end - start) / kPageSize;
    ASSERT(freed <= pages);
    if (attributes.charged) {
        ASSERT(promised >= pages - freed);
        promised -= pages - freed;
    }
}

// Calls visit(start, end, attributes) for each piece of [start, end) with attributes of its own. Stops at false.
template <typename Visit>
bool for_each_piece(std::uint64_t start, std::uint64_t end, Visit visit) {
    while (start < end) {
        const Region* region = tree.find(start);
        if (region == nullptr) {
            return false;
        }
        const std::uint64_t piece_end = region->end < end ? region->end : end;
        ASSERT(piece_end > start);
        const Attributes attributes = region->attributes;
        if (!visit(start, piece_end, attributes)) {
            return false;
        }
        start = piece_end;
    }
    return true;
}

bool may_be_unmapped(std::uint64_t start, std::uint64_t end) {
    return for_each_piece(start, end, [](std::uint64_t, std::uint64_t, const Attributes& attributes) {
        return attributes.kind == RegionKind::Free || attributes.kind == RegionKind::Program;
    });
}

// Before: may_be_unmapped, tree.prepare.
void clear_range(std::uint64_t start, std::uint64_t end, Attributes becomes) {
    for_each_piece(start, end, [](std::uint64_t from, std::uint64_t to, const Attributes& attributes) {
        if (attributes.kind == RegionKind::Program) {
            drop_frames(from, to, attributes);
        }
        return true;
    });
    tree.assign(start, end, becomes);
}

std::uint64_t find_place(const MapRequest& request) {
    if (request.address != 0) {
        const std::uint64_t wish = round_down(request.address, kPageSize);
        if (is_valid(wish, request.bytes) &&
            tree.find_free(request.bytes, kPageSize, wish, wish + request.bytes) == wish) {
            return wish;
        }
    }
    if (request.near) {
        return tree.find_free(request.bytes, kPageSize, kPageSize, kNearEnd);
    }
    const std::uint64_t align = request.bytes >= kGiB             ? kGiB
                                : request.bytes >= kLargePageSize ? kLargePageSize
                                                                  : kPageSize;
    if (const std::uint64_t place = tree.find_free(request.bytes, align, kMapStart, kMapEnd); place != 0) {
        return place;
    }
    return tree.find_free(request.bytes, kPageSize, kMapStart, kMapEnd);
}

}  // namespace

void create_address_space() {
    const auto address = [](const char* symbol) {
        return round_up(reinterpret_cast<std::uint64_t>(symbol), kPageSize);
    };
    ASSERT(tree.create(0, kMapEnd, {}));
    const auto set = [](std::uint64_t start, std::uint64_t end, Attributes attributes) {
        if (start < end) {
            ASSERT(tree.prepare());
            tree.assign(start, end, attributes);
        }
    };
    set(0, address(nucleus_image_start), {.kind = RegionKind::Reserved});
    set(address(nucleus_rodata_start),
        address(nucleus_text_start),
        {.kind = RegionKind::Image, .access = Access::Read});
    set(address(nucleus_text_start),
        address(nucleus_data_start),
        {.kind = RegionKind::Image, .access = Access::ReadExecute});
    set(address(nucleus_data_start),
        address(nucleus_data_end),
        {.kind = RegionKind::Image, .access = Access::ReadWrite});
    set(address(nucleus_data_end),
        round_up(image_end(), kPageSize),
        {.kind = RegionKind::Image, .access = Access::Read});
    set(kBreakStart, kBreakEnd, {.kind = RegionKind::Reserved});
}

std::expected<std::uint64_t, MapError> map(const MapRequest& wanted) {
    MapRequest request = wanted;
    if (request.bytes == 0 || request.bytes > kMapEnd) {
        return std::unexpected(request.bytes == 0 ? MapError::Invalid : MapError::NoMemory);
    }
    request.bytes = round_up(request.bytes, kPageSize);
    const arch::IrqLock guard(lock);
    const bool charge = request.access == Access::ReadWrite;
    if (charge && request.bytes / kPageSize > available()) {
        return std::unexpected(MapError::NoMemory);
    }
    std::uint64_t start = request.address;
    if (request.fixed) {
        if (!is_valid(start, request.bytes) || !may_be_unmapped(start, start + request.bytes)) {
            return std::unexpected(MapError::Invalid);
        }
        if (request.no_replace && tree.find_free(request.bytes, kPageSize, start, start + request.bytes) != start) {
            return std::unexpected(MapError::Exists);
        }
    } else {
        start = find_place(request);
    }
    if (start == 0 || !tree.prepare()) {
        return std::unexpected(MapError::NoMemory);
    }
    ASSERT(is_valid(start, request.bytes));
    clear_range(
        start, start + request.bytes, {.kind = RegionKind::Program, .access = request.access, .charged = charge});
    promised += charge ? request.bytes / kPageSize : 0;
    return start;
}

std::expected<void, MapError> unmap(std::uint64_t start, std::uint64_t bytes) {
    bytes = round_up(bytes, kPageSize);
    if (!is_valid(start, bytes)) {
        return std::unexpected(MapError::Invalid);
    }
    const arch::IrqLock guard(lock);
    if (!may_be_unmapped(start, start + bytes)) {
        return std::unexpected(MapError::Invalid);
    }
    if (!tree.prepare()) {
        return std::unexpected(MapError::NoMemory);
    }
    clear_range(start, start + bytes, {});
    return {};
}

std::expected<void, MapError> protect(std::uint64_t start, std::uint64_t bytes, Access access) {
    bytes = round_up(bytes, kPageSize);
    if (bytes == 0) {
        return {};
    }
    if (!is_valid(start, bytes)) {
        return std::unexpected(MapError::Invalid);
    }
    const arch::IrqLock guard(lock);
    bool flush_range = false;
    const bool complete =
        for_each_piece(start, start + bytes, [&](std::uint64_t from, std::uint64_t to, Attributes attributes) {
            if (attributes.kind != RegionKind::Program && attributes.kind != RegionKind::Image) {
                return false;
            }
            // The image's text stays as it is linked.
            if (attributes.kind == RegionKind::Image &&
                (attributes.access == Access::ReadExecute || access == Access::ReadExecute)) {
                return false;
            }
            if (!tree.prepare()) {
                return false;
            }
            const std::uint64_t pages = (to - from) / kPageSize;
            ASSERT(count_present(from, to) <= pages);
            if (access == Access::ReadWrite && attributes.kind == RegionKind::Program && !attributes.charged) {
                const std::uint64_t missing = pages - count_present(from, to);
                if (missing > available()) {
                    return false;
                }
                promised += missing;
                attributes.charged = true;
            }
            if (attributes.access == Access::ReadExecute && access != Access::ReadExecute) {
                // No page is writable here while it is executable there: rights go first, then the alias comes back.
                if (protect_range(from, to, Access::Read).flush) {
                    flush(from, to);
                }
                const auto alias = set_alias(from, to, Access::ReadWrite);
                ASSERT(alias);
            }
            if (access == Access::ReadExecute) {
                if (protect_range(from, to, Access::Read).flush) {
                    flush(from, to);
                }
                const std::optional<bool> alias = set_alias(from, to, Access::Read);
                if (!alias) {
                    return false;
                }
                if (*alias) {
                    flush_everything();
                }
            }
            const ProtectResult result = protect_range(from, to, access);
            flush_range |= result.flush;
            attributes.access = access;
            tree.assign(from, to, attributes);
            return result.complete;
        });
    if (flush_range) {
        flush(start, start + bytes);
    }
    return complete ? std::expected<void, MapError>{} : std::unexpected(MapError::NoMemory);
}

std::expected<void, MapError> discard(std::uint64_t start, std::uint64_t bytes) {
    bytes = round_up(bytes, kPageSize);
    if (!is_valid(start, bytes)) {
        return std::unexpected(MapError::Invalid);
    }
    const arch::IrqLock guard(lock);
    const bool complete =
        for_each_piece(start, start + bytes, [](std::uint64_t from, std::uint64_t to, const Attributes& attributes) {
            if (attributes.kind != RegionKind::Program) {
                return false;
            }
            drop_frames(from, to, attributes);
            promised += attributes.charged ? (to - from) / kPageSize : 0;
            return true;
        });
    return complete ? std::expected<void, MapError>{} : std::unexpected(MapError::NoMemory);
}

std::expected<std::uint64_t, MapError> resize(std::uint64_t start, std::uint64_t old_bytes, std::uint64_t bytes) {
    old_bytes = round_up(old_bytes, kPageSize);
    bytes = round_up(bytes, kPageSize);
    if (!is_valid(start, old_bytes) || !is_valid(0, bytes)) {
        return std::unexpected(MapError::Invalid);
    }
    if (bytes <= old_bytes) {
        if (bytes < old_bytes) {
            if (const auto result = unmap(start + bytes, old_bytes - bytes); !result) {
                return std::unexpected(result.error());
            }
        }
        return start;
    }
    Attributes attributes;
    {
        const arch::IrqLock guard(lock);
        const Region* region = tree.find(start);
        if (region == nullptr || region->attributes.kind != RegionKind::Program || region->end < start + old_bytes ||
            region->attributes.access == Access::ReadExecute) {
            return std::unexpected(MapError::Invalid);
        }
        attributes = region->attributes;
    }
    // The place first, without a promise: most of the frames are there already and only move.
    const auto target = map({.bytes = bytes, .access = Access::None});
    if (!target) {
        return target;
    }
    bool possible = false;
    {
        const arch::IrqLock guard(lock);
        // Half a move can't be undone, so the tables for all of it must be there.
        possible = free_frames() >= old_bytes / kLargePageSize + kTablesForMove && tree.prepare() &&
                   (!attributes.charged || (bytes - old_bytes) / kPageSize <= available());
        if (possible) {
            ASSERT(move_range(start, *target, old_bytes));
            flush(start, start + old_bytes);
            tree.assign(*target, *target + bytes, attributes);
            // unmap below takes the old range's whole promise back, moved frames included.
            promised += attributes.charged ? bytes / kPageSize : 0;
        }
    }
    if (!possible) {
        (void)unmap(*target, bytes);
        return std::unexpected(MapError::NoMemory);
    }
    if (const auto result = unmap(start, old_bytes); !result) {
        return std::unexpected(result.error());
    }
    return target;
}

std::uint64_t set_break(std::uint64_t address) {
    const arch::IrqLock guard(lock);
    if (address < kBreakStart || address > kBreakEnd) {
        return current_break;
    }
    const std::uint64_t old_end = round_up(current_break, kPageSize);
    const std::uint64_t new_end = round_up(address, kPageSize);
    if (!tree.prepare()) {
        return current_break;
    }
    if (new_end > old_end) {
        if ((new_end - old_end) / kPageSize > available()) {
            return current_break;
        }
        promised += (new_end - old_end) / kPageSize;
        tree.assign(old_end, new_end, {.kind = RegionKind::Program, .access = Access::ReadWrite, .charged = true});
    } else if (new_end < old_end) {
        clear_range(new_end, old_end, {.kind = RegionKind::Reserved});
    }
    current_break = address;
    return current_break;
}

Fault handle_fault(std::uint64_t address, FaultKind kind) {
    const arch::IrqLock guard(lock);
    const Region* region = tree.find(address);
    if (region == nullptr || region->attributes.kind != RegionKind::Program) {
        return Fault::NotAllowed;
    }
    const Attributes& attributes = region->attributes;
    if (attributes.access == Access::None || (kind.write && attributes.access != Access::ReadWrite) || kind.execute) {
        return Fault::NotAllowed;  // also to execute what was never written
    }
    // Executable rights come from protect alone, which takes the frame's writable alias away.
    const Access access = attributes.access == Access::ReadExecute ? Access::Read : attributes.access;
    const std::uint64_t page = round_down(address, kPageSize);
    if (!attributes.charged && available() == 0) {
        return look_up(page).present ? Fault::Handled : Fault::NoMemory;
    }
    switch (map_fresh(page, access)) {
    case Touch::NoFrame:
        return Fault::NoMemory;
    case Touch::AlreadyMapped:
        arch::flush_page(page);
        return Fault::Handled;
    case Touch::Mapped:
        ASSERT(!attributes.charged || promised != 0);
        promised -= attributes.charged ? 1 : 0;
        return Fault::Handled;
    }
    return Fault::NotAllowed;
}

std::uint64_t available_frames() {
    const arch::IrqLock guard(lock);
    return available();
}

}  // namespace tessera::mem
