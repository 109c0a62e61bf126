#include "boot/system/kernel.h"

#include "boot/system/boot_trace.h"
#include "boot/system/program_run.h"
#include "caps/imports.h"
#include "caps/kernel_guard.h"
#include "core/platform/platform.h"
#include "runtime/trap.h"
#include "runtime/worker.h"

#include <algorithm>
#include <atomic>
#include <memory>

namespace tessera::system {
namespace {

Result<int> run_all(const Options& options, std::span<const safeir::KernelFunction> more) {
    const auto& boot = platform::boot_info();
    BootTrace trace(options.trace_boot, "");
    trace.since("entry", boot.entry);
    System system;
    system.options = options;
    TRY_TO(system.bundle, bundle::Bundle::open(boot.bundle));
    TRY_TO(auto manifest, system.bundle.manifest());
    if (manifest.programs.empty()) {
        return fail(Blame::Caller, "the image has no program");
    }
    if (options.args) {
        manifest.programs[0].args = *options.args;
    }
    for (const auto& variable : options.env) {
        manifest.programs[0].env.push_back(variable);
    }
    TRY_TO(const auto space, safeir::CodeSpace::create());
    const auto bindings = caps::all_bindings(more);
    system.space = space.get();
    system.bindings = &bindings;
    runtime::install_handlers(space->begin(), space->end());
    caps::install_guard_handlers();
    auto workers = platform::cpu_count();
    if (options.cpus_max != 0) {
        workers = std::min(workers, options.cpus_max);
    }
    // No more cores than programs can use: each has one fiber, and one more that makes its full code (background.h)
    // if the image has none for it.
    const auto without_code = std::ranges::count_if(
        manifest.programs, [&](const bundle::Program& program) { return options.no_cache || program.caches.empty(); });
    workers =
        std::min(workers, static_cast<unsigned>(manifest.programs.size() + static_cast<std::size_t>(without_code)));
    runtime::Scheduler scheduler(workers);
    system.scheduler = &scheduler;
    std::atomic<int> status = 0;
    for (std::size_t i = 0; i < manifest.programs.size(); ++i) {
        TRY_VOID(scheduler.spawn([&system, &manifest, &status, i] {
            const int code = run_program(system, manifest.programs[i]);
            if (i == 0) {
                status = code;
            }
        }));
    }
    trace.phase("start");
    scheduler.run();
    return status.load();
}

}  // namespace

int kernel_main(std::span<const safeir::KernelFunction> more) {
    const auto options = parse_options(platform::boot_info().command_line);
    auto status = options ? run_all(*options, more) : Result<int>(std::unexpected(options.error()));
    if (!status) {
        say("tessera: " + status.error().text);
        return kStatusRefused;
    }
    return *status;
}

}  // namespace tessera::system
