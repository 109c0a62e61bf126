#include "core/time/reference.h"

#include "core/acpi/tables.h"
#include "core/arch/instructions.h"
#include "core/hw/local_apic.h"
#include "core/mem/kernel_map.h"

namespace tessera::time {

namespace {

constexpr std::uint64_t kFemtosecondsPerSecond = 1'000'000'000'000'000;
constexpr std::uint64_t kPmTimerFrequency = 3'579'545;
constexpr std::uint64_t kPitFrequency = 1'193'182;
constexpr unsigned kPitReadsMax = 1000;
constexpr std::uint64_t kVirtualBusFrequency = 1'000'000'000;

// [hpet 1.0a] 2.3: capabilities, configuration, main counter, in 32-bit words.
constexpr unsigned kHpetPeriod = 1;
constexpr unsigned kHpetConfiguration = 4;
constexpr unsigned kHpetCounter = 60;
constexpr std::uint32_t kHpetPeriodMax = 100'000'000;

constinit volatile std::uint32_t* hpet{};

std::uint64_t read_hpet() { return hpet[kHpetCounter]; }
std::uint64_t read_pm_timer() { return arch::in32(acpi::machine().pm_timer_port); }
// Channel 2, which only the loudspeaker uses, counts down.
std::uint64_t read_pit() {
    arch::out8(0x43, 0x80);
    const std::uint32_t low = arch::in8(0x42);
    const std::uint32_t high = arch::in8(0x42);
    return 0xffff - (high << 8 | low);
}

bool pit_runs() {
    const std::uint64_t start = read_pit();
    for (unsigned i = 0; i < kPitReadsMax; ++i) {
        if (read_pit() != start) {
            return true;
        }
    }
    return false;
}

std::uint64_t read_apic() { return 0xffff'ffff - hw::apic_timer_left(); }

}  // namespace

Reference find_reference() {
    const acpi::Machine& machine = acpi::machine();
    if (machine.hpet != 0) {
        hpet = static_cast<volatile std::uint32_t*>(mem::map_device({machine.hpet}, 0x400));
        const std::uint32_t period = hpet != nullptr ? hpet[kHpetPeriod] : 0;
        if (period != 0 && period <= kHpetPeriodMax) {
            hpet[kHpetConfiguration] = hpet[kHpetConfiguration] | 1;
            return {"HPET", kFemtosecondsPerSecond / period, 0xffff'ffff, read_hpet, true};
        }
    }
    if (machine.pm_timer_port != 0) {
        return {
            "PM timer", kPmTimerFrequency, machine.pm_timer_32_bits ? 0xffff'ffffU : 0xff'ffffU, read_pm_timer, true};
    }
    arch::out8(0x61, static_cast<std::uint8_t>((arch::in8(0x61) & ~2) | 1));
    arch::out8(0x43, 0xb4);
    arch::out8(0x42, 0xff);
    arch::out8(0x42, 0xff);
    if (pit_runs()) {
        return {"PIT", kPitFrequency, 0xffff, read_pit, true};
    }
    // Nothing of known frequency (QEMU's microvm without KVM): the local APIC's timer at the bus clock that virtual
    // machines have in common.
    hw::set_apic_timer(0xffff'ffff);
    return {"local APIC, taken to run at 1 GHz", kVirtualBusFrequency, 0xffff'ffff, read_apic, false};
}

}  // namespace tessera::time
