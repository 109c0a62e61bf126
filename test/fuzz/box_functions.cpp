// The functions that the box offers to programs, reached through box_entry.S. Each looks at its arguments as a kernel
// that trusts nobody: a base that is not the arena's, a capability or a slice that nobody gave, is an escape.
#include "test/fuzz/box_functions.h"

#include "test/fuzz/box_memory.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <utility>

// SAFETY (this file): addresses are what is compared.
namespace tessera::fuzz {
namespace {

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    std::uint64_t z = a * 0x9e3779b97f4a7c15U + b;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    return z ^ (z >> 27U);
}

struct Slice {
    std::byte* bytes;
    std::uint64_t length;
};

std::uint32_t check_cap(const std::byte* cap) {
    if (cap == nullptr) {
        return 0;
    }
    for (unsigned i = 1; i < kCapabilities; ++i) {
        if (cap == box_capability(i)) {
            return i;
        }
    }
    box_run->leave(Run::End::Escaped, fmt::format("a capability that nobody gave: {}", static_cast<const void*>(cap)));
}

void check_slice(const Slice& slice, bool writes) {
    if (slice.bytes == nullptr && slice.length == 0) {
        return;  // from an import that the box doesn't know
    }
    for (unsigned i = 0; i < kSlices; ++i) {
        const std::byte* page = box.slices[i];
        if (slice.bytes >= page && slice.bytes <= page + kSlicePage &&
            slice.length <= static_cast<std::uint64_t>(page + kSlicePage - slice.bytes) && (!writes || i % 2 == 1)) {
            return;
        }
    }
    box_run->leave(Run::End::Escaped, fmt::format("a slice that nobody gave, of {} bytes", slice.length));
}

Slice slice_of(std::uint32_t which, unsigned kind) {
    const unsigned index = kind + ((which >> 9U) % 2) * 2;
    const std::uint64_t length = which % 331;
    std::byte* page = box.slices[index];
    return {(which >> 10U) % 2 == 0 ? page + kSlicePage - length : page, length};
}

using Function = void (*)(std::byte*, std::uint32_t, std::uint32_t);
struct TryCall {
    Function function;
    std::uint32_t a0, a1;
};

}  // namespace

void check_base(const std::byte* base) {
    if (base != box.base) {
        box_run->leave(Run::End::Escaped, "a call with another arena");
    }
}

void check_range(std::uint64_t offset, std::uint64_t length) {
    if (!is_in_memory(offset, length)) {
        box_run->leave(Run::End::Trapped, "block operation outside the memory");
    }
}

void hear(std::uint64_t value) { box_run->heard = mixed(box_run->heard, value); }

std::uint64_t narrow(std::uint32_t value) { return (box_secret & 0xffffffff00000000U) | value; }

}  // namespace tessera::fuzz

using namespace tessera::fuzz;

extern "C" {
void box_memmove(std::byte* base, std::uint32_t to, std::uint32_t from, std::uint32_t length);
void box_memset(std::byte* base, std::uint32_t to, std::uint32_t byte, std::uint32_t length);
std::uint64_t box_memory_size(std::byte* base);
std::uint64_t box_memory_grow(std::byte* base, std::uint32_t pages);
std::byte* box_cap_null(std::byte* base);
std::uint64_t box_cap_is_null(std::byte* base, std::byte* cap);
std::uint64_t box_cap_equal(std::byte* base, std::byte* a, std::byte* b);
std::byte* box_cap_table_get(std::byte* base, std::uint32_t table, std::uint32_t index);
void box_cap_table_set(std::byte* base, std::uint32_t table, std::uint32_t index, std::byte* cap);
std::uint64_t box_cap_table_size(std::byte* base, std::uint32_t table);
std::uint64_t box_cap_table_grow(std::byte* base, std::uint32_t table, std::byte* cap, std::uint32_t count);
void box_cap_table_fill(std::byte* base, std::uint32_t table, std::uint32_t index, std::byte* cap, std::uint32_t count);
std::uint64_t box_try(std::byte* base, Function function, std::uint32_t a0, std::uint32_t a1);
void box_throw(std::byte* base, std::uint32_t value);
void box_slice_read(std::byte* base, Slice slice, std::uint64_t offset, std::uint32_t to, std::uint32_t length);
void box_slice_write(std::byte* base, Slice slice, std::uint64_t offset, std::uint32_t from, std::uint32_t length);
std::uint64_t box_slice_apart(std::byte* base, Slice a, Slice b);
std::byte* box_get_cap(std::byte* base);
std::uint64_t box_use_cap(std::byte* base, std::byte* cap);
Slice box_read_slice(std::byte* base, std::uint32_t which);
Slice box_write_slice(std::byte* base, std::uint32_t which);
std::uint64_t box_mix(std::byte* base, std::uint32_t a, std::uint64_t b);
Slice box_nothing(std::byte* base);
#define THUNK(name) void box_thunk_##name();
#define WASI(name) void box_thunk_wasi_##name();
#include "test/fuzz/box_functions.def"
#undef THUNK
#undef WASI
}

