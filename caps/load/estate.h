// What exists at an account's expense, and goes with it: accounts within it, programs that were loaded, their
// instances. Each is an estate of its own with an account of its own, so that they form a tree, and to close one ends
// all below it.
//
// An estate outlives what it is of: whoever holds an object that stands for it finds it closed. So closing it only
// marks it; ending what is in it takes time, which is that of whoever waits for it (drain), or else the kernel's
// (reaper.h).
#pragma once

#include "caps/object/header.h"
#include "runtime/account.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace tessera::caps {

class Estate {
  public:
    static constexpr unsigned kDepthMax = 32;

    // An image's program, whose account is somebody else's and outlives it.
    explicit Estate(runtime::Account& account) : account_(&account) {}
    virtual ~Estate();
    Estate(const Estate&) = delete;
    Estate& operator=(const Estate&) = delete;

    // The kernel's own memory, which may outlive whoever asked for it, is what `made` is of. It has one reference, the
    // caller's; null: `within` is closed, too deep, or has no room for so many bytes, and it is gone.
    [[nodiscard]] static Estate* create_within(Estate& within);
    [[nodiscard]] runtime::Account& account() { return *account_; }
    [[nodiscard]] bool is_closed() const { return closed_.load(); }
    // Nothing of it is left but this.
    [[nodiscard]] bool is_gone() const { return gone_.load(); }

    void add_user() { users_.fetch_add(1); }
    void drop_user();

    // Nothing new comes into it or below, and all that is there is to end. Does not wait, takes no memory.
    void close();
    // Of a closed one, on a fiber, in kernel code: ends what can be ended at once. False: something is still under way.
    [[nodiscard]] bool drain();
    // Closes and waits. False: the fiber's own program has to end, or is in what ends; the kernel does the rest.
    bool end();
    // The same, on a fiber that is in no program: whatever is in it comes to its end.
    void end_all();

  protected:
    Estate() = default;
    // Makes it a part of `within`. False: it can't be.
    [[nodiscard]] bool enter(Estate& within, std::uint64_t own_bytes);

    // What it takes later itself, and gives back with the rest. False: there is no room.
    [[nodiscard]] bool add_own_bytes(std::size_t bytes);

    // Once, and never while finish() is at work: whatever runs in it is told to end.
    virtual void begin_end() {}
    // Of one that has been told, with nothing below it: gives back what it has. False: not yet.
    [[nodiscard]] virtual bool finish() { return true; }
    // Whether the current fiber is in it, and so can't wait for its end.
    [[nodiscard]] virtual bool holds_this_fiber() const { return false; }

  private:
    friend class Reaper;
    [[nodiscard]] bool link(Estate& within);
    void mark_closed();
    void leave();
    void begin_once();
    [[nodiscard]] bool drain_children();
    [[nodiscard]] bool finish_once();

    std::unique_ptr<runtime::Account> own_account_;
    runtime::Account* account_ = nullptr;
    Estate* within_ = nullptr;
    std::atomic<std::uint64_t> own_bytes_ = 0;
    unsigned depth_ = 0;
    std::atomic<std::uint32_t> users_ = 1;
    std::atomic<bool> closed_ = false;
    std::atomic<bool> gone_ = false;
    std::atomic_flag busy_;  // held for what follows
    bool begun_ = false;
    // Under the lock of all estates.
    Estate* children_ = nullptr;
    Estate* last_child_ = nullptr;
    Estate* next_ = nullptr;
    Estate* previous_ = nullptr;
    Estate* to_do_next_ = nullptr;
    bool to_do_ = false;
};

// For as long as somebody uses it.
template <typename T>
class Use {
  public:
    Use() = default;
    explicit Use(T* taken) : of_(taken) {}  // of a reference that is the caller's
    explicit Use(T& of) : of_(&of) { of.add_user(); }
    Use(Use&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    Use& operator=(Use&& other) noexcept {
        std::swap(of_, other.of_);
        return *this;
    }
    ~Use() {
        if (of_ != nullptr) {
            of_->drop_user();
        }
    }
    [[nodiscard]] T* get() const { return of_; }
    [[nodiscard]] T* release() { return std::exchange(of_, nullptr); }
    T* operator->() const { return of_; }
    T& operator*() const { return *of_; }
    explicit operator bool() const { return of_ != nullptr; }

  private:
    T* of_ = nullptr;
};

}  // namespace tessera::caps
