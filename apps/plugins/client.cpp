// Asks the service for one thing after the other, and says what came, and whether an answer ever was late.
#include "plugins.tessera.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <tessera/call.h>
#include <tessera/time.tessera.hpp>

namespace {

constexpr std::uint64_t kLate = 5'000'000'000;  // ns

constexpr std::pair<std::string_view, std::string_view> kRequests[] = {
    {"shout", "a plug-in in C"},
    {"snoop", "greeting"},
    {"snoop", "../vault/key"},
    {"spin", "Rust"},
    {"spin", "for ever"},
    {"spin", "once more"},
    {"hoard", "a little"},
    {"hoard", "all there is"},
    {"hoard", "a little more"},
    {"shout", "and still here"},
    {"nobody", "is there"},
};

std::string_view name_of(plugins::Outcome outcome) {
    constexpr std::string_view kNames[] = {"done", "refused", "late", "broken", "unavailable"};
    const auto index = static_cast<std::size_t>(outcome);
    return index < std::size(kNames) ? kNames[index] : "unknown";
}

}  // namespace

extern "C" int tessera_main(tessera_cap granted_service, tessera_cap granted_clock) {
    const plugins::Service service(tessera_cap_to_handle(granted_service));
    const tessera::Clock clock(tessera_cap_to_handle(granted_clock));
    unsigned late = 0;
    for (const auto& [plugin, text] : kRequests) {
        std::byte room[4096];
        const auto before = clock.now();
        const auto answer = service.handle_(plugin, std::as_bytes(std::span(text)), room);
        const auto after = clock.now();
        late += before && after && *after - *before > kLate ? 1 : 0;
        if (!answer) {
            std::printf("%s: the service failed (status %d)\n", std::string(plugin).c_str(), answer.status());
            return 1;
        }
        const std::string result(reinterpret_cast<const char*>(answer->result.data()), answer->result.size());
        std::printf("%s(%s): %s%s%s\n",
                    std::string(plugin).c_str(),
                    std::string(text).c_str(),
                    std::string(name_of(answer->outcome)).c_str(),
                    result.empty() ? "" : ", ",
                    result.c_str());
        std::fflush(stdout);
    }
    std::printf("late answers: %u\n", late);
    return late == 0 ? 0 : 1;
}
