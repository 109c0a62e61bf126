// The hosted kernel inside of a process that is somebody else's: one at a time, from its start to its stop.
#pragma once

#include "boot/embed/seats.h"
#include "caps/load/estate.h"
#include "caps/load/module.h"
#include "caps/object.h"
#include "core/base/spin_lock.h"
#include "runtime/account.h"
#include "runtime/worker.h"
#include "safeir/load/bindings.h"
#include "safeir/load/code_region.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace tessera::embed {

class HostObject;

class Kernel {
  public:
    struct Options {
        unsigned workers;
        unsigned calls;
        std::uint64_t memory_bytes;  // 0: what is free
    };
    // The error: there is one already, or what is missing.
    [[nodiscard]] static Result<std::unique_ptr<Kernel>> start(const Options& options);
    // Nobody uses it any more: everything goes back.
    ~Kernel();
    Kernel(const Kernel&) = delete;
    Kernel& operator=(const Kernel&) = delete;

    // `work` on a fiber of this thread.
    template <typename Work>
    void visit(Work&& work) {
        seats_->visit(std::forward<Work>(work));
    }

    [[nodiscard]] caps::Estate& root() { return *root_; }
    [[nodiscard]] const caps::LoadPlaces& places() const { return places_; }

    // Handles that the host has: while there are any, it stays.
    void add_handle() { handles_.fetch_add(1); }
    void drop_handle() { handles_.fetch_sub(1); }
    [[nodiscard]] bool has_handles() const { return handles_.load() != 0; }

    // From any context: the last reference to an object of the host's is gone. Its owner is told by a thread of ours.
    void bury(HostObject& object);
    // Objects that are there until the kernel stops.
    void keep(caps::ObjectRef object);
    // What the methods table of an interface's objects is, which has to stay where it is.
    [[nodiscard]] const safeir::MethodTable& table_of(std::uint64_t interface);

    // In a child of the process that started it: there are none of its threads.
    [[nodiscard]] static bool is_forked();

  private:
    Kernel() = default;
    Result<void> begin(const Options& options);
    void tell_buried();

    bool has_handlers_ = false;
    bool is_kept_ = false;
    std::unique_ptr<safeir::CodeSpace> space_;
    std::optional<safeir::Bindings> bindings_;
    caps::LoadPlaces places_;
    std::unique_ptr<runtime::Account> account_;
    std::optional<caps::Estate> root_;
    std::unique_ptr<runtime::Scheduler> scheduler_;
    std::unique_ptr<Seats> seats_;
    std::thread workers_;
    std::atomic<std::uint64_t> handles_ = 0;
    std::mutex mutex_;
    std::vector<caps::ObjectRef> kept_;
    SpinLock graves_lock_;
    HostObject* graves_ = nullptr;
};

}  // namespace tessera::embed
