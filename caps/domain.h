// A domain: an instance of a checked program with its memory, its capabilities and its limits. It is no process and has
// no thread; a fiber enters it.
#pragma once

#include "caps/kernel/arguments.h"
#include "caps/object.h"
#include "caps/object/slots.h"
#include "caps/tasks.h"
#include "core/base/result.h"
#include "core/base/spin_lock.h"
#include "runtime/arena.h"
#include "runtime/call_target.h"
#include "runtime/fiber.h"
#include "safeir/load/program.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tessera::caps {

struct Grant {
    ObjectRef object;                // the kernel's own
    ObjectHeader* header = nullptr;  // or one that a program implements, which counts as a reference
    std::string name;                // by which the program knows it: of a directory where it sees it, "/data"
    std::uint64_t interface = 0;     // as which it is granted; 0: what it says itself (those of all interfaces say 0)
};

class Estate;

struct DomainSpec {
    std::string name;
    std::vector<std::string> args;  // argv[0] first
    std::vector<std::pair<std::string, std::string>> env;
    std::vector<Grant> grants;
    std::uint64_t memory_bytes_max = std::uint64_t{1} << 30U;
    std::chrono::nanoseconds timeout{0};  // of wall time; 0: none
    std::string entry;                    // empty: tessera_main, or else _start
    bool shares_heap = false;             // others use the kernel's memory that it is made in: its own is charged
    Estate* estate = nullptr;             // at whose expense it makes others; null: it can't
};

// How a run ended.
struct ExitStatus {
    std::int32_t code = 0;
    runtime::StopReason stopped = runtime::StopReason::None;
};

class Domain {
  public:
    // Memory mapped and filled; nothing has run. What it takes is charged to the account.
    static Result<std::unique_ptr<Domain>>
    create(DomainSpec spec, safeir::LoadedProgram& program, runtime::Account& account);
    ~Domain();

    // On a fiber: enters the program and comes back when it has ended. A trap is an error that names the program, the
    // cause and the place; so is being stopped (which `stopped` tells apart).
    [[nodiscard]] Result<std::int32_t> run(runtime::StopReason& stopped);
    // Where run() enters it; none: the program has no such export.
    [[nodiscard]] static std::optional<safeir::LoadedProgram::EntryPoint> entry_of(const safeir::LoadedProgram& program,
                                                                                   const DomainSpec& spec);

    [[nodiscard]] const DomainSpec& spec() const { return spec_; }
    [[nodiscard]] runtime::Arena& arena() { return *arena_; }
    [[nodiscard]] runtime::Account& account() { return account_; }
    [[nodiscard]] safeir::LoadedProgram& program() { return program_; }
    [[nodiscard]] Estate* estate() const { return spec_.estate; }
    [[nodiscard]] const runtime::CallTarget& target() const { return target_; }

    // --- What it may use of others.
    [[nodiscard]] SlotTable& slots() { return slots_; }
    // A slot for the object that lasts as long as the entry of the current fiber into this domain; null for null. Ends
    // the program where there is no memory for it: nothing may be owned.
    [[nodiscard]] Capability give(ObjectHeader* object);

    // What it was started with.
    [[nodiscard]] Capability arguments() { return give(&arguments_->header()); }

    // --- What runs of it beside run().
    [[nodiscard]] Tasks& tasks() { return tasks_; }
    // Of one of those: the program ends with it, by its status or its fault, or, if run() has returned, it is told.
    void end_by_task(const runtime::Fault& fault);

