#include "caps/message/describe.h"

#include <string>
#include <string_view>

namespace tessera::caps {
namespace {

constexpr unsigned kNibbles = 16;

}  // namespace

std::optional<safeir::MethodSignature> signature_word(const MethodDescription& method) {
    std::array<char, kSignatureBytesMax> room{};
    const auto letters = method.signature(room);
    safeir::MethodSignature word = 0;
    unsigned count = 0;
    for (auto at = letters.find(':') + 1; at < letters.size(); ++at) {
        if (count == kNibbles) {
            return std::nullopt;
        }
        word |= std::uint64_t{safeir::kPlaceLetters.find(letters[at])} << (4 * count++);
        at += letters[at] == '>' ? 1 : 0;  // the status
    }
    return word;
}

Result<safeir::DescribedInterface> describe_interface(std::span<const std::byte> bytes) {
    const auto description = InterfaceDescription::read(bytes);
    if (!description) {
        return fail(Blame::Program,
                    "the description of an interface can't be read: " + std::string(text_of(description.error())));
    }
    safeir::DescribedInterface interface{description->id(), std::string(description->name()), {}};
    auto methods = description->methods();
    for (auto place = bytes.size() - methods.rest().size(); const auto method = methods.next();
         place = bytes.size() - methods.rest().size()) {
        interface.methods.push_back({method->ordinal, place, std::string(method->name), signature_word(*method)});
    }
    return interface;
}

}  // namespace tessera::caps
