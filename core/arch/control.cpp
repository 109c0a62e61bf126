#include "core/arch/control.h"

#include "core/arch/cpuid.h"
#include "core/arch/descriptors.h"
#include "core/arch/instructions.h"

extern "C" const char nucleus_syscall_entry[];

namespace tessera::arch {

namespace {
constexpr std::uint64_t kCr0MonitorCoprocessor = 1 << 1;
constexpr std::uint64_t kCr0Emulation = 1 << 2;
constexpr std::uint64_t kCr0TaskSwitched = 1 << 3;
constexpr std::uint64_t kCr0NumericError = 1 << 5;
constexpr std::uint64_t kCr0WriteProtect = 1 << 16;
constexpr std::uint64_t kCr4MachineCheck = 1 << 6;
constexpr std::uint64_t kCr4Osfxsr = 1 << 9;
constexpr std::uint64_t kCr4Osxmmexcpt = 1 << 10;
constexpr std::uint64_t kCr4Umip = 1 << 11;
constexpr std::uint64_t kCr4Fsgsbase = 1 << 16;
constexpr std::uint64_t kCr4Osxsave = 1 << 18;
constexpr std::uint64_t kCr4Smep = 1 << 20;
constexpr std::uint64_t kCr4Smap = 1 << 21;
constexpr std::uint64_t kEferSyscall = 1 << 0;
constexpr std::uint64_t kEferNoExecute = 1 << 11;
// Cleared on entry: trap, interrupt, direction, alignment check, nested task.
constexpr std::uint64_t kSyscallFlagMask = 0x4'4700;
constexpr std::uint32_t kMxcsrDefault = 0x1f80;
}  // namespace

void enable_features() {
    const Features& f = features();
    if (f.no_execute) {
        write_msr(kMsrEfer, read_msr(kMsrEfer) | kEferNoExecute);
    }
    std::uint64_t cr0 = read_cr0();
    cr0 &= ~(kCr0Emulation | kCr0TaskSwitched);
    cr0 |= kCr0MonitorCoprocessor | kCr0NumericError | kCr0WriteProtect;
    write_cr0(cr0);
    std::uint64_t cr4 = read_cr4() | kCr4MachineCheck | kCr4Osfxsr | kCr4Osxmmexcpt;
    cr4 |= f.umip ? kCr4Umip : 0;
    cr4 |= f.fsgsbase ? kCr4Fsgsbase : 0;
    cr4 |= f.xsave ? kCr4Osxsave : 0;
    cr4 |= f.smep ? kCr4Smep : 0;
    cr4 |= f.smap ? kCr4Smap : 0;
    write_cr4(cr4);
    if (f.xsave) {
        write_xcr0(f.xcr0);
    }
    asm volatile("fninit; ldmxcsr %0" ::"m"(kMxcsrDefault));
}

void enable_syscall() {
    write_msr(kMsrEfer, read_msr(kMsrEfer) | kEferSyscall);
    // Kernel code at 8 (stack at 16). Return is by iretq, so the user half is unused.
    write_msr(kMsrStar, std::uint64_t{kCodeSelector} << 32);
    // SAFETY: the address of the entry stub.
    write_msr(kMsrLstar, reinterpret_cast<std::uint64_t>(nucleus_syscall_entry));
    write_msr(kMsrFmask, kSyscallFlagMask);
}

}  // namespace tessera::arch
