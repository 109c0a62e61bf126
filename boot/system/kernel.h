// The kernel's main, the same on both platforms.
#pragma once

#include "boot/system/program_run.h"
#include "safeir/load/bindings.h"

#include <cstdint>
#include <optional>
#include <span>

namespace tessera::system {

// Opens the bundle, runs its programs, returns the first one's exit status.
// `more` is what programs can import besides: for measurements that lend them what no image has.
[[nodiscard]] int kernel_main(std::span<const safeir::KernelFunction> more = {}, HostFolders host_folders = {});

// Runs the programs until all have ended; the first one's exit status. `system` lacks nothing but its scheduler, which
// has at most so many workers. For a test: take number `failing_take` of memory for the first program fails.
[[nodiscard]] int run_programs(System& system,
                               const bundle::Manifest& manifest,
                               unsigned workers,
                               std::optional<std::uint64_t> failing_take = {});

}  // namespace tessera::system
