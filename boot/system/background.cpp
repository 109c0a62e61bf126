#include "boot/system/background.h"

#include "runtime/worker.h"
#include "safeir/load/upgrade.h"

#include <atomic>
#include <mutex>

namespace tessera::system {
namespace {

using Clock = std::chrono::steady_clock;
using Step = safeir::Upgrade::Step;

constexpr auto kPoll = std::chrono::milliseconds(1);

std::int64_t nanoseconds(Clock::time_point when) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
}

}  // namespace

struct Background::Shared {
    std::atomic<bool> stop = false;
    std::atomic<bool> ended = false;
    std::atomic<safeir::LoadedProgram*> program = nullptr;
    std::atomic<std::int64_t> called_after_ns = 0;
    std::atomic<std::int64_t> finished_after_ns = 0;
    Clock::time_point started = Clock::now();
    std::mutex mutex;
    runtime::Fiber* fiber = nullptr;  // while there is one to be hurried

    void be_interruptible(runtime::Fiber* now) {
        const std::scoped_lock lock(mutex);
        fiber = now;
    }

    void work(const safeir::LoadContext& context, const std::function<Result<safeir::CheckedModule>()>& read) {
        auto module = read();
        while (!stop && program == nullptr) {
            runtime::sleep_until(Clock::now() + kPoll);
        }
        if (!module || stop) {
            return;
        }
        auto upgrade = safeir::Upgrade::create(context, *program, std::move(*module));
        while (upgrade && !stop) {
            const auto step = (*upgrade)->step();
            if (!step) {
                return;
            }
            note_progress(*step == Step::Done);
            if (*step == Step::Done) {
                return;
            }
            if (*step == Step::Waiting) {
                runtime::sleep_until(Clock::now() + kPoll);
            } else {
                runtime::yield();
            }
        }
    }

    void note_progress(bool finished) {
        const auto now = (Clock::now() - started).count();
        if (!program.load()->progress().called_are_full) {
            called_after_ns = 0;
        } else if (called_after_ns == 0) {
            called_after_ns = now;
        }
        if (finished) {
            finished_after_ns = now;
        }
    }
};

Background::Background(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

Result<std::unique_ptr<Background>> Background::start(const System& system,
                                                      const safeir::LoadContext& context,
                                                      std::function<Result<safeir::CheckedModule>()> read) {
    auto shared = std::make_shared<Shared>();
    TRY_VOID(system.scheduler->spawn([shared, &context, read = std::move(read)] {
        shared->be_interruptible(runtime::current_fiber());
        shared->work(context, read);
        shared->be_interruptible(nullptr);
        shared->ended = true;
    }));
    return std::unique_ptr<Background>(new Background(std::move(shared)));
}

void Background::serve(safeir::LoadedProgram& program) { shared_->program = &program; }

Background::~Background() {
    shared_->stop = true;
    while (!shared_->ended) {
        {
            // What it compiles now may take long: over its deadline, a guarded run ends.
            const std::scoped_lock lock(shared_->mutex);
            if (shared_->fiber != nullptr) {
                shared_->fiber->deadline_ns = nanoseconds(shared_->started);
            }
        }
        runtime::yield();
    }
}

Clock::duration Background::called_after() const { return std::chrono::nanoseconds(shared_->called_after_ns); }
Clock::duration Background::finished_after() const { return std::chrono::nanoseconds(shared_->finished_after_ns); }

}  // namespace tessera::system
