#include "core/acpi/power.h"

#include "core/acpi/layout.h"
#include "core/acpi/tables.h"
#include "core/arch/instructions.h"
#include "core/mem/kernel_map.h"

namespace tessera::acpi {

namespace {

constexpr std::uint16_t kSleepEnable = 1 << 13;
constexpr std::uint16_t kAcpiEnabled = 1;
constexpr unsigned kWaitMax = 3'000'000;

void write_register(const RegisterAddress& target, std::uint8_t value) {
    if (target.space == kSpacePort) {
        arch::out8(static_cast<std::uint16_t>(target.address), value);
    } else if (target.space == kSpaceMemory) {
        if (auto* at = static_cast<volatile std::uint8_t*>(mem::map_device({target.address}, 1))) {
            *at = value;
        }
    }
}

void wait() {
    for (unsigned i = 0; i < kWaitMax; ++i) {
        arch::relax();
    }
}

}  // namespace

void power_off() {
    const Machine& m = machine();
    if (!m.can_power_off) {
        return;
    }
    if (m.sleep_control.address != 0) {
        write_register(m.sleep_control, static_cast<std::uint8_t>(m.sleep_type_a << 2 | 1 << 5));
        wait();
        return;
    }
    if ((arch::in16(m.pm1a_control) & kAcpiEnabled) == 0 && m.smi_command != 0 && m.acpi_enable != 0) {
        arch::out8(m.smi_command, m.acpi_enable);
        for (unsigned i = 0; i < kWaitMax && (arch::in16(m.pm1a_control) & kAcpiEnabled) == 0; ++i) {
            arch::relax();
        }
    }
    arch::out16(m.pm1a_control, static_cast<std::uint16_t>(m.sleep_type_a << 10 | kSleepEnable));
    if (m.pm1b_control != 0) {
        arch::out16(m.pm1b_control, static_cast<std::uint16_t>(m.sleep_type_b << 10 | kSleepEnable));
    }
    wait();
}

void restart() {
    const Machine& m = machine();
    if (m.can_reset) {
        write_register(m.reset, m.reset_value);
        wait();
    }
    arch::out8(0xcf9, 0x0e);  // the chipset's reset control
    wait();
    arch::out8(0x64, 0xfe);  // the keyboard controller's reset line
    wait();
    // A triple fault: no interrupt table, and an exception.
    const struct [[gnu::packed]] {
        std::uint16_t limit;
        std::uint64_t base;
    } none = {0, 0};
    asm volatile("lidt %0; ud2" ::"m"(none));
    arch::halt_for_ever();
}

}  // namespace tessera::acpi
