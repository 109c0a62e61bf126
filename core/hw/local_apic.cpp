#include "core/hw/local_apic.h"

#include "core/arch/cpuid.h"
#include "core/arch/instructions.h"
#include "core/arch/vectors.h"
#include "core/mem/kernel_map.h"

namespace tessera::hw {

namespace {

enum Register : std::uint32_t {
    kId = 0x20,
    kEoi = 0xb0,
    kSpurious = 0xf0,
    kCommandLow = 0x300,
    kCommandHigh = 0x310,
    kTimer = 0x320,
    kTimerInitial = 0x380,
    kTimerCurrent = 0x390,
    kTimerDivide = 0x3e0,
};
constexpr std::uint64_t kBaseEnable = 1 << 11;
constexpr std::uint64_t kBaseX2apic = 1 << 10;
constexpr std::uint64_t kBaseAddressMask = 0x000f'ffff'ffff'f000;
constexpr std::uint32_t kSoftwareEnable = 1 << 8;
constexpr std::uint32_t kTimerDeadlineMode = 2 << 17;
constexpr std::uint32_t kDivideByOne = 0xb;
constexpr std::uint32_t kDeliveryPending = 1 << 12;
constexpr std::uint32_t kLevelAssert = 1 << 14;
constexpr std::uint32_t kAllButSelf = 3 << 18;
constexpr std::uint32_t kX2apicMsrBase = 0x800;
constexpr unsigned kDeliveryPollMax = 100'000;

constinit volatile char* registers{};  // null in x2APIC mode

void write(Register reg, std::uint32_t value) {
    if (registers == nullptr) {
        arch::write_msr(kX2apicMsrBase + reg / 16, value);
    } else {
        // SAFETY: the mapped register page.
        *reinterpret_cast<volatile std::uint32_t*>(registers + reg) = value;
    }
}
std::uint32_t read(Register reg) {
    if (registers == nullptr) {
        return static_cast<std::uint32_t>(arch::read_msr(kX2apicMsrBase + reg / 16));
    }
    // SAFETY: the mapped register page.
    return *reinterpret_cast<volatile std::uint32_t*>(registers + reg);
}

void command(std::uint32_t target, std::uint32_t low) {
    if (registers == nullptr) {
        asm volatile("mfence; lfence" ::: "memory");  // the MSR write is not ordered after earlier stores
        arch::write_msr(kX2apicMsrBase + kCommandLow / 16, (std::uint64_t{target} << 32) | low);
        return;
    }
    const std::uint64_t flags = arch::save_flags_interrupts_off();
    write(kCommandHigh, target << 24);
    write(kCommandLow, low);
    for (unsigned i = 0; i < kDeliveryPollMax && (read(kCommandLow) & kDeliveryPending) != 0; ++i) {
        arch::relax();
    }
    arch::restore_flags(flags);
}

}  // namespace

bool find_local_apic() {
    if (arch::features().x2apic) {
        return true;
    }
    const std::uint64_t base = arch::read_msr(arch::kMsrApicBase) & kBaseAddressMask;
    registers = static_cast<volatile char*>(mem::map_device({base}, mem::kPageSize));
    return registers != nullptr;
}

void enable_local_apic() {
    std::uint64_t base = arch::read_msr(arch::kMsrApicBase) | kBaseEnable;
    if ((base & kBaseX2apic) == 0 && arch::features().x2apic) {
        arch::write_msr(arch::kMsrApicBase, base);
        base |= kBaseX2apic;
    }
    arch::write_msr(arch::kMsrApicBase, base);
    write(kSpurious, kSoftwareEnable | arch::kSpuriousVector);
    write(kTimerDivide, kDivideByOne);
    write(kTimer, arch::kTimerVector);
}

std::uint32_t local_apic_id() { return registers == nullptr ? read(kId) : read(kId) >> 24; }
void end_of_interrupt() { write(kEoi, 0); }

void send_ipi(std::uint32_t apic_id, Ipi kind, unsigned vector) {
    command(apic_id, static_cast<std::uint32_t>(kind) | kLevelAssert | vector);
}
void send_nmi_to_others() { command(0, static_cast<std::uint32_t>(Ipi::NonMaskable) | kLevelAssert | kAllButSelf); }

void set_apic_timer(std::uint32_t count) { write(kTimerInitial, count); }
std::uint32_t apic_timer_left() { return read(kTimerCurrent); }
void use_tsc_deadline() {
    write(kTimer, kTimerDeadlineMode | arch::kTimerVector);
    asm volatile("mfence" ::: "memory");  // [intel/vol3] 11.5.4.1: the mode before the first deadline
}

void silence_legacy_interrupts() {
    // Both 8259s: vectors 0x20 and 0x28, where a spurious interrupt does no harm, then every line masked.
    constexpr std::uint16_t kFirst = 0x20;
    constexpr std::uint16_t kSecond = 0xa0;
    for (const std::uint16_t port : {kFirst, kSecond}) {
        arch::out8(port, 0x11);
        arch::out8(port + 1, port == kFirst ? 0x20 : 0x28);
        arch::out8(port + 1, port == kFirst ? 4 : 2);
        arch::out8(port + 1, 1);
        arch::out8(port + 1, 0xff);
    }
}

}  // namespace tessera::hw
