// Kernel objects that are made while programs run, and go when nobody refers to them any more.
#pragma once

#include "caps/kernel/tables.h"

#include <string_view>

namespace tessera::caps {

// A capability of the caller's for a new object of that kind. `state` is the object's from here on, also where there is
// no memory for one: the table's `released` has been called then, and the capability is null.
[[nodiscard]] Capability give_new(WordCall& call, const KernelTable& table, void* state);

// The state of an object of that kind; null: it is none, or gone. It stays for as long as the caller holds the slot.
[[nodiscard]] void* state_of(WordCall& call, Capability capability, const KernelTable& table, ObjectHeader*& held);

// A short text of the caller's, copied once.
class ShortText {
  public:
    static constexpr std::size_t kBytesMax = 256;
    [[nodiscard]] Status read(ReadSlice from);
    [[nodiscard]] std::string_view text() const { return {text_.data(), length_}; }

  private:
    std::array<char, kBytesMax> text_;
    std::size_t length_ = 0;
};

void drop_held(ObjectHeader* held);

}  // namespace tessera::caps