    // --- What others may use of it.
    [[nodiscard]] runtime::CallTarget& call_target() { return target_; }
    // No call begins any more, its objects are gone, and none is made. Calls that are under way go on.
    void close();
    [[nodiscard]] bool is_closed() const { return closed_; }
    // The same, and ends those that are under way, wherever they are. On a fiber that is in none of them.
    void end_calls();
    // In two parts, of which the second may have to be asked again: all that runs of it, the entry of run() too, is
    // told to end; no call is inside, and none will be.
    void begin_end();
    [[nodiscard]] bool calls_are_over();
    // Whether the current fiber is inside.
    [[nodiscard]] bool holds_this_fiber() const;
    // How many calls are inside, on all cores: each has a stack of the arena. Right when none begins any more.
    [[nodiscard]] std::int64_t calls_inside();
    // A new object of an interface that its program has the methods of, with so many references as the caller will
    // make. Null: no memory is left, or it is closed.
    [[nodiscard]] ObjectHeader* mint(const safeir::MethodTable& methods, std::uint64_t state);
    // Calls the program once for each object whose last reference is gone. On a fiber.
    void tell_released();
    // Who sees to that: called when there is an object to tell of, from any context.
    struct Teller {
        void (*call)(void* argument) = nullptr;
        void* argument = nullptr;
    };
    void tell_by(Teller teller) { teller_ = teller; }
    void object_released(ObjectHeader& object);
    [[nodiscard]] std::uint32_t take_arena_stack();  // 0: there is no memory
    void keep_arena_stack(std::uint32_t stack);
    // The same, this core's own first.
    [[nodiscard]] std::uint32_t take_core_stack();
    void keep_core_stack(std::uint32_t stack);
    // Says on the console why a call has failed; not each time if it is many.
    void tell_failure(const runtime::Fault& fault);

    // Entries are objects, of which each counts as a reference.
    class CapTable {
      public:
        explicit CapTable(std::uint32_t max) : max_(max) {}
        [[nodiscard]] std::span<ObjectHeader*> entries() const { return {entries_.get(), size_}; }
        // By so many of these. False: it would be more than its limit, or there is no memory.
        [[nodiscard]] bool grow(std::uint32_t count, ObjectHeader* value);

      private:
        struct Free {
            void operator()(ObjectHeader** entries) const { std::free(static_cast<void*>(entries)); }
        };
        std::unique_ptr<ObjectHeader*[], Free> entries_;
        std::uint32_t size_ = 0;
        std::uint32_t capacity_ = 0;
        std::uint32_t max_;
    };
    // Its lock must not be held across end_program.
    std::mutex cap_mutex;
    std::vector<CapTable> cap_tables;

    [[nodiscard]] static Domain& of(const void* base) { return *static_cast<Domain*>(runtime::Arena::owner_of(base)); }

  private:
    Domain(DomainSpec spec, safeir::LoadedProgram& program, runtime::Account& account);
    Result<void> fill_memory();
    Result<void> make_callable();
    void release_tables();
    void set_runs(bool runs);
    [[nodiscard]] std::optional<Result<std::int32_t>> task_end();
    [[nodiscard]] ObjectHeader* next_released();
    void forget(ObjectHeader& object);
    void credit_object();

    DomainSpec spec_;
    safeir::LoadedProgram& program_;
    runtime::Account& account_;
    std::unique_ptr<runtime::Arena> arena_;
    SlotTable slots_;
    std::unique_ptr<ArgumentsObject> arguments_;
    runtime::CallTarget target_;
    std::unique_ptr<runtime::CoreCalls[]> cores_;
    std::uint32_t core_count_ = 0;
    std::atomic<unsigned> failures_told_ = 0;
    std::atomic<bool> has_minted_ = false;
    std::atomic<bool> calls_are_over_ = false;
    std::atomic<bool> closed_ = false;  // under the lock of objects
    Teller teller_;
    SpinLock objects_lock_;
    ObjectHeader* objects_ = nullptr;   // alive
    ObjectHeader* released_ = nullptr;  // and those of which the program is to be told, in that order
    ObjectHeader* last_released_ = nullptr;
    Tasks tasks_{*this};
    std::mutex task_end_mutex_;
    bool runs_ = false;
    std::optional<Result<std::int32_t>> task_end_;  // of the first that has ended it
    std::mutex stacks_mutex_;
    std::vector<std::uint32_t> spare_stacks_;
    std::int64_t stacks_made_ = 0;
};

}  // namespace tessera::caps
