// What is known of a file or directory as the message that Metadata is in caps/schema/directory.capnp: one segment
// (test/qemu/kernel_objects reads it by what is generated from the schema).
#pragma once

#include "caps/kernel/tables.h"
#include "caps/schema/directory.kernel.h"

namespace tessera::caps {

[[nodiscard]] inline Status
give_metadata(schema::Kind kind, std::uint64_t bytes, std::uint64_t identity, WriteSlice into, std::uint64_t& length) {
    constexpr std::uint64_t kSixWordsOfNumbers = std::uint64_t{6} << 32U;
    // Kind in the lowest 16 bits; of what can only be read `writable` is not set; links as their difference from 1.
    const std::array<std::uint64_t, 7> words = {
        kSixWordsOfNumbers, static_cast<std::uint64_t>(kind), bytes, 0, 0, 0, identity};
    return give_bytes(std::as_bytes(std::span(words)), into, length);
}

}  // namespace tessera::caps