void box_memmove(std::byte* base, std::uint32_t to, std::uint32_t from, std::uint32_t length) {
    check_base(base);
    check_range(to, length);
    check_range(from, length);
    std::memmove(base + to, base + from, length);
}

void box_memset(std::byte* base, std::uint32_t to, std::uint32_t byte, std::uint32_t length) {
    check_base(base);
    check_range(to, length);
    std::memset(base + to, static_cast<int>(byte & 0xffU), length);
}

std::uint64_t box_memory_size(std::byte* base) {
    check_base(base);
    return narrow(memory_pages());
}

std::uint64_t box_memory_grow(std::byte* base, std::uint32_t pages) {
    check_base(base);
    return narrow(grow_memory(pages));
}

std::byte* box_cap_null(std::byte* base) {
    check_base(base);
    return nullptr;
}

std::uint64_t box_cap_is_null(std::byte* base, std::byte* cap) {
    check_base(base);
    return narrow(check_cap(cap) == 0 ? 1 : 0);
}

std::uint64_t box_cap_equal(std::byte* base, std::byte* a, std::byte* b) {
    check_base(base);
    return narrow(check_cap(a) == check_cap(b) ? 1 : 0);
}

std::byte* box_cap_table_get(std::byte* base, std::uint32_t table, std::uint32_t index) {
    check_base(base);
    if (table != 0 || index >= box.cap_table.size()) {
        box_run->leave(Run::End::Trapped, "outside the capability table");
    }
    return box.cap_table[index].load(std::memory_order_relaxed);
}

void box_cap_table_set(std::byte* base, std::uint32_t table, std::uint32_t index, std::byte* cap) {
    box_cap_table_fill(base, table, index, cap, 1);
}

std::uint64_t box_cap_table_size(std::byte* base, std::uint32_t /*table*/) {
    check_base(base);
    return narrow(static_cast<std::uint32_t>(box.cap_table.size()));
}

std::uint64_t box_cap_table_grow(std::byte* base, std::uint32_t /*table*/, std::byte* cap, std::uint32_t /*count*/) {
    check_base(base);
    check_cap(cap);
    return narrow(0xffffffff);
}

void box_cap_table_fill(
    std::byte* base, std::uint32_t table, std::uint32_t index, std::byte* cap, std::uint32_t count) {
    check_base(base);
    check_cap(cap);
    if (table != 0 || std::uint64_t{index} + count > box.cap_table.size()) {
        box_run->leave(Run::End::Trapped, "outside the capability table");
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        box.cap_table[index + i].store(cap, std::memory_order_relaxed);
    }
}

std::uint64_t box_try(std::byte* base, Function function, std::uint32_t a0, std::uint32_t a1) {
    check_base(base);
    if (box_run->tries > 64) {
        box_run->leave(Run::End::Trapped, "too many tries in tries");
    }
    BoxTry frame;
    frame.outer = box_run->try_frame;
    box_run->try_frame = &frame;
    ++box_run->tries;
    TryCall call{function, a0, a1};
    const std::uint64_t thrown = tessera::runtime::tessera_call_returnable(
        &frame.point,
        [](void* pointer) -> std::uint64_t {
            const auto& inner = *static_cast<TryCall*>(pointer);
            inner.function(box.base, inner.a0, inner.a1);
            return 0;
        },
        &call,
        0);
    --box_run->tries;
    box_run->try_frame = frame.outer;
    return narrow(static_cast<std::uint32_t>(thrown));
}

