// A domain: an instance of a checked program with its memory, its capabilities and its limits. It is no process and has
// no thread; a fiber enters it.
#pragma once

#include "caps/object.h"
#include "core/base/result.h"
#include "runtime/arena.h"
#include "runtime/fiber.h"
#include "safeir/load/program.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tessera::caps {

namespace wasi {
class State;
}

struct Grant {
    ObjectRef object;
    std::string name;  // directories: where the program sees it, "/data"
};

struct DomainSpec {
    std::string name;
    std::vector<std::string> args;  // argv[0] first
    std::vector<std::pair<std::string, std::string>> env;
    std::vector<Grant> grants;
    std::uint64_t memory_bytes_max = std::uint64_t{1} << 30U;
    std::chrono::nanoseconds timeout{0};  // of wall time; 0: none
    std::string entry;                    // empty: tessera_main, or else _start
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

    [[nodiscard]] const DomainSpec& spec() const { return spec_; }
    [[nodiscard]] runtime::Arena& arena() { return *arena_; }
    [[nodiscard]] runtime::Account& account() { return account_; }
    [[nodiscard]] wasi::State& wasi() { return *wasi_; }
    [[nodiscard]] safeir::LoadedProgram& program() { return program_; }

    // The object is kept until the domain ends, and can be handed to the program.
    Object* keep(ObjectRef object);

    class CapTable {
      public:
        explicit CapTable(std::uint32_t max) : max_(max) {}
        [[nodiscard]] std::span<Object*> slots() const { return {slots_.get(), size_}; }
        // By so many of these. False: it would be more than its limit, or there is no memory.
        [[nodiscard]] bool grow(std::uint32_t count, Object* value);

      private:
        struct Free {
            void operator()(Object** slots) const { std::free(static_cast<void*>(slots)); }
        };
        std::unique_ptr<Object*[], Free> slots_;
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

    DomainSpec spec_;
    safeir::LoadedProgram& program_;
    runtime::Account& account_;
    std::unique_ptr<runtime::Arena> arena_;
    std::unique_ptr<wasi::State> wasi_;
    std::mutex kept_mutex_;
    std::vector<ObjectRef> kept_;
};

}  // namespace tessera::caps
