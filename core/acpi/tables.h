// ACPI tables, read as the foreign bytes that they are: lengths bounded, checksums verified, nothing trusted twice.
#pragma once

#include "core/platform/handoff.h"

#include <cstdint>
#include <span>

namespace tessera::acpi {

struct RegisterAddress {
    std::uint8_t space;  // 0 memory, 1 ports
    std::uint64_t address;
};

// What the nucleus wants to know; zero where a table is missing or broken.
struct Machine {
    static constexpr unsigned kCoreMax = 128;
    std::uint32_t core_apic_ids[kCoreMax];
    unsigned core_count;

    std::uint64_t hpet;  // physical address of its registers
    std::uint16_t pm_timer_port;
    bool pm_timer_32_bits;

    std::uint64_t config_space;  // MCFG, segment 0
    std::uint8_t config_bus_first;
    std::uint8_t config_bus_last;

    std::uint16_t pm1a_control;  // power-off
    std::uint16_t pm1b_control;
    RegisterAddress sleep_control;
    std::uint8_t sleep_type_a;
    std::uint8_t sleep_type_b;
    bool can_power_off;
    std::uint16_t smi_command;
    std::uint8_t acpi_enable;

    RegisterAddress reset;
    std::uint8_t reset_value;
    bool can_reset;
};

void read_tables(const Handoff& handoff);
[[nodiscard]] const Machine& machine();

}  // namespace tessera::acpi
