#include "boot/system/background.h"

#include "caps/kernel_guard.h"
#include "caps/ledger.h"
#include "core/platform/platform.h"
#include "runtime/deferral.h"
#include "runtime/worker.h"
#include "safeir/load/upgrade.h"

#include <atomic>
#include <mutex>
#include <vector>

namespace tessera::system {
namespace {

using Clock = std::chrono::steady_clock;
using safeir::Upgrade;

constexpr auto kPoll = std::chrono::milliseconds(1);
// Of a program that never rests, full code takes half the time until it has what it called, which was slow so far,
constexpr auto kProgramsHalf = std::chrono::milliseconds(5);
// and a tenth for what it may never call.
constexpr auto kProgramsMost = std::chrono::milliseconds(45);
// Without a new function for so long, a program's start is over.
constexpr auto kRest = std::chrono::milliseconds(30);
// A checked module takes some 60 times its file's bytes: for one more, memory has to be plentiful.
constexpr std::uint64_t kFreeMemoryFactor = 256;

bool has_memory_for(std::size_t program_bytes) {
    return platform::memory_use().free_bytes / kFreeMemoryFactor >= program_bytes;
}

std::int64_t nanoseconds(Clock::time_point when) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
}

}  // namespace

struct Background::Shared {
    std::atomic<bool> stop = false;
    std::atomic<unsigned> at_work = 0;
    std::atomic<safeir::LoadedProgram*> program = nullptr;
    std::atomic<std::int64_t> called_after_ns = 0;
    std::atomic<std::int64_t> finished_after_ns = 0;
    Clock::time_point started = Clock::now();
    safeir::LoadContext context;
    runtime::Account* loading = nullptr;
    ReadProgram read;
    std::mutex mutex;
    std::vector<runtime::Fiber*> fibers;  // those that may have to be hurried

    void work(safeir::LoadContext context, Upgrade::Makes makes, std::size_t program_bytes) {
        if (makes == Upgrade::Makes::Full && !(wait_for_rest() && has_memory_for(program_bytes))) {
            return;
        }
        // Dropped whole at the end, with all that is made in it.
        caps::KernelGuard guard("code generation", {.payer = caps::payer_of(*loading)});
        context.guard = &guard;
        auto module = read(guard);
        while (!stop && program == nullptr) {
            runtime::sleep_until(Clock::now() + kPoll);
        }
        if (!module || stop) {
            return;
        }
        auto upgrade = Upgrade::create(context, *program, std::move(*module), makes);
        while (upgrade && !stop) {
            const auto step = (*upgrade)->step();
            if (!step) {
                return;
            }
            note_progress(*step == Upgrade::Step::Done);
            if (*step == Upgrade::Step::Done) {
                return;
            }
            if (*step == Upgrade::Step::Waiting) {
                runtime::sleep_until(Clock::now() + kPoll);
            } else {
                runtime::yield();
            }
        }
    }

    // The program has started, and comes to no function that is new. False: it has ended.
    bool wait_for_rest() {
        std::uint32_t called = 0;
        auto last = Clock::now();
        while (!stop && (called == 0 || Clock::now() - last < kRest)) {
            if (const auto now = program == nullptr ? 0 : program.load()->progress().called; now != called) {
                called = now;
                last = Clock::now();
            }
            runtime::sleep_until(Clock::now() + kPoll);
        }
        return !stop;
    }

    void note_progress(bool finished) {
        const auto now = (Clock::now() - started).count();
        const bool called_are_full = program.load()->progress().called_are_full;
        runtime::let_others_run(called_are_full ? kProgramsMost : kProgramsHalf);
        if (!called_are_full) {
            called_after_ns = 0;
        } else if (called_after_ns == 0) {
            called_after_ns = now;
        }
        if (finished) {
            finished_after_ns = now;
        }
    }

    void begin(runtime::Fiber* fiber) {
        const std::scoped_lock lock(mutex);
        fibers.push_back(fiber);
    }

    void end(runtime::Fiber* fiber) {
        const std::scoped_lock lock(mutex);
        std::erase(fibers, fiber);
        --at_work;
    }
};

Background::Background(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

Result<std::unique_ptr<Background>> Background::start(const System& system,
                                                      const safeir::LoadContext& context,
                                                      std::size_t program_bytes,
                                                      ReadProgram read,
                                                      runtime::Account& loading,
                                                      runtime::Account& account) {
    // The fibers may be the last that have it, when the program's memory is gone.
    const runtime::Deferral kernels_own(nullptr);
    auto shared = std::make_shared<Shared>();
    shared->context = context;
    shared->loading = &loading;
    shared->read = std::move(read);
    std::unique_ptr<Background> background(new Background(shared));
    const auto spawn = [&](unsigned core, Upgrade::Makes makes) -> Result<void> {
        ++shared->at_work;
        auto spawned = system.scheduler->spawn_background(
            core,
            [shared, makes, program_bytes] {
                auto* const fiber = runtime::current_fiber();
                shared->begin(fiber);
                shared->work(shared->context, makes, program_bytes);
                shared->end(fiber);
            },
            &account);
        if (!spawned) {
            --shared->at_work;
        }
        return spawned;
    };
    const auto here = runtime::current_worker()->core();
    if (system.scheduler->worker_count() > 1) {
        TRY_VOID(spawn(here + 1, Upgrade::Makes::QuickAndFull));
    }
    TRY_VOID(spawn(here, Upgrade::Makes::Full));
    return background;
}

void Background::serve(safeir::LoadedProgram& program) { shared_->program = &program; }

Background::~Background() {
    shared_->stop = true;
    while (shared_->at_work != 0) {
        {
            // Over its deadline, a guarded run ends wherever it is.
            const std::scoped_lock lock(shared_->mutex);
            for (auto* fiber : shared_->fibers) {
                fiber->deadline_ns = nanoseconds(shared_->started);
            }
        }
        runtime::give_way(kPoll);
    }
}

Clock::duration Background::called_after() const { return std::chrono::nanoseconds(shared_->called_after_ns); }
Clock::duration Background::finished_after() const { return std::chrono::nanoseconds(shared_->finished_after_ns); }

}  // namespace tessera::system
