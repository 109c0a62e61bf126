#include "caps/message/described.h"

#include "caps/schema/arguments.kernel.h"
#include "caps/schema/directory.kernel.h"
#include "caps/schema/random.kernel.h"
#include "caps/schema/stream.kernel.h"
#include "caps/schema/time.kernel.h"

#include <algorithm>
#include <array>

namespace tessera::caps {
namespace {

struct Known {
    std::uint64_t id;
    std::span<const std::uint8_t> description;
};

template <typename Interface>
constexpr Known known() {
    return {Interface::kId, Interface::kDescription};
}

}  // namespace

std::optional<MethodDescription> described_by(Domain& domain, std::uint64_t interface, std::uint32_t ordinal) {
    const auto bytes = domain.program().description(interface, ordinal);
    return bytes.empty() ? std::nullopt : MethodCursor(bytes, 1).next();
}

std::optional<MethodDescription> described_by_kernel(std::uint64_t interface, std::uint32_t ordinal) {
    static constexpr std::array kKnown = {known<schema::Arguments>(),
                                          known<schema::ByteStream>(),
                                          known<schema::Clock>(),
                                          known<schema::Console>(),
                                          known<schema::Directory>(),
                                          known<schema::File>(),
                                          known<schema::Random>(),
                                          known<schema::Timer>()};
    const auto* found = std::ranges::find(kKnown, interface, &Known::id);
    if (found == kKnown.end() || ordinal > 0xFFFF) {
        return std::nullopt;
    }
    const auto description = InterfaceDescription::read(std::as_bytes(found->description));
    return description ? description->find(static_cast<std::uint16_t>(ordinal)) : std::nullopt;
}

}  // namespace tessera::caps
