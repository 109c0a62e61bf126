#include "boot/system/program_run.h"

#include "boot/system/background.h"
#include "boot/system/boot_trace.h"
#include "caps/domain.h"
#include "caps/file_tree.h"
#include "caps/gate.h"
#include "caps/kernel_guard.h"
#include "caps/ledger.h"
#include "core/platform/platform.h"
#include "runtime/trap.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/cache_entry.h"
#include "safeir/load/program.h"

#include <memory>
#include <optional>
#include <ranges>

namespace tessera::system {
namespace {

using safeir::LoadedProgram;

// What the kernel may keep for a program, beside the program's own memory; and what no other program can take from it.
constexpr std::uint64_t kKernelPartBytes = std::uint64_t{64} << 20U;
constexpr std::uint64_t kGuaranteedBytes = std::uint64_t{512} << 10U;

std::string prefix(const bundle::Program& program) { return "tessera: program '" + program.name + "': "; }

// A function's code is needed while its program waits for it. Failure is the program's end.
std::uintptr_t on_first_call(LoadedProgram& program, std::uint32_t function) {
    const runtime::KernelCall call;
    const auto address = program.generate(function);
    if (address != 0) {
        return address;
    }
    auto& fiber = *runtime::current_fiber();
    runtime::check_stop(fiber);
    if (const auto stop = fiber.stop.load(); stop != runtime::StopReason::None) {
        runtime::end_program({.kind = runtime::FaultKind::Stopped, .stop = stop});
    }
    caps::refuse(program.failure());
}

bool must_stop() {
    auto& fiber = *runtime::current_fiber();
    runtime::check_stop(fiber);
    return fiber.stop.load() != runtime::StopReason::None;
}

// Reading and checking run guarded, too: LLVM's containers end the process when memory is short. Background work pauses
// in between.
Result<safeir::CheckedModule> check(const System& system, const bundle::Program& program) {
    const auto sir = system.bundle.find(program.file);
    if (!sir) {
        return fail(Blame::Caller, "its file " + program.file + " is not in the image");
    }
    std::optional<Result<safeir::CheckedModule>> checked;
    caps::KernelGuard guard("the check", {});
    TRY_VOID(guard.run([&]() -> Result<void> {
        checked = safeir::check_program(*sir, {.between_functions = runtime::pause_background});
        return {};
    }));
    return std::move(*checked);
}

// The first cache entry that fits, the best features first. Null: none does.
std::unique_ptr<LoadedProgram> load_cached(const System& system,
                                           const bundle::Program& program,
                                           safeir::LoadContext& context,
                                           safeir::CheckedModule& module) {
    const auto best = context.features;
    std::string reason = program.caches.empty() ? "the image has none"
                                                : "all was made for another program, compiler, processor or version";
    for (const auto features : std::views::reverse(safeir::kFeatureSets)) {
        if (features > best) {
            continue;
        }
        for (const auto& name : program.caches) {
            const auto entry = system.bundle.find(name);
            if (!entry || !safeir::is_bound_to(*entry, safeir::cache_binding(module.content_hash(), features))) {
                continue;
            }
            context.features = features;
            auto loaded = LoadedProgram::from_cache(context, module, *entry);
            if (loaded) {
                if (system.options.verbose) {
                    say(prefix(program) + "code for " + std::string(features_name(features)) + " from " + name);
                }
                return std::move(*loaded);
            }
            reason = loaded.error().text;
        }
    }
    context.features = best;
    if (system.options.verbose) {
        say(prefix(program) + "no generated code is taken from the image: " + reason);
    }
    return nullptr;
}

Result<std::unique_ptr<LoadedProgram>>
load(const System& system, const bundle::Program& program, safeir::LoadContext& context, safeir::CheckedModule module) {
    TRY_VOID(system.bindings->check_imports(module.module()));
    if (!system.options.no_cache) {
        if (auto loaded = load_cached(system, program, context, module)) {
            return loaded;
        }
    }
    platform::prepare_code_generator();
    return LoadedProgram::lazy(context, std::move(module));
}

caps::ObjectRef directory_of(const System& system, const std::string& folder) {
    const auto start = folder + "/";
    std::vector<caps::TreeFile> files;
    for (auto i = system.bundle.lower_bound(start); i < system.bundle.entry_count(); ++i) {
        const auto entry = system.bundle.entry(i);
        if (!entry.name.starts_with(start)) {
            break;
        }
        files.push_back({entry.name.substr(start.size()), entry.bytes});
    }
    return caps::make_directory(std::move(files));
}

caps::Grant make_grant(const System& system, const bundle::Grant& grant) {
    switch (grant.kind) {
    case bundle::GrantKind::Console:
        return {caps::make_platform_console(), {}};
    case bundle::GrantKind::Clock:
        return {caps::make_platform_clock(), {}};
    case bundle::GrantKind::Random:
        return {caps::make_platform_random(), {}};
    case bundle::GrantKind::Directory:
        break;
    }
    return {directory_of(system, grant.prefix), grant.guest_path};
}

caps::DomainSpec domain_spec(const System& system, const bundle::Program& program) {
    caps::DomainSpec spec;
    spec.name = program.name;
    spec.args.push_back(program.name);
    spec.args.insert(spec.args.end(), program.args.begin(), program.args.end());
    spec.env = program.env;
    for (const auto& grant : program.grants) {
        spec.grants.push_back(make_grant(system, grant));
    }
    spec.memory_bytes_max = program.memory_bytes;
    spec.timeout = std::chrono::milliseconds(program.timeout_ms);
    if (system.options.timeout.count() != 0) {
        spec.timeout = system.options.timeout;
    }
    spec.entry = program.entry;
    return spec;
}

void report_memory(const System& system) {
    if (system.options.trace_boot) {
        const auto use = platform::memory_use();
        say("boot-memory used " + std::to_string((use.total_bytes - use.free_bytes) / 1024) + " KiB of " +
            std::to_string(use.total_bytes / 1024) + " KiB");
    }
}

Result<int> run(const System& system, const bundle::Program& program, runtime::Account& account, int& status) {
    BootTrace trace(system.options.trace_boot, program.name);
    status = kStatusRefused;
    caps::KernelGuard guard("code generation", {});
    caps::AccountLedger ledger(account);
    safeir::LoadContext context{
        system.space, system.bindings, &guard, &ledger, safeir::detect_features(), on_first_call, must_stop};
    std::unique_ptr<LoadedProgram> loaded;  // outlives what the background does for it
    std::unique_ptr<Background> background;
    const auto start_background = [&] {
        const auto sir = system.bundle.find(program.file);
        return Background::start(
            system, context, sir ? sir->size() : 0, [&] { return check(system, program); }, account);
    };
    // Without code in the image, another core reads while this one does.
    if (system.options.no_cache || program.caches.empty()) {
        TRY_TO(background, start_background());
    }
    TRY_TO(auto module, check(system, program));
    trace.phase("read-check");
    TRY_TO(loaded, load(system, program, context, std::move(module)));
    trace.phase(loaded->is_lazy() ? "stubs" : "link");
    if (loaded->is_lazy() && background == nullptr) {
        TRY_TO(background, start_background());
    }
    if (background != nullptr) {
        background->serve(*loaded);
    }
    TRY_TO(const auto domain, caps::Domain::create(domain_spec(system, program), *loaded, account));
    trace.phase("memory");
    trace.since("first-instruction", platform::boot_info().entry);
    report_memory(system);
    auto stopped = runtime::StopReason::None;
    status = kStatusTrapped;
    auto code = domain->run(stopped);
    if (stopped != runtime::StopReason::None) {
        status = stopped == runtime::StopReason::Timeout ? kStatusTimeout : kStatusStopped;
    }
    trace.phase("run");
    trace.duration("codegen", loaded->generation_time());
    const auto progress = loaded->progress();
    if (background != nullptr) {
        trace.duration("full-code-called", background->called_after());
        trace.duration("full-code", background->finished_after());
        background.reset();
    }
    if (system.options.verbose) {
        say(prefix(program) + std::to_string(progress.called) + " functions, " + std::to_string(progress.full) +
            " of full quality, " + std::to_string(loaded->code_bytes() / 1024) + " KiB of code");
    }
    return code;
}

}  // namespace

Result<std::unique_ptr<runtime::Account>> make_account(const bundle::Program& program) {
    return runtime::Account::create(program.memory_bytes + kKernelPartBytes, kGuaranteedBytes);
}

int refuse_program(const bundle::Program& program, const Error& error) {
    say(prefix(program) + error.text);
    return kStatusRefused;
}

int run_program(const System& system, const bundle::Program& program, runtime::Account& account) {
    int status = kStatusRefused;
    const auto code = run(system, program, account, status);
    if (!code) {
        say(prefix(program) + code.error().text);
        return status;
    }
    return *code;
}

}  // namespace tessera::system
