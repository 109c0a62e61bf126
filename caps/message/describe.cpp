#include "caps/message/describe.h"

#include "caps/message/described.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tessera::caps {
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
    for (auto methods = description->methods(); const auto method = methods.next();) {
        auto plan = std::make_shared<const CallPlan>(interface.id, *method);
        const auto signature = plan->signature();
        interface.methods.push_back({method->ordinal, std::string(method->name), signature, std::move(plan)});
    }
    return interface;
}

}  // namespace tessera::caps
