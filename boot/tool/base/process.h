// Child processes: started, watched, stopped by Ctrl-C or a time limit, never left behind.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tessera::tool {

enum class Capture : unsigned char {
    Nothing,  // the child writes where we do
    Output,   // standard output is collected
    Error,    // standard error is collected
    Both,     // both are collected, in one string
};

struct Command {
    std::vector<std::string> argv;
    std::string folder{};                                            // working folder; ours if empty
    std::vector<std::pair<std::string, std::string>> environment{};  // added to ours
    Capture capture = Capture::Nothing;
    std::optional<std::chrono::milliseconds> timeout{};
    std::string input_file{};   // standard input; ours if empty
    bool frames_input = false;  // ours goes to it through a pipe, so that its end can be told (core/log/console.h)
    std::string output_file{};  // standard output; as `capture` says if empty
    int priority = 0;           // as `nice`: below 0 needs privileges, and is done without if there are none
    std::string marker{};       // note when this text first shows in what is captured
    // For programs that may do anything: they and all that they start get a process group of their own, which is
    // killed whole when they end; and no more than this is kept of their output, written to a file, or mapped.
    struct Fence {
        std::size_t output_bytes_max = 64UL << 10U;
        std::uint64_t file_bytes_max = 1ULL << 30U;
        std::uint64_t memory_bytes_max = 0;  // 0: no limit
    };
    std::optional<Fence> fence{};
};

struct Ended {
    int status = 0;            // exit status; 128 + signal if a signal ended it
    int signal = 0;            // the signal that ended it, else 0
    bool timed_out = false;    // we stopped it: time limit
    bool interrupted = false;  // we stopped it: Ctrl-C
    std::string output{};      // what was captured
    double cpu_seconds = 0;
    double wall_seconds = 0;
    long peak_kib = 0;           // largest resident set
    double marker_seconds = -1;  // from the start until `marker` showed; below 0: never
};

// Runs a command to its end. Fails only if it could not be started.
[[nodiscard]] Result<Ended> run_command(const Command& command);

// Where `name` is found on PATH; empty if nowhere.
[[nodiscard]] std::string find_on_path(const std::string& name);

// Ctrl-C and SIGTERM set a flag that run_command heeds (and passes on); call once at start.
void watch_interrupts();
[[nodiscard]] bool interrupted();

}  // namespace tessera::tool
