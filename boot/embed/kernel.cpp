#include "boot/embed/kernel.h"

#include "boot/embed/host_object.h"
#include "caps/imports.h"
#include "caps/kernel_guard.h"
#include "core/platform/hosted/signals.h"
#include "core/platform/platform.h"
#include "runtime/reserve.h"
#include "runtime/trap.h"

#include <map>
#include <pthread.h>

namespace tessera::embed {
namespace {

namespace hosted = platform::hosted;

constexpr std::uint64_t kGuaranteedBytes = std::uint64_t{512} << 10U;

// What traps lead to, and signals, is the process's.
constinit std::atomic<bool> is_there = false;
constinit std::atomic<bool> forked = false;

void note_forks() {
    static const int noted = pthread_atfork(nullptr, nullptr, [] { forked = is_there.load(); });
    (void)noted;
}

}  // namespace

bool Kernel::is_forked() { return forked.load(std::memory_order_relaxed); }

Result<std::unique_ptr<Kernel>> Kernel::start(const Options& options) {
    if (is_there.exchange(true)) {
        return fail(Blame::Caller, "there is a kernel in this process already");
    }
    note_forks();
    std::unique_ptr<Kernel> kernel(new Kernel);
    if (auto begun = kernel->begin(options); !begun) {
        return std::unexpected(std::move(begun).error());
    }
    return kernel;
}

Result<void> Kernel::begin(const Options& options) {
    if (options.workers > platform::cpu_count() * 8 || options.calls > 4096) {
        return fail(Blame::Caller, "so many workers, or calls at once, make no sense");
    }
    hosted::remember_processors();
    TRY_TO(space_, safeir::CodeSpace::create());
    bindings_.emplace(caps::all_bindings());
    places_ = {.space = space_.get(), .bindings = &*bindings_};
    runtime::install_handlers(space_->begin(), space_->end());
    caps::install_guard_handlers();
    has_handlers_ = hosted::share_signal_handlers();
    if (!has_handlers_) {
        return fail(Blame::Machine, "no real-time signal is left for its timers");
    }
    for (const auto& object : {caps::platform_console(), caps::platform_clock(), caps::platform_random()}) {
        (void)object;  // made now, on no fiber
    }
    if (!runtime::keep_reserve()) {
        return fail(Blame::Machine, "no memory is left for the kernel");
    }
    const auto free = platform::memory_use().free_bytes;
    runtime::set_accounts_limit(free);
    TRY_TO(account_,
           runtime::Account::create(options.memory_bytes == 0 ? free : options.memory_bytes, kGuaranteedBytes));
    root_.emplace(*account_);
    scheduler_ = std::make_unique<runtime::Scheduler>(options.workers, options.calls);
    scheduler_->keep();
    is_kept_ = true;
    TRY_TO(seats_, Seats::create(*scheduler_, options.calls, [this] { tell_buried(); }));
    const hosted::NoSignals none;
    workers_ = std::thread([this] {
        platform::prepare_thread(0);
        scheduler_->run();
    });
    return {};
}

Kernel::~Kernel() {
    if (workers_.joinable()) {
        visit([this] { root_->end_all(); });
    }
    if (is_kept_) {
        scheduler_->let_go();
    }
    if (workers_.joinable()) {
        workers_.join();
    }
    seats_.reset();
    tell_buried();
    root_.reset();
    account_.reset();
    kept_.clear();
    if (has_handlers_) {
        hosted::give_back_signal_handlers();
        hosted::release_visitor();
    }
    (void)runtime::open_reserve();
    is_there = false;
}

void Kernel::bury(HostObject& object) {
    const std::scoped_lock lock(graves_lock_);
    object.next_buried = graves_;
    graves_ = &object;
}

void Kernel::tell_buried() {
    HostObject* all = nullptr;
    {
        const std::scoped_lock lock(graves_lock_);
        all = std::exchange(graves_, nullptr);
    }
    while (all != nullptr) {
        const std::unique_ptr<HostObject> object(all);
        all = object->next_buried;
        object->tell_released();
    }
}

void Kernel::keep(caps::ObjectRef object) {
    const std::scoped_lock lock(mutex_);
    kept_.push_back(std::move(object));
}

// By no fiber: it is looked up before an object is made. Headers that are read after their end may still lead here.
const safeir::MethodTable& Kernel::table_of(std::uint64_t interface) {
    static std::mutex mutex;
    static std::map<std::uint64_t, safeir::MethodTable> tables;
    const std::scoped_lock lock(mutex);
    auto& table = tables[interface];
    table.interface = interface;
    table.by_words = HostObject::handler();
    table.released = HostObject::end_handler();
    return table;
}

}  // namespace tessera::embed
