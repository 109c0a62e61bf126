#include "boot/system/program_run.h"

#include "boot/system/background.h"
#include "boot/system/boot_trace.h"
#include "caps/domain.h"
#include "caps/file_tree.h"
#include "caps/kernel_guard.h"
#include "caps/ledger.h"
#include "caps/load/estate.h"
#include "caps/load/made_code.h"
#include "caps/load/on_demand.h"
#include "core/platform/platform.h"
#include "runtime/account.h"
#include "runtime/deferral.h"
#include "runtime/heap.h"
#include "runtime/program_heap.h"
#include "runtime/trap.h"
#include "safeir/check/checked_module.h"
#include "safeir/load/program.h"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::system {
namespace {

using safeir::CheckedModule;
using safeir::GuardedPtr;
using safeir::LoadedProgram;

// What the kernel may keep for a program, beside the program's own memory; and what no other program can take from it.
constexpr std::uint64_t kKernelPartBytes = std::uint64_t{64} << 20U;
constexpr std::uint64_t kGuaranteedBytes = std::uint64_t{512} << 10U;
// And what reading, checking and code generation may take, most of it for a short time.
constexpr std::uint64_t kHeapBytesMax = std::uint64_t{1} << 30U;  // the account's limit is lower
constexpr std::uint64_t kLoadingBytes = std::uint64_t{4} << 30U;

std::string prefix(const bundle::Program& program) { return "tessera: program '" + program.name + "': "; }

Result<GuardedPtr<CheckedModule>> check(const System& system, const bundle::Program& program, safeir::Guard& guard) {
    const auto sir = system.bundle.find(program.file);
    if (!sir) {
        return fail(Blame::Caller, "its file " + program.file + " is not in the image");
    }
    CheckedModule* checked = nullptr;
    TRY_VOID(guard.run([&]() -> Result<void> {
        TRY_TO(auto module, safeir::check_program(*sir));
        checked = new CheckedModule(std::move(module));
        return {};
    }));
    return safeir::guarded(guard, checked);
}

// What the image has of its code, if that fits. Null: none does.
std::unique_ptr<LoadedProgram> load_cached(const System& system,
                                           const bundle::Program& program,
                                           safeir::LoadContext& context,
                                           const CheckedModule& module) {
    std::vector<std::span<const std::byte>> codes;
    codes.reserve(program.caches.size());
    for (const auto& name : program.caches) {
        codes.push_back(system.bundle.find(name).value_or(std::span<const std::byte>()));
    }
    auto made = caps::take_made_code(context, module, codes);
    if (system.options.verbose) {
        say(prefix(program) + (made.program != nullptr ? "code for " + std::string(features_name(context.features)) +
                                                             " from " + program.caches[made.index]
                                                       : "no generated code is taken from the image: " +
                                                             (codes.empty() ? "the image has none" : made.why_not)));
    }
    return std::move(made.program);
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
        return {.object = caps::platform_console(), .name = "console"};
    case bundle::GrantKind::Clock:
        return {.object = caps::platform_clock(), .name = "clock"};
    case bundle::GrantKind::Random:
        return {.object = caps::platform_random(), .name = "random"};
    case bundle::GrantKind::Loader:
        return {.object = system.loader, .name = "loader"};
    case bundle::GrantKind::Cores:
        return {.object = caps::platform_cores(), .name = "cores"};
    case bundle::GrantKind::Directory:
        return {.object = system.directories.at(grant.prefix), .name = grant.guest_path};
    case bundle::GrantKind::Object:
        break;
    }
    return {.object = nullptr, .name = grant.name};  // the object when its server is ready
}

}  // namespace

void find_modules(System& system) {
    constexpr std::string_view kModules = "modules/";
    for (auto i = system.bundle.lower_bound(kModules); i < system.bundle.entry_count(); ++i) {
        const auto entry = system.bundle.entry(i);
        if (!entry.name.starts_with(kModules)) {
            break;
        }
        caps::ImageModule module{.program = entry.bytes, .codes = {}};
        const auto codes = "codes/" + std::string(entry.name.substr(kModules.size())) + "/";
        for (auto at = system.bundle.lower_bound(codes);
             at < system.bundle.entry_count() && system.bundle.entry(at).name.starts_with(codes);
             ++at) {
            module.codes.push_back(system.bundle.entry(at).bytes);
        }
        system.modules.push_back(std::move(module));
    }
}

void make_directories(System& system, const bundle::Manifest& manifest) {
    for (const auto& program : manifest.programs) {
        for (const auto& grant : program.grants) {
            if (grant.kind == bundle::GrantKind::Directory && !system.directories.contains(grant.prefix)) {
                system.directories[grant.prefix] = directory_of(system, grant.prefix);
            }
        }
    }
}