void box_throw(std::byte* base, std::uint32_t value) {
    check_base(base);
    if (box_run->try_frame == nullptr) {
        box_run->leave(Run::End::Trapped, "thrown, and not caught");
    }
    tessera::runtime::tessera_return_to(&box_run->try_frame->point, value == 0 ? 1 : value);
}

void box_slice_read(std::byte* base, Slice slice, std::uint64_t offset, std::uint32_t to, std::uint32_t length) {
    check_base(base);
    check_slice(slice, false);
    if (offset > slice.length || length > slice.length - offset || !is_in_memory(to, length)) {
        box_run->leave(Run::End::Trapped, "outside a slice");
    }
    std::memmove(base + to, slice.bytes + offset, length);
}

void box_slice_write(std::byte* base, Slice slice, std::uint64_t offset, std::uint32_t from, std::uint32_t length) {
    check_base(base);
    check_slice(slice, true);
    if (offset > slice.length || length > slice.length - offset || !is_in_memory(from, length)) {
        box_run->leave(Run::End::Trapped, "outside a slice");
    }
    std::memmove(slice.bytes + offset, base + from, length);
}

std::uint64_t box_slice_apart(std::byte* base, Slice a, Slice b) {
    check_base(base);
    check_slice(a, false);
    check_slice(b, false);
    const bool apart = a.bytes <= b.bytes ? a.bytes + a.length <= b.bytes : b.bytes + b.length <= a.bytes;
    return narrow(apart ? 1 : 0);
}

std::byte* box_get_cap(std::byte* base) {
    check_base(base);
    return box_capability(2 + box_run->heard % 6);
}

std::uint64_t box_use_cap(std::byte* base, std::byte* cap) {
    check_base(base);
    const std::uint32_t index = check_cap(cap);
    hear(index);
    return narrow(index);
}

Slice box_read_slice(std::byte* base, std::uint32_t which) {
    check_base(base);
    hear(which);
    return slice_of(which, 0);
}

Slice box_write_slice(std::byte* base, std::uint32_t which) {
    check_base(base);
    hear(which);
    return slice_of(which, 1);
}

std::uint64_t box_mix(std::byte* base, std::uint32_t a, std::uint64_t b) {
    check_base(base);
    hear(a);
    hear(b);
    return mixed(a, b);
}

// Any other import: zeros, and the null capability, and the empty slice.
Slice box_nothing(std::byte* base) {
    check_base(base);
    return {};
}

namespace tessera::fuzz {

void BoxRun::leave(Run::End how, std::string why) {
    end = how;
    what = std::move(why);
    running = false;
    runtime::tessera_return_to(&point, 1);
}

std::optional<std::uintptr_t> Box::resolve(llvm::StringRef symbol) {
    static const std::pair<llvm::StringRef, void (*)()> kFunctions[] = {
#define THUNK(name) {"tessera." #name, box_thunk_##name},
#define WASI(name)
#include "test/fuzz/box_functions.def"
#undef THUNK
#undef WASI
        {"import.t/cap", box_thunk_get_cap},
        {"import.t/use", box_thunk_use_cap},
        {"import.t/ro", box_thunk_read_slice},
        {"import.t/rw", box_thunk_write_slice},
        {"import.t/number", box_thunk_mix},
#define THUNK(name)
#define WASI(name) {"import.wasi_snapshot_preview1/" #name, box_thunk_wasi_##name},
#include "test/fuzz/box_functions.def"
#undef THUNK
#undef WASI
    };
    for (const auto& [name, function] : kFunctions) {
        if (name == symbol) {
            return reinterpret_cast<std::uintptr_t>(function);
        }
    }
    if (symbol.starts_with("import.")) {
        return reinterpret_cast<std::uintptr_t>(box_thunk_nothing);
    }
    return std::nullopt;
}

}  // namespace tessera::fuzz
