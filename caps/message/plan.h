// What the description of a method comes to when it is called: its fields in an array, each with all that has to be
// known to move it between a typed call and a body. Made once, when a program is loaded.
#pragma once

#include "caps/description.h"
#include "safeir/load/method_import.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tessera::caps {

struct FieldPlan {
    enum class Kind : std::uint8_t {
        Number,
        SignedByte,  // longer in a typed call than in a body
        SignedShort,
        Capability,
        Text,
        Data,
        Message,
    };
    Kind kind = Kind::Number;
    std::uint8_t place = 0;  // the word that a number lies in, or the pointer
    std::uint8_t shift = 0;  // of a number in its word
    std::uint64_t mask = 0;
    std::uint64_t default_bits = 0;

    [[nodiscard]] bool is_number() const { return kind <= Kind::SignedShort; }
    [[nodiscard]] bool is_bytes() const { return kind >= Kind::Text; }
};
[[nodiscard]] FieldPlan plan_of(const FieldDescription& field);

// The parameters or the results. All places are inside of the struct that it says.
struct RecordPlan {
    std::uint16_t data_words = 0;
    std::uint16_t pointers = 0;
    std::span<const FieldPlan> fields{};
};

class MethodPlan {
  public:
    explicit MethodPlan(const MethodDescription& method);

    [[nodiscard]] RecordPlan parameters() const { return {data_words_[0], pointers_[0], fields().first(split_)}; }
    [[nodiscard]] RecordPlan results() const { return {data_words_[1], pointers_[1], fields().subspan(split_)}; }
    // By which the code of callers and implementers is compared; none: no code can have it.
    [[nodiscard]] std::optional<safeir::MethodSignature> signature() const { return signature_; }

  private:
    [[nodiscard]] std::span<const FieldPlan> fields() const { return fields_; }

    std::vector<FieldPlan> fields_;
    std::size_t split_ = 0;  // there the results begin
    std::array<std::uint16_t, 2> data_words_{};
    std::array<std::uint16_t, 2> pointers_{};
    std::optional<safeir::MethodSignature> signature_;
};

}  // namespace tessera::caps
