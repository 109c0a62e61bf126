#include "test/fuzz/box_interrupts.h"

#include "core/base/vector_state.h"
#include "core/platform/platform.h"
#include "test/fuzz/mutator.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <sys/time.h>
#include <utility>

// SAFETY (this file): registers hold addresses.
extern "C" {
// runtime/preempt.S, and what it asks of whoever links it: box_entry.S has the function.
void tessera_preempt_entry();
std::uint64_t tessera_preempt_state_mask = 0;

bool box_steps = false;  // a call of the kernel comes back stepping
}

namespace tessera::fuzz {
namespace {

constexpr std::uint64_t kTrapFlag = 1U << 8U;
constexpr std::uint64_t kFlagsToClear = (1U << 10U) | kTrapFlag | (1U << 18U);  // as runtime/trap.cpp does
constexpr unsigned kStepsFirst = 1200;
constexpr unsigned kStepsLater = 40;  // behind each alarm
constexpr unsigned kAlarms = 8;
constexpr long kAlarmUsMax = 400;
constexpr long kTimeMaxUs = 300'000;       // behind the last
constexpr std::size_t kBelowBytes = 1024;  // of the stack, overwritten while the program is interrupted

Random choices(0);
unsigned steps_left = 0;
unsigned alarms_left = 0;
std::uint64_t interrupts = 0;
std::uint64_t secret_below = 0;
platform::Registers interrupted;
alignas(64) std::array<std::byte, 16384> interrupt_stack;

bool in_code(const BoxRun& run, std::uint64_t rip) { return rip >= run.code.begin && rip < run.code.end; }

std::uint64_t number(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

void set_alarm(long us) {
    const itimerval once{{}, {0, us}};
    setitimer(ITIMER_REAL, &once, nullptr);
}

// As runtime/trap.cpp leads a program away, and as an interrupt on the program's own stack would: nothing of it may be
// below the stack pointer.
void interrupt(const BoxRun& run, ucontext_t& context) {
    auto& registers = context.uc_mcontext.gregs;
    static constexpr int kOrder[] = {REG_RAX,
                                     REG_RCX,
                                     REG_RDX,
                                     REG_RBX,
                                     REG_RSP,
                                     REG_RBP,
                                     REG_RSI,
                                     REG_RDI,
                                     REG_R8,
                                     REG_R9,
                                     REG_R10,
                                     REG_R11,
                                     REG_R12,
                                     REG_R13,
                                     REG_R14,
                                     REG_R15};
    for (std::size_t i = 0; i < std::size(kOrder); ++i) {
        interrupted.general[i] = static_cast<std::uint64_t>(registers[kOrder[i]]);
    }
    interrupted.rip = static_cast<std::uint64_t>(registers[REG_RIP]);
    interrupted.rflags = static_cast<std::uint64_t>(registers[REG_EFL]);
    const auto rsp = interrupted.general[platform::kRsp];
    if (rsp > number(run.stack) && rsp <= number(run.stack) + kBoxStackBytes) {
        auto* const from = run.stack + (std::max(rsp - kBelowBytes, number(run.stack)) - number(run.stack));
        for (auto* at = from; number(at) + 8 <= rsp; at += 8) {
            std::memcpy(at, &secret_below, sizeof secret_below);
        }
    }
    registers[REG_RSI] = static_cast<greg_t>(number(&interrupted));
    registers[REG_RSP] = static_cast<greg_t>(number(interrupt_stack.data() + interrupt_stack.size()));
    registers[REG_RIP] = static_cast<greg_t>(reinterpret_cast<std::uint64_t>(&tessera_preempt_entry));
    registers[REG_EFL] &= ~static_cast<greg_t>(kFlagsToClear);
    ++interrupts;
}

void step_on(ucontext_t& context, bool on) {
    auto& flags = context.uc_mcontext.gregs[REG_EFL];
    flags = on ? flags | static_cast<greg_t>(kTrapFlag) : flags & ~static_cast<greg_t>(kTrapFlag);
    box_steps = on;
}

}  // namespace

void expect_interrupts(std::uint64_t seed, std::uint64_t secret) {
    tessera_preempt_state_mask = kept_vector_state();
    choices = Random(seed);
    steps_left = kStepsFirst;
    alarms_left = kAlarms;
    interrupts = 0;
    secret_below = secret;
    box_steps = true;
}

std::uint64_t end_interrupts() {
    box_steps = false;
    steps_left = 0;
    alarms_left = 0;
    return std::exchange(interrupts, 0);
}

bool take_step(BoxRun& run, ucontext_t& context) {
    const auto rip = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]);
    if (steps_left == 0) {
        step_on(context, false);
        return true;
    }
    if (!in_code(run, rip)) {
        // Steps again when the kernel's function returns.
        context.uc_mcontext.gregs[REG_EFL] &= ~static_cast<greg_t>(kTrapFlag);
        return true;
    }
    if (--steps_left == 0) {
        step_on(context, false);
        set_alarm(alarms_left > 0 ? 1 + static_cast<long>(choices.below(kAlarmUsMax)) : kTimeMaxUs);
    }
    if (choices.chance(4)) {
        interrupt(run, context);
    }
    return true;
}

bool take_alarm(BoxRun& run, ucontext_t& context) {
    if (alarms_left == 0) {
        return false;
    }
    if (!in_code(run, static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]))) {
        set_alarm(20);
        return true;
    }
    --alarms_left;
    steps_left = kStepsLater;
    step_on(context, true);
    interrupt(run, context);
    return true;
}

}  // namespace tessera::fuzz
