#include "caps/message/scratch.h"

#include "caps/call/by_words.h"
#include "core/base/assert.h"
#include "runtime/program_heap.h"

#include <cstdlib>

namespace tessera::caps {
namespace {

void free_block(std::uint64_t state) {
    // SAFETY: what Scratch has put there.
    std::free(reinterpret_cast<void*>(state));
}

Status refuse_all(WordCall& /*call*/) { return Status::WrongInterface; }

// SAFETY: code addresses as numbers.
const safeir::MethodTable& block_table() {
    static const safeir::MethodTable table{.released = reinterpret_cast<std::uintptr_t>(&free_block),
                                           .by_words = reinterpret_cast<std::uintptr_t>(&refuse_all)};
    return table;
}

}  // namespace

Scratch::Scratch(Domain& caller, std::size_t bytes) : caller_(caller), rest_(small_) {
    if (bytes <= kSmall) {
        return;
    }
    good_ = false;
    auto* block = static_cast<std::byte*>(runtime::try_allocate(bytes));
    auto* header = block == nullptr ? nullptr : take_header();
    if (header == nullptr) {
        std::free(block);
        return;
    }
    header->methods = &block_table();
    header->target = nullptr;
    header->state = reinterpret_cast<std::uint64_t>(block);
    header->identity = new_identity();
    slot_ = caller.slots().add(*header, Slot::Kind::Temporary, runtime::current_fiber()->entry->first_temporary);
    if (slot_ == nullptr) {
        header->identity = 0;
        give_header(*header);
        std::free(block);
        return;
    }
    rest_ = {block, bytes};
    good_ = true;
}

Scratch::~Scratch() {
    if (slot_ != nullptr) {
        (void)caller_.slots().release(*slot_, runtime::current_fiber()->entry->first_temporary);
    }
}

std::span<std::byte> Scratch::take(std::size_t bytes) {
    ASSERT(rounded(bytes) <= rest_.size());
    const auto taken = rest_.first(bytes);
    rest_ = rest_.subspan(rounded(bytes));
    return taken;
}

}  // namespace tessera::caps
