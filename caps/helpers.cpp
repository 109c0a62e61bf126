// The helpers of safeir/spec/helpers.def.
#include "caps/gate.h"
#include "caps/imports.h"
#include "caps/long_copy.h"
#include "runtime/copy.h"

#include <algorithm>
#include <vector>

namespace tessera::caps {
namespace {

// Between chunks of a long block operation the core may be given to others.
constexpr std::uint32_t kChunkBytes = 1U << 20U;

void helper_memmove(Domain& domain, std::uint32_t to, std::uint32_t from, std::uint32_t length) {
    auto& arena = domain.arena();
    if (!arena.contains(to, length)) {
        memory_fault(to, true);
    }
    if (!arena.contains(from, length)) {
        memory_fault(from, false);
    }
    const bool forward = to <= from;
    for (std::uint32_t done = 0; done < length;) {
        const auto bytes = std::min(length - done, kChunkBytes);
        const auto at = forward ? done : length - done - bytes;
        if (tessera_copy(arena.base() + to + at, arena.base() + from + at, bytes) != 0) {
            const bool write = to < arena.stack_bottom();
            memory_fault(write ? to : from, write);
        }
        done += bytes;
        if (done < length) {
            runtime::pause_point();
        }
    }
}

void helper_memset(Domain& domain, std::uint32_t to, std::uint32_t byte, std::uint32_t length) {
    auto& arena = domain.arena();
    if (!arena.contains(to, length)) {
        memory_fault(to, true);
    }
    for (std::uint32_t done = 0; done < length;) {
        const auto bytes = std::min(length - done, kChunkBytes);
        if (tessera_fill(arena.base() + to + done, static_cast<int>(byte & 0xFFU), bytes) != 0) {
            memory_fault(to, true);
        }
        done += bytes;
        if (done < length) {
            runtime::pause_point();
        }
    }
}

std::uint32_t helper_memory_size(Domain& domain) {
    return static_cast<std::uint32_t>(domain.arena().bytes() / runtime::kArenaPageBytes);
}

std::uint32_t helper_memory_grow(Domain& domain, std::uint32_t pages) { return domain.arena().grow(pages); }

Capability helper_cap_null(Domain& /*unused*/) { return nullptr; }
std::uint32_t helper_cap_is_null(Domain& /*unused*/, Capability cap) { return cap == nullptr ? 1 : 0; }

std::uint32_t helper_cap_equal(Domain& /*unused*/, Capability a, Capability b) {
    const bool both = a != nullptr && b != nullptr;
    return (both ? a->object.load() == b->object.load() && a->identity.load() == b->identity.load() : a == b) ? 1 : 0;
}

std::uint32_t& temporaries() { return runtime::current_fiber()->entry->first_temporary; }

void drop(ObjectHeader* object) {
    if (object != nullptr && drop_reference(*object)) {
        end_object(*object);
    }
}

// Nothing if it is not the program's to let go of: it can't hurt anybody.
void helper_cap_release(Domain& domain, Capability cap) {
    if (cap != nullptr) {
        (void)domain.slots().release(*cap, temporaries());
    }
}

// A handle of the program's own to what the capability is; 0 for the null capability and for what is gone.
std::uint32_t helper_cap_to_handle(Domain& domain, Capability cap) {
    if (cap == nullptr) {
        return 0;
    }
    std::uint32_t no_list = 0;
    const auto* kept = domain.slots().copy(*cap, Slot::Kind::Kept, no_list);
    if (kept == nullptr && is_alive(*cap)) {
        runtime::end_program({.kind = runtime::FaultKind::OutOfMemory});
    }
    return kept == nullptr ? 0 : SlotTable::handle_of(*kept);
}

// Borrows: what the handle holds is let go of by the handle. Not through Gate: it only looks, and can't fail.
Capability helper_cap_from_handle(const std::byte* base, std::uint32_t handle) {
    return Domain::of(base).slots().find(handle);
}

std::uint32_t helper_cap_release_handle(Domain& domain, std::uint32_t handle) {
    auto* slot = domain.slots().find(handle);
    return slot != nullptr && domain.slots().release_kept(*slot) ? 0 : 1;
}

// As if it had been given, not kept: for a result, which goes over to the caller.
Capability helper_cap_take_handle(Domain& domain, std::uint32_t handle) {
    auto* kept = domain.slots().find(handle);
    if (kept == nullptr) {
        return nullptr;
    }
    auto* taken = domain.slots().copy(*kept, Slot::Kind::Temporary, temporaries());
    if (taken == nullptr && is_alive(*kept)) {
        runtime::end_program({.kind = runtime::FaultKind::OutOfMemory});
    }
    (void)domain.slots().release_kept(*kept);
    return taken;
}

constexpr const char* kNoTable = "used a capability table that it doesn't have";
constexpr const char* kNoSlot = "accessed a capability table outside its size";

// Runs work on a table under the lock; false if there is no such table.
template <typename Work>
bool with_table(Domain& domain, std::uint32_t index, Work work) {
    const std::scoped_lock lock(domain.cap_mutex);
    if (index >= domain.cap_tables.size()) {
        return false;
    }
    work(domain.cap_tables[index]);
    return true;
}

Capability helper_cap_table_get(Domain& domain, std::uint32_t table, std::uint32_t index) {
    ObjectHeader* object = nullptr;
    bool inside = false;
    const bool known = with_table(domain, table, [&](Domain::CapTable& t) {
        inside = index < t.entries().size();
        object = inside ? t.entries()[index] : nullptr;
        if (object != nullptr) {
            add_reference(*object);
        }
    });
    if (!known || !inside) {
        refuse(known ? kNoSlot : kNoTable);
    }
    if (object == nullptr) {
        return nullptr;
    }
    auto* slot = domain.slots().add(*object, Slot::Kind::Temporary, temporaries());
    const bool is_gone = object->identity.load() == 0;
    drop(object);
    if (slot == nullptr && !is_gone) {
        runtime::end_program({.kind = runtime::FaultKind::OutOfMemory});
    }
    return slot;
}

void helper_cap_table_fill(
    Domain& domain, std::uint32_t table, std::uint32_t index, Capability value, std::uint32_t count) {
    bool inside = false;
    bool known = true;
    for (std::uint32_t i = 0; i < std::max(count, 1U) && (i == 0 || inside); ++i) {
        auto* object = value == nullptr || count == 0 ? nullptr : domain.slots().take(*value);
        known = with_table(domain, table, [&](Domain::CapTable& t) {
            inside = std::uint64_t{index} + count <= t.entries().size();
            if (inside && count != 0) {
                std::swap(t.entries()[index + i], object);
            }
        });
        drop(object);
        runtime::pause_point();
    }
    if (!known || !inside) {
        refuse(known ? kNoSlot : kNoTable);
    }
}

void helper_cap_table_set(Domain& domain, std::uint32_t table, std::uint32_t index, Capability value) {
    helper_cap_table_fill(domain, table, index, value, 1);
}

std::uint32_t helper_cap_table_size(Domain& domain, std::uint32_t table) {
    std::uint32_t size = 0;
    if (!with_table(
            domain, table, [&](Domain::CapTable& t) { size = static_cast<std::uint32_t>(t.entries().size()); })) {
        refuse(kNoTable);
    }
    return size;
}

std::uint32_t helper_cap_table_grow(Domain& domain, std::uint32_t table, Capability value, std::uint32_t count) {
    constexpr std::uint32_t kEntriesMax = 1U << 20U;
    std::uint32_t old = 0xFFFFFFFF;
    auto* object = value == nullptr ? nullptr : domain.slots().take(*value);
    const bool known = with_table(domain, table, [&](Domain::CapTable& t) {
        const auto size = t.entries().size();
        std::uint64_t all = count;  // of all tables: they are the kernel's memory
        for (const auto& each : domain.cap_tables) {
            all += each.entries().size();
        }
        if (all <= kEntriesMax && t.grow(count, object)) {
            old = static_cast<std::uint32_t>(size);
        }
    });
    drop(object);
    if (!known) {
        refuse(kNoTable);
    }
    return old;
}

void helper_slice_read(Domain& domain, ReadSlice slice, std::uint64_t offset, std::uint32_t to, std::uint32_t length) {
    if (offset > slice.length || length > slice.length - offset) {
        refuse("accessed a borrowed slice outside its length");
    }
    if (!write_long(domain.arena(), to, slice.bytes + offset, length)) {
        memory_fault(to, true);
    }
}

void helper_slice_write(
    Domain& domain, WriteSlice slice, std::uint64_t offset, std::uint32_t from, std::uint32_t length) {
    if (offset > slice.length || length > slice.length - offset) {
        refuse("accessed a borrowed slice outside its length");
    }
    if (!read_long(domain.arena(), from, slice.bytes + offset, length)) {
        memory_fault(from, false);
    }
}

// SAFETY: addresses are compared, not used.
std::uint32_t helper_slice_apart(Domain& /*unused*/, ReadSlice a, ReadSlice b) {
    const auto first = reinterpret_cast<std::uintptr_t>(a.bytes);
    const auto second = reinterpret_cast<std::uintptr_t>(b.bytes);
    return (first <= second ? second - first >= a.length : first - second >= b.length) ? 1 : 0;
}

using Thrower = void (*)(std::byte*, std::uint32_t, std::uint32_t);

struct TryCall {
    Thrower function;
    std::byte* base;
    std::uint32_t a0;
    std::uint32_t a1;
};

// Not through Gate: its parameter is a function of the program.
std::uint32_t helper_try(std::byte* base, Thrower function, std::uint32_t a0, std::uint32_t a1) {
    const runtime::KernelCall kernel_call;
    TryCall call{function, base, a0, a1};
    return runtime::catch_throw(
        [](void* pointer) -> std::uint64_t {
            const auto& inner = *static_cast<TryCall*>(pointer);
            inner.function(inner.base, inner.a0, inner.a1);
            return 0;
        },
        &call);
}

void helper_throw(Domain& /*unused*/, std::uint32_t value) { runtime::throw_value(value); }

}  // namespace

std::vector<safeir::KernelFunction> helper_functions() {
    // SAFETY (this function): code addresses, for the linker and copy.S.
    tessera_memmove_slow = kernel_function<helper_memmove>("memmove").address;
    tessera_memset_slow = kernel_function<helper_memset>("memset").address;
    return {
        {"memmove", "", reinterpret_cast<std::uintptr_t>(&tessera_small_memmove)},
        {"memset", "", reinterpret_cast<std::uintptr_t>(&tessera_small_memset)},
        kernel_function<helper_memory_size>("memory_size"),
        kernel_function<helper_memory_grow>("memory_grow"),
        kernel_function<helper_cap_null>("cap_null"),
        kernel_function<helper_cap_is_null>("cap_is_null"),
        kernel_function<helper_cap_equal>("cap_equal"),
        kernel_function<helper_cap_table_get>("cap_table_get"),
        kernel_function<helper_cap_table_set>("cap_table_set"),
        kernel_function<helper_cap_table_size>("cap_table_size"),
        kernel_function<helper_cap_table_grow>("cap_table_grow"),
        kernel_function<helper_cap_table_fill>("cap_table_fill"),
        {"try", "", reinterpret_cast<std::uintptr_t>(&helper_try)},
        kernel_function<helper_throw>("throw"),
        kernel_function<helper_slice_read>("slice_read"),
        kernel_function<helper_slice_write>("slice_write"),
        kernel_function<helper_slice_apart>("slice_apart"),
        kernel_function<helper_cap_release>("cap_release"),
        kernel_function<helper_cap_to_handle>("cap_to_handle"),
        {"cap_from_handle", "", reinterpret_cast<std::uintptr_t>(&helper_cap_from_handle)},
        kernel_function<helper_cap_release_handle>("cap_release_handle"),
        kernel_function<helper_cap_take_handle>("cap_take_handle"),
    };
}

}  // namespace tessera::caps
