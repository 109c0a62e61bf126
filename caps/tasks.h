// The fibers that a program has started beside the one that it was entered on: each calls a method of one of the
// program's own objects. They end with the program, and one that fails ends it.
#pragma once

#include "caps/schema/status.kernel.h"
#include "core/base/spin_lock.h"
#include "runtime/fiber.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

namespace tessera::caps {

class Domain;

class Tasks {
  public:
    explicit Tasks(Domain& domain) : domain_(domain) {}

    struct Start {
        std::uintptr_t address;  // of the method's code
        std::uint64_t state;     // the object's
        std::uint64_t argument;
        std::uint32_t stack_bytes;  // in the arena
    };
    // In kernel code that the domain's program has called. exhausted; invalid: the stack is too large.
    [[nodiscard]] schema::Status start(const Start& start);
    // Fibers, of which something may be left.
    [[nodiscard]] std::uint32_t count() const { return count_.load(); }
    // Ends all of them and waits until nothing is left. On a fiber that is none of them.
    void end_all();

  private:
    struct Task {
        Tasks* tasks = nullptr;
        Start start{};
        unsigned stack_class = 0;
        std::uint32_t stack = 0;
        runtime::Fiber* fiber = nullptr;
        Task* next = nullptr;
        Task* previous = nullptr;
    };
    void run(Task& task);
    void end(const runtime::Fault& fault);
    [[nodiscard]] bool enter(Task& task);
    void leave(Task& task);
    void free(Task* task);
    [[nodiscard]] bool take_stack(Task& task);
    void keep_stack(const Task& task);

    // Stacks of 64 KiB, and in each class of twice as much. They stay for as long as the arena.
    static constexpr unsigned kStackClasses = 11;
    struct Stacks {
        std::vector<std::uint32_t> spare;
        std::size_t made = 0;
    };

    Domain& domain_;
    std::mutex stacks_mutex_;
    std::array<Stacks, kStackClasses> stacks_;
    SpinLock lock_;
    Task* running_ = nullptr;
    bool ends_ = false;  // who begins ends at once
    std::atomic<std::uint32_t> count_ = 0;
};

}  // namespace tessera::caps
