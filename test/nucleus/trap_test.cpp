#include "test/nucleus/check.h"

#include <csetjmp>
#include <cstdlib>
#include <sys/mman.h>

namespace {

namespace platform = tessera::platform;

platform::Trap last;
unsigned count;

// Resumes at the address in rdx, with 77 in rax.
platform::TrapAction recover(platform::Trap& trap) noexcept {
    last = trap;
    count += 1;
    trap.registers->rip = trap.registers->general[platform::kRdx];
    trap.registers->general[platform::kRax] = 77;
    return platform::TrapAction::Resume;
}

// A handler that uses vector registers and touches fresh memory, so it traps itself.
char* fresh;
platform::TrapAction nested(platform::Trap& trap) noexcept {
    for (int i = 0; i < 4; ++i) {
        fresh[i * 4096] = 1;
    }
    asm volatile("pxor %%xmm0, %%xmm0\n pxor %%xmm15, %%xmm15" ::: "xmm0", "xmm15");
    return recover(trap);
}

std::jmp_buf after_abort;

}  // namespace

#define TRAPPING(instruction, result, ...)                                                                             \
    asm volatile("leaq 1f(%%rip), %%rdx\n" instruction "\n 1:"                                                         \
                 : "=a"(result)                                                                                        \
                 : __VA_ARGS__                                                                                         \
                 : "rdx", "rcx", "memory", "cc")

void test_traps() {
    platform::set_trap_handler(recover);
    std::uint64_t result = 0;
    TRAPPING("ud2", result, );
    CHECK(result == 77 && last.cause == platform::TrapCause::IllegalInstruction);
    TRAPPING("xorl %%ecx, %%ecx\n leaq 1f(%%rip), %%rdx\n movl $5, %%eax\n cltd\n leaq 1f(%%rip), %%rdx\n divq %%rcx",
             result, );
    CHECK(result == 77 && last.cause == platform::TrapCause::Arithmetic);
    TRAPPING("movq 0x123, %%rax", result, );
    CHECK(result == 77 && last.cause == platform::TrapCause::PageFault && last.address == 0x123 && !last.write &&
          !last.execute);
    TRAPPING("movq %%rax, 0x7f1234567000", result, );
    CHECK(result == 77 && last.write);
    TRAPPING("movabsq $0x8000000000000000, %%rcx\n movq (%%rcx), %%rax", result, );
    CHECK(result == 77 && last.cause == platform::TrapCause::PageFault);
    TRAPPING("int3", result, );
    CHECK(result == 77 && last.cause == platform::TrapCause::Breakpoint);
    // A call to memory that holds no code.
    static char data[64];
    TRAPPING("pushq %%rdx\n jmp *%1", result, "r"(data));
    asm volatile("popq %%rcx" ::: "rcx");
    CHECK(result == 77 && last.execute && last.address == reinterpret_cast<std::uintptr_t>(data));
    CHECK(count == 7);

    fresh = static_cast<char*>(mmap(nullptr, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    platform::set_trap_handler(nested);
    double low = 0;
    double high = 0;
    asm volatile(
        "movsd %2, %%xmm0\n movsd %3, %%xmm15\n leaq 1f(%%rip), %%rdx\n ud2\n 1: movsd %%xmm0, %0\n movsd %%xmm15, %1"
        : "=m"(low), "=m"(high)
        : "m"(*new double(1.25)), "m"(*new double(2.5))
        : "rdx", "rax", "xmm0", "xmm15", "memory");
    CHECK(low == 1.25 && high == 2.5);
    CHECK(fresh[3 * 4096] == 1);
    for (unsigned i = 0; i < 20'000; ++i) {
        TRAPPING("ud2", result, );
    }
    platform::set_trap_handler(nullptr);
}

void test_abort() {
    for (unsigned i = 0; i < 3; ++i) {
        if (setjmp(after_abort) == 0) {
            platform::set_abort_handler([]() noexcept { std::longjmp(after_abort, 1); });
            std::abort();
        }
    }
    platform::set_abort_handler(nullptr);
}
