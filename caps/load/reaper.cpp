#include "caps/load/reaper.h"

#include "caps/load/estate.h"
#include "caps/load/instance.h"
#include "core/base/spin_lock.h"
#include "runtime/deferral.h"

#include <chrono>
#include <mutex>

namespace tessera::caps {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{1};

constinit std::mutex starting;
constinit SpinLock lock;  // of the rest
constinit Estate* to_do = nullptr;
constinit Instance* to_tell = nullptr;
constinit unsigned needed = 0;
constinit bool is_there = false;

}  // namespace

void Reaper::add(Estate& closed) {
    const std::scoped_lock locked(lock);
    if (!closed.to_do_) {
        closed.to_do_ = true;
        closed.add_user();
        closed.to_do_next_ = to_do;
        to_do = &closed;
    }
}

void Reaper::tell(Instance& instance) {
    const std::scoped_lock locked(lock);
    instance.add_user();
    instance.tell_next_ = to_tell;
    to_tell = &instance;
}

namespace {

// False: nobody needs it any more.
bool look() {
    const std::scoped_lock locked(lock);
    is_there = needed != 0 || to_do != nullptr;
    return is_there;
}

}  // namespace

void Reaper::work() {
    while (look()) {
        Estate* all = nullptr;
        Instance* told = nullptr;
        {
            const std::scoped_lock locked(lock);
            all = std::exchange(to_do, nullptr);
            told = std::exchange(to_tell, nullptr);
        }
        while (told != nullptr) {
            const Use<Instance> instance(told);
            told = instance->tell_next_;
            if (!instance->is_closed() && !instance->spawn(&Instance::tell)) {
                tell(*instance);  // when it has memory again
            }
        }
        while (all != nullptr) {
            const Use<Estate> estate(all);
            all = estate->to_do_next_;
            {
                const std::scoped_lock locked(lock);
                estate->to_do_ = false;
            }
            if (!estate->drain()) {
                add(*estate);
            }
        }
        runtime::give_way(kBetweenLooks);
    }
}

Result<void> Reaper::need(runtime::Scheduler& scheduler) {
    const std::scoped_lock alone(starting);
    {
        const std::scoped_lock locked(lock);
        ++needed;
        if (std::exchange(is_there, true)) {
            return {};
        }
    }
    const runtime::Deferral kernels_own(nullptr);
    auto spawned = scheduler.spawn(work);
    if (!spawned) {
        const std::scoped_lock locked(lock);
        --needed;
        is_there = false;
    }
    return spawned;
}

void Reaper::release() {
    const std::scoped_lock locked(lock);
    --needed;
}

}  // namespace tessera::caps
