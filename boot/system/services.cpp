#include "boot/system/services.h"

#include "runtime/fiber.h"
#include "runtime/trap.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <set>

namespace tessera::system {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{1};

bool is_stopped() {
    auto& fiber = *runtime::current_fiber();
    runtime::check_stop(fiber);
    return runtime::is_to_stop(fiber);
}

std::set<std::string_view> needs_of(const bundle::Program& program) {
    std::set<std::string_view> names;
    for (const auto& grant : program.grants) {
        if (grant.kind == bundle::GrantKind::Object) {
            names.insert(grant.guest_path);
        }
    }
    return names;
}

// All that it waits for, directly or through others.
std::set<std::string_view> all_needs_of(const bundle::Manifest& manifest, const bundle::Program& program) {
    auto names = needs_of(program);
    for (std::size_t before = 0; names.size() != before;) {
        before = names.size();
        for (const auto& other : manifest.programs) {
            if (names.contains(other.name)) {
                names.merge(needs_of(other));
            }
        }
    }
    return names;
}

}  // namespace

Result<std::unique_ptr<Services>> Services::create(const bundle::Manifest& manifest) {
    auto services = std::make_unique<Services>();
    for (const auto& program : manifest.programs) {
        services->services_.push_back(std::make_unique<Service>(program.name));
    }
    for (const auto& program : manifest.programs) {
        for (const auto name : needs_of(program)) {
            auto* server = services->find(name);
            if (server == nullptr) {
                return fail(Blame::Caller,
                            "program '" + program.name + "' is granted an object of '" + std::string(name) +
                                "', which the image doesn't have");
            }
            ++server->users;
        }
        if (all_needs_of(manifest, program).contains(program.name)) {
            return fail(Blame::Caller, "program '" + program.name + "' waits for itself: it needs what needs it");
        }
    }
    return services;
}

Services::Service* Services::find(std::string_view name) const {
    const auto found = std::ranges::find(services_, name, [](const auto& service) { return service->name; });
    return found == services_.end() ? nullptr : found->get();
}

Result<caps::ObjectHeader*> Services::object(const bundle::Grant& grant) {
    auto& server = *find(grant.guest_path);
    while (server.state.load() == State::Starting) {
        if (is_stopped()) {
            return fail(Blame::Program,
                        "ran longer than its time limit, or was stopped, while it waited for '" + grant.guest_path +
                            "'");
        }
        runtime::give_way(kBetweenLooks);
    }
    if (server.state.load() == State::Failed) {
        return fail(Blame::Program, "what it is granted an object of, '" + grant.guest_path + "', did not start");
    }
    std::uint64_t interface = 0;
    (void)std::from_chars(grant.prefix.data(), grant.prefix.data() + grant.prefix.size(), interface, 16);
    const auto* methods = server.domain->program().methods(interface);
    if (methods == nullptr) {
        return fail(Blame::Program,
                    "it is granted an object of '" + grant.guest_path + "', which has no method of interface " +
                        grant.prefix);
    }
    auto* object = server.domain->mint(*methods, 0);
    if (object == nullptr) {
        return fail(Blame::Machine, "no memory is left for an object of '" + grant.guest_path + "'");
    }
    return object;
}

void Services::ready(const bundle::Program& program, caps::Domain* domain) {
    auto& service = *find(program.name);
    service.domain = domain;
    service.state = domain != nullptr ? State::Ready : State::Failed;
}

bool Services::is_server(const bundle::Program& program) const { return find(program.name)->users.load() != 0; }

void Services::wait_for_users(const bundle::Program& program) {
    const auto& service = *find(program.name);
    while (service.users.load() != 0) {
        service.domain->tell_released();
        runtime::give_way(kBetweenLooks);
    }
    service.domain->tell_released();
}

void Services::ended(const bundle::Program& program) {
    for (const auto name : needs_of(program)) {
        --find(name)->users;
    }
    if (auto& own = *find(program.name); own.state.load() == State::Starting) {
        own.state = State::Failed;
    }
}

}  // namespace tessera::system
