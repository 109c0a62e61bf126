#include "caps/message/describe.h"

#include <string>
#include <string_view>

namespace tessera::caps {
namespace {

constexpr unsigned kNibbles = 16;

safeir::Place place_of(const FieldDescription& field) {
    return static_cast<safeir::Place>(safeir::kPlaceLetters.find(field.letter()));
}

}  // namespace

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

Result<safeir::DescribedInterface> describe_interface(std::span<const std::byte> bytes) {
    const auto description = InterfaceDescription::read(bytes);
    if (!description) {
        return fail(Blame::Program,
                    "the description of an interface can't be read: " + std::string(text_of(description.error())));
    }
    safeir::DescribedInterface interface{description->id(), std::string(description->name()), {}, {}};
    for (unsigned i = 0; i < description->super_count(); ++i) {
        interface.supers.push_back(description->super(i));
    }
    auto methods = description->methods();
    for (auto place = bytes.size() - methods.rest().size(); const auto method = methods.next();
         place = bytes.size() - methods.rest().size()) {
        interface.methods.push_back({method->ordinal, place, std::string(method->name), signature_word(*method)});
    }
    return interface;
}

}  // namespace tessera::caps
