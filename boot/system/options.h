// The kernel's command line: `[options] [-- arguments]`, as docs/image.md says.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera::system {

struct Options {
    std::chrono::nanoseconds timeout{0};  // of every program; 0: as the manifest says
    bool no_cache = false;
    bool accounts = false;  // say at the end who used what
    bool verbose = false;
    bool trace_boot = false;
    std::uint64_t fail_takes_step = 0;                     // for tests (kernel.cpp); 0: no
    unsigned cpus_max = 0;                                 // 0: all
    std::optional<std::vector<std::string>> args;          // the first program's argv[1..]
    std::vector<std::pair<std::string, std::string>> env;  // added to the first program's
};

// Words that are for the platform (`exit=`, `console=`, ...) are passed over; a wrong value is an error.
[[nodiscard]] Result<Options> parse_options(std::string_view command_line);

}  // namespace tessera::system