namespace {

std::chrono::nanoseconds timeout_of(const System& system, const bundle::Program& program) {
    return system.options.timeout.count() != 0 ? system.options.timeout : std::chrono::milliseconds(program.timeout_ms);
}

caps::DomainSpec domain_spec(const System& system, const bundle::Program& program, std::chrono::nanoseconds timeout) {
    caps::DomainSpec spec;
    spec.name = program.name;
    spec.args.push_back(program.name);
    spec.args.insert(spec.args.end(), program.args.begin(), program.args.end());
    spec.env = program.env;
    for (const auto& grant : program.grants) {
        spec.grants.push_back(make_grant(system, grant));
    }
    spec.memory_bytes_max = program.memory_bytes;
    spec.timeout = timeout;
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

// Counted, and let go of.
class References {
  public:
    References() = default;
    ~References() {
        for (auto* object : objects_) {
            if (caps::drop_reference(*object)) {
                caps::end_object(*object);
            }
        }
    }
    References(const References&) = delete;
    References& operator=(const References&) = delete;
    void add(caps::ObjectHeader* object) { objects_.push_back(object); }

  private:
    std::vector<caps::ObjectHeader*> objects_;
};

// A program from its bytes to its end. Members go in the opposite order: first the background's work, then the code
// that it was for, at last all that the guards' runs have made, which is dropped whole.
class ProgramRun {
  public:
    ProgramRun(const System& system,
               const bundle::Program& program,
               runtime::Account& account,
               runtime::Account& loading,
               runtime::Heap& heap)
        : system_(system), program_(program), account_(account), loading_(loading), heap_(heap), ledger_(account, heap),
          timeout_(timeout_of(system, program)), trace_(system.options.trace_boot, program.name),
          deadline_(*runtime::current_fiber(), timeout_), estate_(account) {}
    ~ProgramRun() { estate_.end_all(); }
    ProgramRun(const ProgramRun&) = delete;
    ProgramRun& operator=(const ProgramRun&) = delete;

    // The exit status, also where there is an error.
    [[nodiscard]] int status() const { return status_; }

    Result<int> run() {
        if (auto done = load(); !done) {
            return stopped_while_loading() ? fail(Blame::Program, "ran longer than its time limit, while it was loaded")
                                           : std::unexpected(std::move(done).error());
        }
        caps::DomainSpec* spec = nullptr;
        TRY_VOID(granting_.run([&]() -> Result<void> {
            spec = new caps::DomainSpec(domain_spec(system_, program_, timeout_));
            spec->estate = &estate_;
            return {};
        }));
        for (std::size_t i = 0; i < program_.grants.size(); ++i) {
            if (program_.grants[i].kind == bundle::GrantKind::Object) {
                const auto object = system_.services->object(program_.grants[i]);
                if (!object) {
                    (void)stopped_while_loading();  // for the status
                    return std::unexpected(object.error());
                }
                spec->grants[i].header = *object;
                const std::string_view id = program_.grants[i].prefix;
                (void)std::from_chars(id.data(), id.data() + id.size(), spec->grants[i].interface, 16);
            }
            TRY_VOID(interpose(program_.grants[i], spec->grants[i]));
        }
        TRY_TO(const auto domain, caps::Domain::create(std::move(*spec), *loaded_, account_));
        if (heap_.overdrawn()) {
            return fail(Blame::Machine, "out of memory: what the kernel keeps for it leaves it no room to begin");
        }
        trace_.phase("memory");
        trace_.since("first-instruction", platform::boot_info().entry);
        report_memory(system_);
        auto stopped = runtime::StopReason::None;
        status_ = kStatusTrapped;
        auto code = domain->run(stopped);
        set_status(stopped);
        trace_.phase("run");
        if (code && *code == 0 && system_.services->is_server(program_)) {
            system_.services->ready(program_, domain.get());
            system_.services->wait_for_users(program_);
        }
        report_code();
        return code;
    }

  private:
    // Before the one that it is granted, the programs' of which it knows nothing.
    Result<void> interpose(const bundle::Grant& said, caps::Grant& grant) {
        for (const auto& by : said.interposed) {
            auto& object = grant.header != nullptr ? *grant.header : grant.object->header();
            grant.interface = grant.interface != 0 ? grant.interface : object.methods->interface;
            TRY_TO(grant.header, system_.services->interpose(by, object));
            grant.object.reset();
            interposed_.add(grant.header);
        }
        return {};
    }

    Result<void> load() {
        // Without code in the image, another core reads while this one does.
        if (system_.options.no_cache || program_.caches.empty()) {
            TRY_VOID(start_background());
        }
        TRY_TO(auto module, check(system_, program_, *generation_));
        trace_.phase("read-check");
        if (!system_.options.no_cache) {
            loaded_ = load_cached(system_, program_, context_, *module);
        }
        if (loaded_ != nullptr) {
            trace_.phase("link");
            generation_.reset();  // with the module, which is large
            return {};
        }
        {
            const runtime::Deferral of_all(nullptr);  // once for all programs
            platform::prepare_code_generator();
        }
        context_.guard = &*generation_;
        TRY_TO(loaded_, LoadedProgram::lazy(context_, std::move(module)));
        trace_.phase("stubs");
        if (background_ == nullptr) {
            TRY_VOID(start_background());
        }
        background_->serve(*loaded_);
        return {};
    }

    Result<void> start_background() {
        const auto sir = system_.bundle.find(program_.file);
        const ReadProgram read = [this](safeir::Guard& guard) { return check(system_, program_, guard); };
        TRY_TO(background_, Background::start(system_, context_, sir ? sir->size() : 0, read, loading_, account_));
        return {};
    }

    bool stopped_while_loading() {
        auto& fiber = *runtime::current_fiber();
        runtime::check_stop(fiber);
        set_status(fiber.stop.load());
        return fiber.stop.load() == runtime::StopReason::Timeout;
    }

    void set_status(runtime::StopReason stopped) {
        if (stopped != runtime::StopReason::None) {
            status_ = stopped == runtime::StopReason::Timeout ? kStatusTimeout : kStatusStopped;
        }
    }

    void report_code() {
        trace_.duration("codegen", loaded_->generation_time());
        const auto progress = loaded_->progress();
        if (background_ != nullptr) {
            trace_.duration("full-code-called", background_->called_after());
            trace_.duration("full-code", background_->finished_after());
            background_.reset();
        }
        if (system_.options.verbose) {
            say(prefix(program_) + std::to_string(progress.called) + " functions, " + std::to_string(progress.full) +
                " of full quality, " + std::to_string(loaded_->code_bytes() / 1024) + " KiB of code");
        }
    }

    const System& system_;
    const bundle::Program& program_;
    runtime::Account& account_;
    runtime::Account& loading_;
    runtime::Heap& heap_;
    caps::AccountLedger ledger_;
    std::chrono::nanoseconds timeout_;
    BootTrace trace_;
    int status_ = kStatusRefused;
    runtime::DeadlineScope deadline_;  // loading is inside the program's time
    // What is made of the module, and what only needs the image's code.
    caps::KernelGuard::Limits limits_{.payer = caps::payer_of(loading_),
                                      // Code of a program that others call is made on their fibers, too: one that runs
                                      // out of its time spoils it for nobody.
                                      .ends = system_.services->is_server(program_) ? runtime::RunEnds::ByItself
                                                                                    : runtime::RunEnds::WithProgram};
    caps::KernelGuard granting_{"what it is granted", {.payer = caps::payer_of(account_)}};
    std::optional<caps::KernelGuard> generation_{std::in_place, "code generation", limits_};
    caps::KernelGuard linking_{"linking", limits_};
    safeir::LoadContext context_{system_.space,
                                 system_.bindings,
                                 &linking_,
                                 &ledger_,
                                 safeir::detect_features(),
                                 caps::make_on_first_call,
                                 caps::wait_for_code};
    std::unique_ptr<LoadedProgram> loaded_;
    std::unique_ptr<Background> background_;
    caps::Estate estate_;  // what it has loaded itself
    References interposed_;
};

}  // namespace

Result<std::unique_ptr<runtime::Account>> make_account(const bundle::Program& program) {
    using runtime::Resource;
    TRY_TO(auto account, runtime::Account::create(program.memory_bytes + kKernelPartBytes, kGuaranteedBytes));
    account->set_limit(Resource::Slots, program.limits.slots);
    account->set_limit(Resource::Objects, program.limits.objects);
    account->set_limit(Resource::Fibers, program.limits.fibers);
    account->set_limit(Resource::Microseconds, program.limits.microseconds);
    return account;
}

int refuse_program(const bundle::Program& program, const Error& error) {
    say(prefix(program) + error.text);
    return kStatusRefused;
}

int run_program(const System& system, const bundle::Program& program, runtime::Account& account) {
    const auto loading = runtime::Account::create(kLoadingBytes, 0);
    if (!loading) {
        return refuse_program(program, loading.error());
    }
    (*loading)->let_fail(account.lets_fail());
    const auto heap = runtime::Heap::create({.bytes_max = kHeapBytesMax,
                                             .use = runtime::Heap::Use::Shared,
                                             .payer = caps::payer_of(account),
                                             .reserve_bytes = runtime::kHeapReserveBytes});
    if (heap == nullptr) {
        return refuse_program(program, {Blame::Machine, "no memory is left for what the kernel keeps for it"});
    }
    const runtime::ProgramHeap current(*heap);
    heap->tell_when_overdrawn(runtime::current_fiber()->attention);
    ProgramRun run(system, program, account, **loading, *heap);
    const auto code = run.run();
    if (!code) {
        say(prefix(program) + code.error().text);
        return run.status();
    }
    return *code;
}

}  // namespace tessera::system
