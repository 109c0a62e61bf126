// Code for a program that began with none, made beside it while it runs: quick code of functions before they are
// called, then full code of all, which takes the place of quick code.
//
// LLVM's contexts belong to one thread, so this works on a module of its own: the same bytes, read and checked again.
// A call that is under way goes on in the code that it began with; the next one goes to the new code.
#pragma once

#include "core/base/result.h"
#include "safeir/load/compiler.h"
#include "safeir/load/program.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

namespace tessera::safeir {

class Upgrade {
  public:
    enum class Makes : std::uint8_t { QuickAndFull, Full };
    // `module` has to be of the bytes that `program` was loaded from. The program must outlive this. Several can work
    // for one program, each on a module of its own, in guarded work of its own (`context.guard`).
    static Result<GuardedPtr<Upgrade>>
    create(const LoadContext& context, LoadedProgram& program, GuardedPtr<CheckedModule> module, Makes makes);

    enum class Step : std::uint8_t {
        Made,     // a batch
        Waiting,  // nothing is likely to be called, but the program still comes to new functions: soon again
        Done,     // all functions have full code, or others make it
    };
    // After an error there is nothing more to be had.
    [[nodiscard]] Result<Step> step();

  private:
    Upgrade(const LoadContext& context, LoadedProgram& program, GuardedPtr<CheckedModule> module, Makes makes);

    struct Candidate {
        float probability;
        std::uint32_t function;
        auto operator<=>(const Candidate&) const = default;
    };
    // Guarded.
    [[nodiscard]] Result<Step> make_some();
    void expect_callees(std::uint32_t caller, float probability);
    void look_at_calls();
    [[nodiscard]] std::vector<std::uint32_t> claim_likely(float least);
    [[nodiscard]] std::vector<std::uint32_t> next_for_full();

    using Clock = std::chrono::steady_clock;

    Guard& guard_;
    LoadedProgram& program_;
    Makes makes_;
    WorkList::Claimant claimant_;
    Compiler compiler_;
    std::vector<Candidate> candidates_;           // a heap
    std::vector<float> expected_;                 // by function: the highest probability that it was a candidate with
    Clock::time_point last_call_ = Clock::now();  // of a function for the first time: it was seen then
    std::uint32_t called_ = 0;                    // how many functions had been called then
};

}  // namespace tessera::safeir
