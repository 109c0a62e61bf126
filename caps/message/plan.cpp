#include "caps/message/plan.h"

#include <limits>

namespace tessera::caps {
namespace {

constexpr unsigned kNibbles = 16;

using Kind = FieldPlan::Kind;

Kind kind_of(const FieldDescription& field) {
    if (field.letter() == 'c') {
        return Kind::Capability;
    }
    switch (field.kind) {
    case form::kInt8:
        return Kind::SignedByte;
    case form::kInt16:
        return Kind::SignedShort;
    case form::kText:
        return Kind::Text;
    case form::kData:
        return Kind::Data;
    default:
        return field.is_pointer() ? Kind::Message : Kind::Number;
    }
}

safeir::Place place_of(const FieldDescription& field) {
    return static_cast<safeir::Place>(safeir::kPlaceLetters.find(field.letter()));
}

std::optional<safeir::MethodSignature> signature_word(const MethodDescription& method) {
    using safeir::Place;
    safeir::MethodSignature word = 0;
    unsigned count = 0;
    const auto add = [&](Place place) {
        word |= count < kNibbles ? std::uint64_t{static_cast<std::uint8_t>(place)} << (4 * count) : 0;
        ++count;
    };
    for (auto fields = method.parameters.fields(); const auto field = fields.next();) {
        add(place_of(*field));
    }
    for (auto fields = method.results.fields(); const auto field = fields.next();) {
        if (place_of(*field) == Place::ReadSlice) {
            add(Place::WriteSlice);  // room for it
        }
    }
    add(Place::Results);
    for (auto fields = method.results.fields(); const auto field = fields.next();) {
        add(place_of(*field) == Place::ReadSlice ? Place::I64 : place_of(*field));
    }
    return count <= kNibbles ? std::optional(word) : std::nullopt;
}

}  // namespace

FieldPlan plan_of(const FieldDescription& field) {
    if (field.is_pointer()) {
        return {.kind = kind_of(field), .place = static_cast<std::uint8_t>(field.offset)};
    }
    // At most 64 bits long and at a multiple of its size: in one word.
    const unsigned first = field.offset * field.bits();
    return {.kind = kind_of(field),
            .place = static_cast<std::uint8_t>(first / 64),
            .shift = static_cast<std::uint8_t>(first % 64),
            .mask = std::numeric_limits<std::uint64_t>::max() >> (64 - field.bits()),
            .default_bits = field.default_bits};
}

MethodPlan::MethodPlan(const MethodDescription& method)
    : split_(method.parameters.count), data_words_{method.parameters.data_words, method.results.data_words},
      pointers_{method.parameters.pointers, method.results.pointers}, signature_(signature_word(method)) {
    fields_.reserve(split_ + method.results.count);
    for (const auto& record : {method.parameters, method.results}) {
        for (auto fields = record.fields(); const auto field = fields.next();) {
            fields_.push_back(plan_of(*field));
        }
    }
}

}  // namespace tessera::caps
