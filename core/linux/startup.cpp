#include "core/linux/startup.h"

#include "core/arch/cpuid.h"
#include "core/arch/descriptors.h"
#include "core/hw/random.h"
#include "core/log/log.h"
#include "core/mem/address_space.h"
#include "core/mem/layout.h"
#include "core/trap/frame.h"

#include <cstring>
#include <elf.h>

extern "C" {
void _start();
[[noreturn]] void nucleus_enter(const tessera::trap::Frame* frame);
}

namespace tessera::libc {

namespace {

constexpr std::uint64_t kStackBytes = 2UL * 1024 * 1024;
constexpr std::uint64_t kGuardBytes = 64UL * 1024;
constexpr std::uint64_t kInterruptsOn = 0x202;
constexpr std::uint64_t kClockTicks = 100;

// Pushes downwards from the top of the new stack.
class StackBuilder {
  public:
    explicit StackBuilder(std::uint64_t top) : at_(top) {}
    std::uint64_t push_bytes(const void* bytes, std::size_t size) {
        at_ -= size;
        // SAFETY: inside the stack just mapped.
        std::memcpy(reinterpret_cast<void*>(at_), bytes, size);
        return at_;
    }
    void push(std::uint64_t word) { push_bytes(&word, sizeof word); }
    void align(std::size_t words_to_come) { at_ = (at_ - words_to_come * 8) / 16 * 16 + words_to_come * 8; }
    [[nodiscard]] std::uint64_t at() const { return at_; }

  private:
    std::uint64_t at_;
};

// QEMU's translator carries out `rep movsb` and `rep stosb` byte by byte, ten times slower than vector loops, yet tells
// the C library that they are fast. This setting is glibc's own way to choose.
constexpr char kEmulatorTunables[] = "GLIBC_TUNABLES=glibc.cpu.hwcaps=-ERMS,-FSRM";

bool is_emulated() {
    constexpr std::uint32_t kHypervisorLeaf = 0x4000'0000;
    constexpr std::uint32_t kTcgT = 0x5447'4354;  // "TCGTCGTCGTCG"
    return arch::features().hypervisor && arch::cpuid(kHypervisorLeaf).ebx == kTcgT;
}

}  // namespace

void start_program() {
    const auto mapped = mem::map({.bytes = kGuardBytes + kStackBytes});
    if (!mapped || !mem::protect(*mapped + kGuardBytes, kStackBytes, mem::Access::ReadWrite)) {
        log::panic("no memory for the first stack");
    }
    StackBuilder stack(*mapped + kGuardBytes + kStackBytes);
    std::byte random[16];
    hw::fill_random(random);
    const std::uint64_t random_at = stack.push_bytes(random, sizeof random);
    const std::uint64_t platform_at = stack.push_bytes("x86_64", 7);
    const std::uint64_t name_at = stack.push_bytes("tessera", 8);
    const std::uint64_t tunables_at = stack.push_bytes(kEmulatorTunables, sizeof kEmulatorTunables);

    // SAFETY: the linker script maps the ELF header and the program headers at the image's start.
    const auto* header = reinterpret_cast<const Elf64_Ehdr*>(mem::nucleus_image_start);
    const std::uint64_t auxiliary[][2] = {
        {AT_PHDR, reinterpret_cast<std::uint64_t>(mem::nucleus_image_start) + header->e_phoff},
        {AT_PHENT, header->e_phentsize},
        {AT_PHNUM, header->e_phnum},
        {AT_PAGESZ, mem::kPageSize},
        {AT_BASE, 0},
        {AT_FLAGS, 0},
        {AT_ENTRY, reinterpret_cast<std::uint64_t>(&_start)},
        {AT_UID, 0},
        {AT_EUID, 0},
        {AT_GID, 0},
        {AT_EGID, 0},
        {AT_SECURE, 0},
        {AT_HWCAP, arch::features().hwcap},
        {AT_CLKTCK, kClockTicks},
        {AT_RANDOM, random_at},
        {AT_PLATFORM, platform_at},
        {AT_EXECFN, name_at},
        {AT_NULL, 0},
    };
    constexpr std::size_t kPairs = sizeof auxiliary / sizeof auxiliary[0];
    const bool emulated = is_emulated();
    stack.align(kPairs * 2 + (emulated ? 5 : 4));
    for (std::size_t i = kPairs; i > 0; --i) {
        stack.push(auxiliary[i - 1][1]);
        stack.push(auxiliary[i - 1][0]);
    }
    stack.push(0);  // end of environment
    if (emulated) {
        stack.push(tunables_at);
    }
    stack.push(0);        // end of arguments
    stack.push(name_at);  // argv[0]
    stack.push(1);        // argc

    trap::Frame frame = {};
    frame.rip = reinterpret_cast<std::uint64_t>(&_start);
    frame.cs = arch::kCodeSelector;
    frame.rflags = kInterruptsOn;
    frame.rsp = stack.at();
    frame.ss = arch::kDataSelector;
    nucleus_enter(&frame);
}

}  // namespace tessera::libc
