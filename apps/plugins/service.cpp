// Serves requests with the help of plug-ins that it does not trust: loads them from /plugins, and lets each have its
// own shelf, a share of memory and a bounded time.
#include "plugin.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <tessera/arguments.tessera.hpp>
#include <tessera/call.h>
#include <tessera/domain.h>
#include <vector>

namespace {

// One caller at a time; held for no longer than a plug-in's call may take.
class Turn {
  public:
    explicit Turn(bool& taken) : taken_(taken) {
        while (__atomic_test_and_set(&taken_, __ATOMIC_ACQUIRE)) {
            tessera_domain_yield();
        }
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { __atomic_clear(&taken_, __ATOMIC_RELEASE); }

  private:
    bool& taken_;
};

class PluginService final : public plugins::Service::Server {
  public:
    explicit PluginService(std::vector<std::unique_ptr<Plugin>> all) : all_(std::move(all)) {}

    tessera::Result<plugins::Outcome>
    handle_(std::string_view plugin, std::span<const std::byte> text, tessera::Output& result) override {
        const Turn turn(taken_);
        for (const auto& one : all_) {
            if (one->name() == plugin) {
                const Answer answer = one->apply(text);
                result.write(std::string_view(answer.text));
                return answer.outcome;
            }
        }
        return plugins::Outcome::Unavailable;
    }

  private:
    std::vector<std::unique_ptr<Plugin>> all_;
    bool taken_ = false;
};

std::vector<std::byte> module_of(const std::string& name) {
    std::ifstream file("/plugins/" + name + ".sir", std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
    const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
    return {first, first + bytes.size()};
}

constexpr std::pair<const char*, Plugin::Kind> kPlugins[] = {{"shout", Plugin::Kind::Filter},
                                                             {"snoop", Plugin::Kind::Filter},
                                                             {"spin", Plugin::Kind::Filter},
                                                             {"hoard", Plugin::Kind::Program}};

}  // namespace

extern "C" int tessera_main(tessera_cap granted_loader, tessera_cap granted_clock) {
    static const tessera::Loader loader(tessera_cap_to_handle(granted_loader));
    static const tessera::Clock clock(tessera_cap_to_handle(granted_clock));
    static const Means means{&loader, &clock};
    std::vector<std::unique_ptr<Plugin>> all;
    for (const auto& [name, kind] : kPlugins) {
        auto plugin = std::make_unique<Plugin>(means, name, kind);
        if (!plugin->start(module_of(name))) {
            std::printf("service: goes on without %s\n", name);
            continue;
        }
        all.push_back(std::move(plugin));
    }
    std::printf("service: ready\n");
    std::fflush(stdout);
    plugins::Service::serve_granted(std::make_unique<PluginService>(std::move(all)));
    return 0;
}
