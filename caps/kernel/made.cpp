#include "caps/kernel/made.h"

namespace tessera::caps {

Capability give_new(WordCall& call, const KernelTable& table, void* state) {
    // SAFETY: an address as a number, and the table's function.
    const auto word = reinterpret_cast<std::uint64_t>(state);
    auto* header = take_header();
    if (header == nullptr) {
        reinterpret_cast<void (*)(std::uint64_t)>(table.table.released)(word);
        return nullptr;
    }
    header->methods = &table.table;
    header->target = nullptr;
    header->state = word;
    add_reference(*header);
    header->identity = new_identity();
    auto* slot =
        call.caller.slots().add(*header, Slot::Kind::Temporary, runtime::current_fiber()->entry->first_temporary);
    drop_held(header);
    return slot;
}

void* state_of(WordCall& call, Capability capability, const KernelTable& table, ObjectHeader*& held) {
    held = capability == nullptr ? nullptr : call.caller.slots().take(*capability);
    if (held == nullptr || held->methods != &table.table) {
        return nullptr;
    }
    // SAFETY: what give_new put there.
    return reinterpret_cast<void*>(held->state);
}

void drop_held(ObjectHeader* held) {
    if (held != nullptr && drop_reference(*held)) {
        end_object(*held);
    }
}

Status ShortText::read(ReadSlice from) {
    if (from.length > text_.size()) {
        return Status::TooLarge;
    }
    length_ = from.length;
    return tessera_copy(text_.data(), from.bytes, from.length) == 0 ? Status::Ok : Status::Stale;
}

}  // namespace tessera::caps
