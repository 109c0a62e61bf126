#include "caps/tasks.h"

#include "caps/call/crossing.h"
#include "caps/domain.h"
#include "runtime/deferral.h"
#include "runtime/program_heap.h"
#include "runtime/wait.h"
#include "runtime/worker.h"

#include <chrono>
#include <mutex>
#include <new>

namespace tessera::caps {
namespace {

using schema::Status;

constexpr std::chrono::microseconds kBetweenLooks{200};

struct TaskCall {
    Tasks::Start start;
    std::byte* base;
    std::uint32_t stack;
};

std::uint64_t enter_task(void* pointer) {
    const auto& call = *static_cast<TaskCall*>(pointer);
    using Run = std::uint32_t (*)(std::byte*, std::uint32_t, std::uint64_t, std::uint64_t);
    // SAFETY: the address of an export whose type the checker has seen to (Task.run).
    return reinterpret_cast<Run>(call.start.address)(call.base, call.stack, call.start.state, call.start.argument);
}

}  // namespace

bool Tasks::take_stack(Task& task) {
    const auto bytes = std::uint64_t{kArenaStackBytes} << task.stack_class;
    const std::scoped_lock lock(stacks_mutex_);
    auto& stacks = stacks_[task.stack_class];
    if (!stacks.spare.empty()) {
        task.stack = stacks.spare.back();
        stacks.spare.pop_back();
        return true;
    }
    task.stack = domain_.arena().add_stack(static_cast<std::uint32_t>(bytes));
    if (task.stack != 0 && stacks.spare.capacity() < ++stacks.made) {
        stacks.spare.reserve(2 * stacks.made);  // now, when the heap is this domain's
    }
    return task.stack != 0;
}

void Tasks::keep_stack(const Task& task) {
    const std::scoped_lock lock(stacks_mutex_);
    stacks_[task.stack_class].spare.push_back(task.stack);
}

// The count is what the domain's end waits for: the last thing that is touched of it.
Status Tasks::start(const Start& start) {
    Task made{.tasks = this, .start = start};
    while (made.stack_class < kStackClasses && kArenaStackBytes << made.stack_class < start.stack_bytes) {
        ++made.stack_class;
    }
    if (made.stack_class == kStackClasses) {
        return Status::Invalid;
    }
    if (!take_stack(made)) {
        return Status::Exhausted;
    }
    auto& account = domain_.account();
    const runtime::Deferral kernels_own(nullptr);
    auto* task = account.charge(sizeof(Task)) ? new (std::nothrow) Task(made) : nullptr;
    if (task == nullptr) {
        keep_stack(made);
        return Status::Exhausted;
    }
    count_.fetch_add(1);
    const auto spawned = runtime::current_worker()->scheduler().spawn([task] { task->tasks->run(*task); },
                                                                      &account,
                                                                      {[](void* ended) {
                                                                           auto* gone = static_cast<Task*>(ended);
                                                                           auto& tasks = *gone->tasks;
                                                                           tasks.free(gone);
                                                                           const void* key = &tasks.count_;
                                                                           tasks.count_.fetch_sub(1);
                                                                           runtime::wake(key);
                                                                       },
                                                                       task});
    if (!spawned) {
        keep_stack(made);
        free(task);
        count_.fetch_sub(1);
        return Status::Exhausted;
    }
    return Status::Ok;
}

void Tasks::free(Task* task) {
    domain_.account().credit(sizeof(Task));
    delete task;
}

void Tasks::run(Task& task) {
    const runtime::ProgramHeap heap(*domain_.call_target().heap);
    if (enter(task)) {
        runtime::ProgramEntry entry;
        entry.target = &domain_.call_target();
        TaskCall call{task.start, domain_.arena().base(), task.stack};
        std::uint64_t result = 0;
        runtime::Fault fault;
        const bool returned = runtime::call_program(entry, enter_task, &call, result, fault);
        task.fiber->attention = false;
        if (!returned) {
            end(fault);
        }
        if (entry.first_temporary != 0) {
            domain_.slots().release_all(entry.first_temporary);
        }
        leave(task);
    }
    keep_stack(task);
}

void Tasks::end(const runtime::Fault& fault) {
    // Who is stopped or ended is so with the program.
    if (fault.kind != runtime::FaultKind::Stopped && fault.kind != runtime::FaultKind::Ended) {
        domain_.end_by_task(fault);
    }
}

// False: it is not to run at all.
bool Tasks::enter(Task& task) {
    const std::scoped_lock lock(lock_);
    if (ends_ || domain_.is_closed()) {
        return false;
    }
    task.fiber = runtime::current_fiber();
    task.next = running_;
    if (running_ != nullptr) {
        running_->previous = &task;
    }
    running_ = &task;
    return true;
}

void Tasks::leave(Task& task) {
    const std::scoped_lock lock(lock_);
    if (task.next != nullptr) {
        task.next->previous = task.previous;
    }
    (task.previous != nullptr ? task.previous->next : running_) = task.next;
}

void Tasks::end_all() {
    {
        const std::scoped_lock lock(lock_);
        ends_ = true;
        for (auto* task = running_; task != nullptr; task = task->next) {
            runtime::request_stop(*task->fiber, runtime::StopReason::Ended);
        }
    }
    while (count() != 0) {
        // Who is to stop does not wait; what it waits for comes soon.
        if (runtime::wait_while(&count_, runtime::kWithoutEnd, [&] { return count() != 0; }) ==
            runtime::WaitEnd::Stopped) {
            runtime::give_way(kBetweenLooks);
        }
    }
}

}  // namespace tessera::caps
