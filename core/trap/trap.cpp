#include "core/trap/trap.h"

#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/arch/vectors.h"
#include "core/base/assert.h"
#include "core/hw/local_apic.h"
#include "core/log/log.h"
#include "core/mem/address_space.h"
#include "core/mem/kernel_map.h"
#include "core/trap/report.h"
#include "core/trap/vector_state.h"

#include <atomic>

namespace tessera::trap {

namespace {

constexpr unsigned kDivideError = 0;
constexpr unsigned kNonMaskable = 2;
constexpr unsigned kBreakpoint = 3;
constexpr unsigned kInvalidOpcode = 6;
constexpr unsigned kDoubleFault = 8;
constexpr unsigned kStackFault = 12;
constexpr unsigned kGeneralProtection = 13;
constexpr unsigned kPageFault = 14;
constexpr unsigned kX87Error = 16;
constexpr unsigned kMachineCheck = 18;
constexpr unsigned kSimdError = 19;
constexpr unsigned kExceptionCount = 32;

constexpr std::uint64_t kErrorWrite = 1 << 1;
constexpr std::uint64_t kErrorReserved = 1 << 3;
constexpr std::uint64_t kErrorFetch = 1 << 4;

// An exception in a handler takes the next lower part of the exception stack.
constexpr std::uint64_t kTrapStackStep = 16UL * 1024;
constexpr unsigned kTrapDepthMax = 3;
constexpr std::uint64_t kOtherStackSize = 8UL * 1024;
constexpr std::uint64_t kInterruptStackSize = 16UL * 1024;

std::atomic<platform::TrapHandler> trap_handler{nullptr};
std::atomic<platform::TimerHandler> timer_handler{nullptr};

// Moves the core's exception stack down while this exception is handled.
class NestedTrap {
  public:
    explicit NestedTrap(arch::Cpu& cpu) : cpu_(cpu) {
        ASSERT(cpu_.trap_depth < kTrapDepthMax);
        cpu_.trap_depth += 1;
        cpu_.tables.task.ist[static_cast<unsigned>(arch::TrapStack::Exception) - 1] -= kTrapStackStep;
    }
    ~NestedTrap() {
        ASSERT(cpu_.trap_depth != 0);
        cpu_.trap_depth -= 1;
        cpu_.tables.task.ist[static_cast<unsigned>(arch::TrapStack::Exception) - 1] += kTrapStackStep;
    }
    NestedTrap(const NestedTrap&) = delete;
    NestedTrap& operator=(const NestedTrap&) = delete;

