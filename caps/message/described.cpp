#include "caps/message/described.h"

#include "caps/call/call_words.h"
#include "caps/schema/arguments.kernel.h"
#include "caps/schema/directory.kernel.h"
#include "caps/schema/random.kernel.h"
#include "caps/schema/stream.kernel.h"
#include "caps/schema/time.kernel.h"
#include "core/base/assert.h"

#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace tessera::caps {
namespace {

using Plans = std::map<std::pair<std::uint64_t, std::uint32_t>, CallPlan>;

template <typename Interface>
void add_to(Plans& plans) {
    const auto description = InterfaceDescription::read(std::as_bytes(std::span(Interface::kDescription)));
    ASSERT(description.has_value());
    for (auto methods = description->methods(); const auto method = methods.next();) {
        plans.emplace(std::piecewise_construct,
                      std::forward_as_tuple(Interface::kId, method->ordinal),
                      std::forward_as_tuple(Interface::kId, *method));
    }
}

Plans make_plans() {
    Plans plans;
    add_to<schema::Arguments>(plans);
    add_to<schema::ByteStream>(plans);
    add_to<schema::Clock>(plans);
    add_to<schema::Console>(plans);
    add_to<schema::Directory>(plans);
    add_to<schema::File>(plans);
    add_to<schema::Random>(plans);
    add_to<schema::Timer>(plans);
    return plans;
}

}  // namespace

CallPlan::CallPlan(std::uint64_t interface, const MethodDescription& method) : MethodPlan(method) {
    if (signature()) {
        import_ = import_of(interface, method.ordinal, *signature());
    }
}

const CallPlan* described_by_kernel(std::uint64_t interface, std::uint32_t ordinal) {
    static const Plans plans = make_plans();
    const auto found = plans.find({interface, ordinal});
    return found == plans.end() ? nullptr : &found->second;
}

}  // namespace tessera::caps
