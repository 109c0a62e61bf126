// The imports that are no methods: what concerns nobody but the program itself and needs no capability, and slices,
// which methods take but never give.
#include "caps/gate.h"
#include "caps/imports.h"
#include "runtime/worker.h"
#include "safeir/wire/format.h"

#include <algorithm>

namespace tessera::caps {
namespace {

Capability domain_arguments(Domain& domain) { return domain.arguments(); }

void domain_exit(Domain& /*unused*/, std::uint32_t status) {
    runtime::end_program({.kind = runtime::FaultKind::Exit, .status = static_cast<std::int32_t>(status)});
}

void domain_yield(Domain& /*unused*/) { runtime::yield(); }

// The state of an object that the program implements itself and got back from others; all ones of any other.
std::uint64_t domain_own_state(Domain& domain, Capability object, std::uint64_t interface) {
    auto* header = object == nullptr ? nullptr : domain.slots().take(*object);
    if (header == nullptr) {
        return ~std::uint64_t{0};
    }
    const bool is_own = header->target == &domain.target() && safeir::table_for(*header->methods, interface) != nullptr;
    const auto state = is_own ? header->state : ~std::uint64_t{0};
    if (drop_reference(*header)) {
        end_object(*header);
    }
    return state;
}

// The bytes themselves of a file of the image, which stay as long as the image. Another capability is a mistake that
// the program's author has to see: a trap.
ReadSlice file_map(Domain& /*unused*/, Object* cap) {
    const auto* file = as<File>(cap);
    if (file == nullptr) {
        refuse("used a capability that is not a File of the image as one");
    }
    const auto bytes = file->bytes();
    return {bytes.data(), std::min<std::size_t>(bytes.size(), safeir::wire::kSliceBytesMax)};
}

// When calls from here on are to have returned, on the monotonic clock; 0: at any time. Those that have not by then
// end, with a status for the caller. The time that was set before.
std::uint64_t domain_calls_until(Domain& /*unused*/, std::uint64_t deadline_ns) {
    auto& until = runtime::current_fiber()->entry->calls_until_ns;
    const auto before = static_cast<std::uint64_t>(until);
    until = static_cast<std::int64_t>(std::min(deadline_ns, ~std::uint64_t{0} >> 1U));
    return before;
}

// A word that each entry into the program has of its own, 0 at first: where its thread's variables are. Not through
// Gate: it only looks, and is asked for often.
std::uint64_t domain_local(const std::byte* /*base*/) { return tessera_here.fiber->entry->local; }

void domain_set_local(Domain& /*unused*/, std::uint64_t word) { runtime::current_fiber()->entry->local = word; }

// The program's own memory, to be lent for a call.
WriteSlice memory_slice(Domain& domain, std::uint32_t offset, std::uint32_t length) {
    if (!domain.arena().contains(offset, length)) {
        memory_fault(offset, true);
    }
    if (length > safeir::wire::kSliceBytesMax) {
        refuse("lends more than 2 GiB at once");
    }
    return {domain.arena().base() + offset, length};
}

ReadSlice memory_slice_const(Domain& domain, std::uint32_t offset, std::uint32_t length) {
    const auto slice = memory_slice(domain, offset, length);
    return {slice.bytes, slice.length};
}

}  // namespace

std::vector<safeir::KernelFunction> sdk_functions() {
    return {
        kernel_function<domain_arguments>("tessera_domain/arguments"),
        kernel_function<domain_exit>("tessera_domain/exit"),
        kernel_function<domain_yield>("tessera_domain/yield"),
        kernel_function<domain_own_state>("tessera_domain/own_state"),
        kernel_function<file_map>("tessera_file/map"),
        kernel_function<domain_calls_until>("tessera_domain/calls_until"),
        // SAFETY: a code address, for the linker.
        {"tessera_domain/local", "l", reinterpret_cast<std::uintptr_t>(&domain_local)},
        kernel_function<domain_set_local>("tessera_domain/set_local"),
        kernel_function<memory_slice>("tessera_memory/slice"),
        kernel_function<memory_slice_const>("tessera_memory/slice_const"),
    };
}

}  // namespace tessera::caps
