// What a method takes or gives, as values and as the body of a message, by the plan that the description of the method
// comes to. Pure functions over bytes: the schema is not known here, and everything is hostile, the values as well as
// the bodies.
//
// A body is one segment without a table of segments; its root is the struct of the method's parameters or results. A
// capability in it is an index into a table that travels beside it.
#pragma once

#include "caps/message/plan.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

namespace tessera::caps {

// One field: a number by its bits, as it travels in a typed call (i32 in the low half); a capability, by whatever the
// caller of these functions calls it, 0 for null; or bytes: of a Text or Data, or a message.
struct FieldValue {
    std::uint64_t word;
    const std::byte* bytes;
    std::uint64_t length;
};
// By field. What is behind the last one has no value.
using FieldValues = std::array<FieldValue, form::kFieldsMax>;

inline constexpr std::uint64_t kBodyBytesMax = std::uint64_t{1} << 24U;

enum class BodyFault : std::uint8_t {
    Malformed,  // a body, or a message among the values, is not what it says
    TooLarge,   // for the room, or for kBodyBytesMax
    Missing,    // bytes that were there are not
};

// The table of capabilities that a body comes with.
struct BodyCapabilities {
    std::array<std::uint64_t, form::kPointersMax> words;  // so many of them
    std::uint32_t count = 0;
};

// Copies bytes that may vanish or change meanwhile; not 0: they are not there.
using CopyBytes = std::uint64_t (*)(void* to, const void* from, std::size_t bytes);

// What `write_body` needs for these values, working space included; none: more than kBodyBytesMax.
[[nodiscard]] std::expected<std::size_t, BodyFault> body_room(const RecordPlan& record, const FieldValues& values);
// How long a body with these values is at most, if none of the messages in it points to a thing twice.
[[nodiscard]] std::uint64_t body_bytes(const RecordPlan& record, const FieldValues& values);

// Each value's bytes are copied once, by `copy`, and looked at only then. The length of the body.
[[nodiscard]] std::expected<std::size_t, BodyFault> write_body(const RecordPlan& record,
                                                               const FieldValues& values,
                                                               std::span<std::byte> room,
                                                               BodyCapabilities& capabilities,
                                                               CopyBytes copy);

// The body is the reader's own and stays as it is; bytes of the values lie in it or, of messages, in `room`, of which
// never more is needed than the body is long and a word for each pointer.
[[nodiscard]] std::expected<void, BodyFault> read_body(const RecordPlan& record,
                                                       std::span<const std::byte> body,
                                                       const BodyCapabilities& capabilities,
                                                       std::span<std::byte> room,
                                                       FieldValues& values);

}  // namespace tessera::caps