  private:
    arch::Cpu& cpu_;
};

platform::Registers registers_of(const Frame& frame) {
    platform::Registers registers;
    for (unsigned i = 0; i < 16; ++i) {
        registers.general[i] = frame.general[i];
    }
    registers.general[platform::kRsp] = frame.rsp;
    registers.rip = frame.rip;
    registers.rflags = frame.rflags;
    return registers;
}

void set_registers(Frame& frame, const platform::Registers& registers) {
    for (unsigned i = 0; i < 16; ++i) {
        frame.general[i] = registers.general[i];
    }
    frame.rsp = registers.general[platform::kRsp];
    frame.rip = registers.rip;
    frame.rflags = registers.rflags;
}

platform::TrapCause cause_of(unsigned vector) {
    switch (vector) {
    case kDivideError:
        return platform::TrapCause::Arithmetic;
    case kBreakpoint:
        return platform::TrapCause::Breakpoint;
    case kInvalidOpcode:
        return platform::TrapCause::IllegalInstruction;
    case kGeneralProtection:
    case kStackFault:
    case kPageFault:
        return platform::TrapCause::PageFault;
    case kX87Error:
    case kSimdError:
        return platform::TrapCause::FloatingPoint;
    default:
        return platform::TrapCause::Other;
    }
}

void exception(Frame& frame) {
    const auto vector = static_cast<unsigned>(frame.vector);
    const std::uint64_t address = arch::read_cr2();
    arch::Cpu& cpu = arch::this_cpu();
    if (vector == kNonMaskable) {
        arch::halt_for_ever();  // arch::stop_other_cores sends it
    }
    if (vector == kDoubleFault || vector == kMachineCheck || cpu.trap_depth >= kTrapDepthMax) {
        stop_with_report(frame, address, Reason::Exception);
    }
    const NestedTrap nested(cpu);
    mem::Fault fault = mem::Fault::NotAllowed;
    if (vector == kPageFault && (frame.error & kErrorReserved) == 0) {
        const mem::FaultKind kind = {.write = (frame.error & kErrorWrite) != 0,
                                     .execute = (frame.error & kErrorFetch) != 0};
        fault = mem::handle_fault(address, kind);
        if (fault == mem::Fault::Handled) {
            return;
        }
    }
    const platform::TrapHandler handler = trap_handler.load(std::memory_order_relaxed);
    if (handler != nullptr) {
        const VectorState state;
        platform::Registers registers = registers_of(frame);
        platform::Trap trap = {
            .cause = fault == mem::Fault::NoMemory ? platform::TrapCause::OutOfMemory : cause_of(vector),
            .write = vector == kPageFault && (frame.error & kErrorWrite) != 0,
            .execute = vector == kPageFault && (frame.error & kErrorFetch) != 0,
            .address = vector == kPageFault ? address : 0,
            .registers = &registers,
        };
        if (handler(trap) == platform::TrapAction::Resume) {
            set_registers(frame, registers);
            return;
        }
    }
    stop_with_report(frame, address, fault == mem::Fault::NoMemory ? Reason::OutOfMemory : Reason::Exception);
}

void interrupt(Frame& frame) {
    switch (frame.vector) {
    case arch::kTimerVector:
        hw::end_of_interrupt();
        on_timer_interrupt(frame);
        break;
    case arch::kWakeVector:
        hw::end_of_interrupt();
        break;
    case arch::kFlushVector:
        hw::end_of_interrupt();
        arch::answer_flush();
        break;
    case arch::kSpuriousVector:
        break;
    default:
        // Nothing else is switched on; a leftover of the firmware's interrupt controller is ignored.
        log::verbose("unexpected interrupt {}", frame.vector);
        hw::end_of_interrupt();
        break;
    }
}

}  // namespace

bool allocate_trap_stacks(unsigned index) {
    REQUIRES(index < arch::kCpuMax);
    arch::Cpu& cpu = arch::cpus[index];
    const auto set = [&](arch::TrapStack kind, std::uint64_t bytes) {
        const std::uint64_t top = mem::allocate_stack(bytes);
        cpu.tables.task.ist[static_cast<unsigned>(kind) - 1] = top;
        return top != 0;
    };
    return set(arch::TrapStack::Exception, kTrapStackStep * (kTrapDepthMax + 1)) &&
           set(arch::TrapStack::Interrupt, kInterruptStackSize) && set(arch::TrapStack::DoubleFault, kOtherStackSize) &&
           set(arch::TrapStack::NonMaskable, kOtherStackSize) && set(arch::TrapStack::MachineCheck, kOtherStackSize);
}

void set_handler(platform::TrapHandler handler) { trap_handler.store(handler, std::memory_order_relaxed); }
void set_timer_handler(platform::TimerHandler handler) { timer_handler.store(handler, std::memory_order_relaxed); }

void call_timer_handler(Frame& frame) {
    const platform::TimerHandler handler = timer_handler.load(std::memory_order_relaxed);
    if (handler != nullptr) {
        const VectorState state;
        platform::Registers registers = registers_of(frame);
        handler(registers);
        set_registers(frame, registers);
    }
}

}  // namespace tessera::trap

extern "C" void nucleus_trap(tessera::trap::Frame* frame) {
    if (frame->vector < tessera::trap::kExceptionCount) {
        tessera::trap::exception(*frame);
    } else {
        tessera::trap::interrupt(*frame);
    }
}
