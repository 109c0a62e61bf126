// A plug-in under guard: loaded from bytes, at the expense of an account with limits, with a shelf and nothing else.
#pragma once

#include "plugins.tessera.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tessera/domain.tessera.hpp>
#include <tessera/time.tessera.hpp>

// What the service holds itself.
struct Means {
    const tessera::Loader* loader;
    const tessera::Clock* clock;
};

struct Answer {
    plugins::Outcome outcome = plugins::Outcome::Unavailable;
    std::string text{};
};

class Plugin {
  public:
    enum class Kind : std::uint8_t {
        Filter,   // serves that interface, for as long as it behaves
        Program,  // reads standard input and writes standard output, once for each call
    };

    Plugin(const Means& means, std::string name, Kind kind) : means_(means), name_(std::move(name)), kind_(kind) {}

    // False: it can't be loaded or started, and why was printed.
    bool start(std::span<const std::byte> module);
    // In a bounded time.
    Answer apply(std::span<const std::byte> text);
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    bool start_filter();
    Answer call_filter(std::span<const std::byte> text);
    Answer run_program(std::span<const std::byte> text);
    [[nodiscard]] std::uint64_t after(std::uint64_t patience) const;  // a time of the clock
    [[nodiscard]] std::uint64_t memory() const;                       // bytes that its account has
    // Ends it, and prints why and what is left of what it had taken.
    void end(const tessera::Domain& domain, std::string_view why);

    const Means& means_;
    std::string name_;
    Kind kind_;
    tessera::Account account_{};
    std::uint64_t empty_ = 0;  // bytes that the account itself takes
    tessera::Program program_{};
    tessera::Domain domain_{};
    plugins::Filter filter_{};
    bool works_ = false;
};
