// Guarded<T, rank>: data that can be reached only while its lock is held.
//   Guarded<std::vector<File>, LockRank::FileTree> files_;
//   const auto files = files_.lock();  // held until `files` goes
//   files->push_back(file);
// The lock has no name of its own, so nothing can forget it; its rank (held_locks.h) says what may be held already.
#pragma once

#include "core/base/held_locks.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace tessera {

// Access to a T for as long as this lives.
template <typename T, LockRank kRank, typename Mutex>
class Locked {
  public:
    Locked(Mutex& mutex, T& value) : value_(value), lock_(mutex, std::defer_lock) {
        // Noted only while the lock is held: guarded work may be cut off before, but not between.
        lock_is_wanted(kRank);
        lock_.lock();
        lock_is_taken(kRank);
    }
    ~Locked() {
        lock_is_released(kRank);
        lock_.unlock();
    }
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;

    [[nodiscard]] T& operator*() const { return value_; }
    [[nodiscard]] T* operator->() const { return &value_; }

    // Lets others have the data until `condition`, which is asked with the lock held, is true.
    template <typename Condition>
    void wait(std::condition_variable& changed, Condition condition) {
        changed.wait(lock_, condition);
    }

  private:
    T& value_;
    std::unique_lock<Mutex> lock_;
};

template <typename T, LockRank kRank, typename Mutex = std::mutex>
class Guarded {
  public:
    template <typename... Arguments>
    explicit Guarded(Arguments&&... arguments) : value_(std::forward<Arguments>(arguments)...) {}
    Guarded(const Guarded&) = delete;
    Guarded& operator=(const Guarded&) = delete;

    // A name for the result, or one full expression: `files_.lock()->size()`.
    [[nodiscard]] Locked<T, kRank, Mutex> lock() [[clang::lifetimebound]] { return {mutex_, value_}; }
    [[nodiscard]] Locked<const T, kRank, Mutex> lock() const [[clang::lifetimebound]] { return {mutex_, value_}; }

  private:
    mutable Mutex mutex_;
    T value_;
};

}  // namespace tessera
