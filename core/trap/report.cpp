#include "core/trap/report.h"

#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/arch/stop.h"
#include "core/base/symbol_format.h"
#include "core/log/console.h"
#include "core/log/log.h"
#include "core/mem/layout.h"
#include "core/trap/symbols.h"

#include <unwind.h>

namespace tessera::trap {

namespace {

constexpr unsigned kTraceMax = 48;
constexpr unsigned kRepeatsMax = 1'000'000;
constexpr std::uint64_t kErrorFetch = 1 << 4;
constexpr int kFailStatus = 70;  // EX_SOFTWARE

constexpr std::string_view kExceptionNames[32] = {"division error",
                                                  "debug exception",
                                                  "non-maskable interrupt",
                                                  "breakpoint",
                                                  "overflow",
                                                  "bound range exceeded",
                                                  "illegal instruction",
                                                  "no coprocessor",
                                                  "double fault",
                                                  "coprocessor segment overrun",
                                                  "invalid task state",
                                                  "segment not present",
                                                  "stack segment fault",
                                                  "general protection fault",
                                                  "page fault",
                                                  "exception 15",
                                                  "x87 floating point error",
                                                  "misaligned access",
                                                  "machine check",
                                                  "SIMD floating point error",
                                                  "virtualisation exception",
                                                  "control protection exception",
                                                  "exception 22",
                                                  "exception 23",
                                                  "exception 24",
                                                  "exception 25",
                                                  "exception 26",
                                                  "exception 27",
                                                  "hypervisor injection",
                                                  "VMM communication",
                                                  "security exception",
                                                  "exception 31"};

constinit bool reporting{};

void print_place(std::uint64_t address) {
    char buffer[kSymbolNameMax];
    const Symbol symbol = find_symbol(address, buffer);
    if (symbol.name.empty()) {
        log::print("{x}", address);
    } else {
        log::print("{x} {} + {x}", address, symbol.name, symbol.offset);
    }
}

void print_registers(const Frame& frame) {
    constexpr std::string_view kNames[16] = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8 ", "r9 ", "r10", "r11", "r12", "r13", "r14", "r15"};
    for (unsigned i = 0; i < 16; ++i) {
        log::print("{} {} {x}{}",
                   i % 4 == 0 ? " " : "",
                   kNames[i],
                   i == 4 ? frame.rsp : frame.general[i],
                   i % 4 == 3 ? "\n" : " ");
    }
    log::print("   rip {x}  rflags {x}\n", frame.rip, frame.rflags);
}

struct Trace {
    std::uint64_t from;  // print nothing before this address has been met; 0: print all
    unsigned count;
    unsigned repeats;  // of the last address: recursion
    std::uint64_t last;
};

void print_repeats(Trace& trace) {
    if (trace.repeats != 0) {
        log::print("     ... and {} more times\n", trace.repeats);
        trace.repeats = 0;
    }
}

_Unwind_Reason_Code visit(_Unwind_Context* context, void* argument) {
    auto* trace = static_cast<Trace*>(argument);
    const std::uint64_t address = _Unwind_GetIP(context);
    if (trace->count >= kTraceMax || address == 0) {
        return _URC_END_OF_STACK;
    }
    if (trace->from != 0) {
        if (address == trace->from) {
            trace->from = 0;
        }
        return _URC_NO_REASON;
    }
    if (address == trace->last) {
        trace->repeats += 1;
        return trace->repeats < kRepeatsMax ? _URC_NO_REASON : _URC_END_OF_STACK;
    }
    print_repeats(*trace);
    log::print("  by ");
    print_place(address);
    log::print("\n");
    trace->count += 1;
    trace->last = address;
    return _URC_NO_REASON;
}

// Who called the function that holds `rip`.
void print_callers(std::uint64_t rip) {
    Trace trace = {rip, 0, 0, 0};
    _Unwind_Backtrace(visit, &trace);
    print_repeats(trace);
}

void begin(std::uint64_t rip) {
    if (reporting) {
        // A fault in the report itself, mostly while walking a broken stack: what is out is out.
        log::print("  (the rest can't be told: a fault at ");
        print_place(rip);
        log::print(")\n");
        arch::stop_machine(kFailStatus);
    }
    reporting = true;
    // The unwinder makes system calls, and this may be one already: theirs need another stack.
    arch::Cpu& cpu = arch::this_cpu();
    cpu.syscall_stack = cpu.tables.task.ist[static_cast<unsigned>(arch::TrapStack::MachineCheck) - 1];
    arch::stop_other_cores();
}

}  // namespace

void stop_with_report(Frame& frame, std::uint64_t fault_address, Reason reason) {
    begin(frame.rip);
    const auto vector = static_cast<unsigned>(frame.vector);
    log::print("\ntessera: kernel stopped on core {}: ", arch::this_cpu().index);
    if (vector == 14) {
        log::print("{}: {} address {x}",
                   reason == Reason::OutOfMemory ? "out of memory" : "page fault",
                   (frame.error & kErrorFetch) != 0 ? "executing"
                   : (frame.error & 2) != 0         ? "writing"
                                                    : "reading",
                   fault_address);
        log::print(", which {}\n",
                   reason == Reason::OutOfMemory ? "would take a frame when none is left"
                   : (frame.error & 1) != 0      ? "may not be used so"
                                                 : "is not mapped");
    } else {
        log::print("{} (vector {}, error code {x})\n",
                   vector < 32 ? kExceptionNames[vector] : "interrupt",
                   vector,
                   frame.error);
    }
    log::print("  at ");
    print_place(frame.rip);
    log::print("\n");
    print_registers(frame);
    if (char buffer[kSymbolNameMax];
        vector == 14 && (frame.error & kErrorFetch) != 0 && find_symbol(frame.rip, buffer).name.empty()) {
        // A jump to no code: the walk can start with the return address that a call would have left.
        // SAFETY: if the stack pointer is wild as well, that fault ends the report.
        frame.rip = *reinterpret_cast<const std::uint64_t*>(frame.rsp);
        frame.rsp += sizeof frame.rip;
        log::print("  by ");
        print_place(frame.rip);
        log::print("\n");
    }
    print_callers(frame.rip);
    arch::stop_machine(kFailStatus);
}

void stop_with_trace(std::string_view message, std::uint64_t rip) {
    begin(rip);
    log::print("\ntessera: kernel stopped on core {}: {}\n  at ", arch::this_cpu().index, message);
    print_place(rip);
    log::print("\n");
    print_callers(rip);
    arch::stop_machine(kFailStatus);
}

}  // namespace tessera::trap
