// The tessera_domain/... imports: what concerns nobody but the program itself, and needs no capability.
#include "caps/gate.h"
#include "caps/imports.h"

namespace tessera::caps {
namespace {

Capability domain_arguments(Domain& domain) { return domain.arguments(); }

void domain_exit(Domain& /*unused*/, std::uint32_t status) {
    runtime::end_program({.kind = runtime::FaultKind::Exit, .status = static_cast<std::int32_t>(status)});
}

void domain_yield(Domain& /*unused*/) { runtime::yield(); }

// The state of an object that the program implements itself and got back from others; all ones of any other.
std::uint64_t domain_own_state(Domain& domain, Capability object, std::uint64_t interface) {
    auto* header = object == nullptr ? nullptr : domain.slots().take(*object);
    if (header == nullptr) {
        return ~std::uint64_t{0};
    }
    const bool is_own = header->target == &domain.target() && header->methods->interface == interface;
    const auto state = is_own ? header->state : ~std::uint64_t{0};
    if (drop_reference(*header)) {
        end_object(*header);
    }
    return state;
}

}  // namespace

std::vector<safeir::KernelFunction> self_functions() {
    return {
        kernel_function<domain_arguments>("tessera_domain/arguments"),
        kernel_function<domain_exit>("tessera_domain/exit"),
        kernel_function<domain_yield>("tessera_domain/yield"),
        kernel_function<domain_own_state>("tessera_domain/own_state"),
    };
}

}  // namespace tessera::caps
