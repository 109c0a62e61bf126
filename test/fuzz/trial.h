// One program under the oracle: checked, compiled as the kernel compiles, run, compared.
#pragma once

#include "safeir/check/checked_module.h"
#include "test/fuzz/box.h"
#include "test/fuzz/mutator.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace tessera::fuzz {

// What a trial is doing, for whoever finds that it died.
enum class Phase : std::uint8_t { Idle, Generate, Check, Compile, Run };

struct Trial {
    bool accepted = false;
    std::string refusal;             // the rule, if it was not
    std::string failure;             // the code generator could not: no escape
    std::string problem;             // an escape, or two answers where there is one: empty is good
    std::uint64_t instructions = 0;  // executed, of the checked form, in all runs together
    unsigned returned = 0;           // runs that went to their end
    unsigned runs = 0;
    std::uint64_t interrupts = 0;  // of runs that were interrupted at random instructions
    unsigned races = 0;            // runs on two cores at once
    unsigned ways = 0;             // of compiling it, that had the same inputs
};

// What kind of program it is.
struct Plan {
    bool deterministic = false;  // every way of compiling has to give the same numbers
    bool has_image = false;      // its memory begins with what it says, and not with random numbers
    bool only_quickly = false;   // compiled: it is big
};

// `phase` is kept up to date.
class Tester {
  public:
    static Result<std::unique_ptr<Tester>> create();
    ~Tester();
    [[nodiscard]] Trial test(std::span<const std::byte> sir, Plan plan, std::uint64_t seed, volatile Phase& phase);

    // The same for a module that no checker need have seen: how the oracle itself is tried.
    void test_module(
        const safeir::CheckedModule& module, Plan plan, std::uint64_t seed, volatile Phase& phase, Trial& trial);

  private:
    struct Parts;
    explicit Tester(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace tessera::fuzz
