#include "caps/load/estate.h"

#include "caps/load/reaper.h"
#include "core/base/assert.h"
#include "core/base/spin_lock.h"
#include "runtime/deferral.h"
#include "runtime/fiber.h"

#include <array>
#include <mutex>
#include <new>
#include <span>
#include <utility>

namespace tessera::caps {
namespace {

// Of the links of all of them.
constinit SpinLock links;

constexpr std::size_t kChildrenAtOnce = 32;
constexpr std::chrono::microseconds kBetweenLooks{100};

}  // namespace

Estate::~Estate() { ASSERT(children_ == nullptr && within_ == nullptr); }

void Estate::drop_user() {
    if (users_.fetch_sub(1) == 1) {
        delete this;
    }
}

Estate* Estate::create_within(Estate& within) {
    const runtime::Deferral kernels_own(nullptr);
    Use<Estate> made(new (std::nothrow) Estate);
    return made && made->enter(within, sizeof(Estate)) ? made.release() : nullptr;
}

bool Estate::enter(Estate& within, std::uint64_t own_bytes) {
    const runtime::Deferral kernels_own(nullptr);
    if (!Reaper::need(runtime::current_worker()->scheduler())) {
        closed_ = gone_ = true;
        return false;
    }
    own_account_ = runtime::Account::create_within(within.account());
    account_ = own_account_.get();
    depth_ = within.depth_ + 1;
    if (account_ == nullptr || depth_ > kDepthMax || !link(within)) {
        Reaper::release();
        closed_ = gone_ = true;
        return false;
    }
    // From here on those above stay, as it is in them.
    if (!account_->charge(own_bytes)) {
        closed_ = true;
        leave();
        return false;
    }
    own_bytes_ = own_bytes;
    return true;
}

bool Estate::link(Estate& within) {
    const std::scoped_lock lock(links);
    if (within.closed_) {
        return false;
    }
    add_user();  // the tree's
    within.add_user();
    within_ = &within;
    previous_ = within.last_child_;
    (previous_ != nullptr ? previous_->next_ : within.children_) = this;
    within.last_child_ = this;
    return true;
}

bool Estate::add_own_bytes(std::size_t bytes) {
    const bool has_room = account_->charge(bytes);
    own_bytes_ += has_room ? bytes : 0;
    return has_room;
}

// Out of the tree, and with it the account's part in those above.
void Estate::leave() {
    auto* const within = within_;
    if (within == nullptr) {
        gone_ = true;
        return;
    }
    account_->credit(own_bytes_.exchange(0));  // while those above are there
    {
        const std::scoped_lock lock(links);
        (previous_ != nullptr ? previous_->next_ : within->children_) = next_;
        (next_ != nullptr ? next_->previous_ : within->last_child_) = previous_;
        within_ = next_ = previous_ = nullptr;
    }
    gone_ = true;
    Reaper::release();
    within->drop_user();
    drop_user();
}

void Estate::mark_closed() {
    const std::scoped_lock lock(links);  // what links itself into it meanwhile has done so, or finds it closed
    closed_ = true;
}

void Estate::close() {
    mark_closed();
    Reaper::add(*this);
}

void Estate::begin_once() {
    if (!busy_.test_and_set()) {
        if (!std::exchange(begun_, true) && !gone_) {
            begin_end();
        }
        busy_.clear();
    }
}

bool Estate::finish_once() {
    if (busy_.test_and_set()) {
        return gone_;  // another fiber is at it
    }
    if (!gone_ && begun_ && finish()) {
        leave();
    }
    const bool done = gone_;
    busy_.clear();
    return done;
}

bool Estate::drain_children() {
    while (true) {
        std::array<Use<Estate>, kChildrenAtOnce> some;
        std::size_t count = 0;
        {
            const std::scoped_lock lock(links);
            for (auto* child = children_; child != nullptr && count < some.size(); child = child->next_) {
                some[count++] = Use<Estate>(*child);
            }
        }
        if (count == 0) {
            return true;
        }
        for (auto& child : std::span(some).first(count)) {
            child->mark_closed();
            child->begin_once();
        }
        bool all = true;
        for (auto& child : std::span(some).first(count)) {
            all = child->drain() && all;
        }
        if (!all) {
            return false;
        }
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as estates may be, kDepthMax
bool Estate::drain() {
    ASSERT(closed_);
    const Use<Estate> here(*this);
    begin_once();
    return gone_ || (drain_children() && finish_once());
}

void Estate::end_all() {
    mark_closed();
    while (!drain() || users_ != 1) {
        runtime::give_way(kBetweenLooks);
    }
}

bool Estate::end() {
    mark_closed();
    auto& fiber = *runtime::current_fiber();
    while (!drain()) {
        if (runtime::is_to_stop(fiber) || holds_this_fiber()) {
            Reaper::add(*this);
            return false;
        }
        runtime::give_way(kBetweenLooks);
    }
    return true;
}

}  // namespace tessera::caps
