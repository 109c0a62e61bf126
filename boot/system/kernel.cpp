#include "boot/system/kernel.h"

#include "boot/system/boot_trace.h"
#include "boot/system/program_run.h"
#include "caps/imports.h"
#include "caps/kernel_guard.h"
#include "core/platform/platform.h"
#include "runtime/reserve.h"
#include "runtime/trap.h"
#include "runtime/worker.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

namespace tessera::system {
namespace {

// 0, or how it was refused; the others go on.
int start_program(const System& system,
                  const bundle::Program& program,
                  std::vector<std::unique_ptr<runtime::Account>>& accounts,
                  std::atomic<int>* status) {
    auto account = make_account(program);
    if (!account) {
        return refuse_program(program, account.error());
    }
    auto* const charged = account->get();
    accounts.push_back(std::move(*account));
    const auto spawned = system.scheduler->spawn(
        [&system, &program, charged, status] {
            const int code = run_program(system, program, *charged);
            if (status != nullptr) {
                *status = code;
            }
        },
        charged);
    return spawned ? 0 : refuse_program(program, spawned.error());
}

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
    if (!runtime::keep_reserve()) {
        return fail(Blame::Machine, "the machine has too little memory for the kernel");
    }
    runtime::set_accounts_limit(platform::memory_use().free_bytes);
    std::vector<std::unique_ptr<runtime::Account>> accounts;
    std::atomic<int> status = 0;
    for (std::size_t i = 0; i < manifest.programs.size(); ++i) {
        if (const int refused = start_program(system, manifest.programs[i], accounts, i == 0 ? &status : nullptr)) {
            status = i == 0 ? refused : status.load();
        }
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
