// What a platform provides beyond standard C++ and POSIX memory mapping.
//
// The kernel runs on two platforms from the same objects:
//   pc      bare metal; the nucleus in core/ serves the system calls that static glibc makes
//   hosted  a Linux process
// Both give: malloc, mmap/mprotect/munmap (PROT_NONE reservations cost nothing, pages are given on first touch),
// std::thread (on pc each further thread is a further core; at most cpu_count() threads exist),
// futex-based synchronisation, std::chrono clocks, write(1|2, ...). This header is the rest.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tessera::platform {

// General registers at an interruption, in the processor's own numbering (rax=0, rcx, rdx, rbx, rsp, rbp, rsi, rdi,
// r8..r15). A handler may change them: on return the interrupted code goes on with the changed ones.
struct Registers {
    std::uint64_t general[16];
    std::uint64_t rip;
    std::uint64_t rflags;
};
enum Register : unsigned { kRax = 0, kRcx, kRdx, kRbx, kRsp, kRbp, kRsi, kRdi, kR8, kR15 = 15 };

enum class TrapCause : std::uint8_t {
    PageFault,           // address is valid; also a general protection fault from a non-canonical address
    IllegalInstruction,  // ud2, ud1
    Arithmetic,          // #DE
    FloatingPoint,
    Breakpoint,
    OutOfMemory,  // a page was legal to touch but no frame is left; address is valid
    Other,
};

struct Trap {
    TrapCause cause;
    bool write;              // page faults: the access was a write
    bool execute;            // page faults: the access was an instruction fetch
    std::uintptr_t address;  // page faults: the address touched
    Registers* registers;
};

enum class TrapAction : std::uint8_t {
    Resume,  // go on with the (changed) registers
    Fatal,   // not ours: report everything known and stop the kernel
};

// Called on a stack of its own with interrupts (signals) off: no locks, no allocation.
using TrapHandler = TrapAction (*)(Trap&) noexcept;
void set_trap_handler(TrapHandler handler);

// Called when the C library's abort() is about to end everything, on the aborting thread, in its own context with
// interrupts (signals) as they were. It may leave by longjmp; if it returns, the kernel reports and stops.
using AbortHandler = void (*)() noexcept;
void set_abort_handler(AbortHandler handler);

// One timer per core. The handler runs as a trap handler does, on the core that armed it.
using TimerHandler = void (*)(Registers&) noexcept;
void set_timer_handler(TimerHandler handler);
void arm_timer(std::chrono::nanoseconds from_now);  // this core, once; replaces an armed one
void disarm_timer();

// A request from outside to stop (Ctrl-C on the hosted platform; never on pc, where QEMU itself is ended).
[[nodiscard]] bool stop_requested();
// Called as one comes, in the midst of anything: it may do what the handler of a signal may.
using StopHandler = void (*)() noexcept;
void set_stop_handler(StopHandler handler);

// What the loader handed over. The bundle is the image's archive (docs/image.md), mapped read-only, page-aligned.
struct BootInfo {
    std::string_view command_line;
    std::span<const std::byte> bundle;
    std::chrono::steady_clock::time_point entry;  // when the kernel was entered
};
[[nodiscard]] const BootInfo& boot_info();

[[nodiscard]] unsigned cpu_count();
void prepare_thread(unsigned core);  // on a new thread, first: trap stack, timer, pinning

// What the code generator's libraries need before their first use, of which LLVM's IR, verifier and dominator trees are
// no part. Any thread, any number of times. Nothing on hosted. On pc it runs some 250 global constructors, 0.1 s under
// emulation, which a kernel that finds its code in the image never needs: a kernel that calls this says so by defining
//     extern "C" const bool tessera_prepares_code_generator = true;
// and then those constructors do not run before main().
void prepare_code_generator();

// Console bytes. Nothing of it waits.
enum class Output : std::uint8_t { Standard, Errors };
enum class Delivery : std::uint8_t {
    Done,
    Underway,
    Closed,  // nobody is there any more who takes it
    Full,    // of what it goes to
    Broken,
};
// How many bytes were taken, from the front; 0: there is no room now. `mark` is for console_delivery.
[[nodiscard]] std::size_t console_write(Output output, std::span<const std::byte> bytes, std::uint64_t& mark);
// What became of what was taken with that mark and before.
[[nodiscard]] Delivery console_delivery(Output output, std::uint64_t mark);

inline constexpr std::ptrdiff_t kEndOfInput = -1;
inline constexpr std::ptrdiff_t kInputBroken = -2;
// 0: nothing is there yet.
[[nodiscard]] std::ptrdiff_t console_read(std::span<std::byte> into);

// Which of them a person types and sees.
struct Terminals {
    bool input;
    bool output;
    bool errors;
};
[[nodiscard]] Terminals console_terminals();

// Bytes of memory not yet in use, and in all.
struct MemoryUse {
    std::uint64_t free_bytes;
    std::uint64_t total_bytes;
};
[[nodiscard]] MemoryUse memory_use();

// Pages of a reservation (PROT_NONE) become readable and writable, zeroed, and are promised: touching them can't fail.
// False: too little memory is left, and nothing has changed. Whole pages; from any context, trap handlers too.
[[nodiscard]] bool commit_pages(std::uintptr_t from, std::size_t bytes);
// What was committed becomes a reservation again.
void release_pages(std::uintptr_t from, std::size_t bytes);

// Cryptographically strong randomness (RDSEED/RDRAND, fw_cfg or the clock's jitter on pc; getrandom when hosted).
void random_bytes(std::span<std::byte> into);

// Ends everything. pc: exit status to QEMU by isa-debug-exit, else power off. hosted: exit(status).
[[noreturn]] void shutdown(int status);
[[noreturn]] void reboot();

}  // namespace tessera::platform
