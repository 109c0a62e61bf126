// How long the phases of starting a program took, for people (log=verbose) and for benchmarks (trace=boot).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace tessera::system {

// One line to the console's error side, whole.
void say(const std::string& line);

class BootTrace {
  public:
    using Clock = std::chrono::steady_clock;

    // Phases are printed as `boot-phase [PROGRAM] NAME MILLISECONDS ms`.
    BootTrace(bool enabled, std::string program)
        : enabled_(enabled), program_(std::move(program)), last_(Clock::now()) {}
    // The time since the last phase's end.
    void phase(std::string_view name);
    void since(std::string_view name, Clock::time_point start) const { duration(name, Clock::now() - start); }
    void duration(std::string_view name, Clock::duration time) const;

  private:
    bool enabled_;
    std::string program_;
    Clock::time_point last_;
};

}  // namespace tessera::system
