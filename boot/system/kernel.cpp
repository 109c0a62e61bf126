#include "boot/system/kernel.h"

#include "boot/system/accounts_report.h"
#include "boot/system/boot_trace.h"
#include "boot/system/program_run.h"
#include "caps/imports.h"
#include "caps/kernel/loading.h"
#include "caps/kernel_guard.h"
#include "core/platform/platform.h"
#include "runtime/failing_take.h"
#include "runtime/reserve.h"
#include "runtime/trap.h"
#include "runtime/worker.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tessera::system {
namespace {

// For tests: the image's programs run again and again, each time with another take of memory for the first one failing,
// every `fail_takes_step`th of them, until a run has none that fails. The others must not notice.
int let_takes_fail(System& system, const bundle::Manifest& manifest, unsigned workers) {
    const auto before = runtime::accounts_used();
    std::uint64_t runs = 0;
    for (std::uint64_t number = 0;; number += system.options.fail_takes_step) {
        const auto status = run_programs(system, manifest, workers, number);
        const auto takes = runtime::end_failing_take();
        if (runtime::accounts_used() != before) {
            say("tessera: memory was left over when take " + std::to_string(number) + " failed");
            return kStatusRefused;
        }
        if (takes <= number) {
            say("tessera: " + std::to_string(runs) + " of " + std::to_string(takes) + " takes failed, one in each run");
            return status;
        }
        ++runs;
    }
}

// 0, or how it was refused; the others go on.
int start_program(const System& system,
                  const bundle::Program& program,
                  runtime::Account& account,
                  std::atomic<int>* status) {
    const auto spawned = system.scheduler->spawn(
        [&system, &program, &account, status] {
            const int code = run_program(system, program, account);
            system.services->ended(program);
            if (status != nullptr) {
                *status = code;
            }
        },
        &account);
    if (!spawned) {
        system.services->ended(program);
    }
    return spawned ? 0 : refuse_program(program, spawned.error());
}

// Whoever may start fibers.
bool uses_all_cores(const bundle::Program& program) {
    return std::ranges::any_of(program.grants, [](const bundle::Grant& grant) {
        return grant.kind == bundle::GrantKind::Loader || grant.kind == bundle::GrantKind::Cores;
    });
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
    for (const auto& object :
         {caps::platform_console(), caps::platform_clock(), caps::platform_random(), caps::platform_cores()}) {
        (void)object;  // made now, by no program
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
    if (!runtime::keep_reserve()) {
        return fail(Blame::Machine, "the machine has too little memory for the kernel");
    }
    runtime::set_accounts_limit(platform::memory_use().free_bytes);
    trace.phase("start");
    return options.fail_takes_step != 0 ? let_takes_fail(system, manifest, workers)
                                        : run_programs(system, manifest, workers);
}

}  // namespace

int run_programs(System& system,
                 const bundle::Manifest& manifest,
                 unsigned workers,
                 std::optional<std::uint64_t> failing_take) {
    // No more cores than programs can use: each has one fiber, and one more that makes its full code (background.h)
    // if the image has none for it.
    const auto without_code = std::ranges::count_if(manifest.programs, [&](const bundle::Program& program) {
        return system.options.no_cache || program.caches.empty();
    });
    if (std::ranges::none_of(manifest.programs, uses_all_cores)) {
        workers =
            std::min(workers, static_cast<unsigned>(manifest.programs.size() + static_cast<std::size_t>(without_code)));
    }
    make_directories(system, manifest);
    if (system.loader == nullptr) {
        if (!system.options.no_cache) {
            find_modules(system);
        }
        system.loader = std::make_shared<caps::Loader>(caps::LoadPlaces{system.space, system.bindings, system.modules});
    }
    auto services = Services::create(manifest);
    if (!services) {
        say("tessera: " + services.error().text);
        return kStatusRefused;
    }
    system.services = std::move(*services);
    runtime::Scheduler scheduler(workers);
    system.scheduler = &scheduler;
    std::vector<NamedAccount> accounts;
    std::atomic<int> status = 0;
    for (std::size_t i = 0; i < manifest.programs.size(); ++i) {
        const auto& program = manifest.programs[i];
        auto account = make_account(program);
        if (account && i == 0 && failing_take) {
            (*account)->let_fail(true);
            runtime::fail_take(*failing_take);
        }
        const auto refused = account ? start_program(system, program, **account, i == 0 ? &status : nullptr)
                                     : refuse_program(program, account.error());
        if (!account) {
            system.services->ended(program);
        }
        if (account) {
            accounts.push_back({program.name, std::move(*account)});
        }
        if (i == 0 && refused != 0) {
            status = refused;
        }
    }
    scheduler.run();
    system.scheduler = nullptr;
    if (system.options.accounts) {
        say(accounts_report(accounts));
    }
    return status.load();
}

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
