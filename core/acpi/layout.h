// The tables' bytes. [acpi 6.5] 5.2; [hpet 1.0a] 3.2.4; [pci firmware 3.2] 4.1.2.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tessera::acpi {

struct [[gnu::packed]] Rsdp {
    char signature[8];
    std::uint8_t checksum;
    char oem[6];
    std::uint8_t revision;
    std::uint32_t rsdt;
    std::uint32_t length;
    std::uint64_t xsdt;
    std::uint8_t extended_checksum;
    std::uint8_t reserved[3];
};
static_assert(sizeof(Rsdp) == 36);

struct [[gnu::packed]] TableHeader {
    char signature[4];
    std::uint32_t length;
    std::uint8_t revision;
    std::uint8_t checksum;
    char oem[6];
    char oem_table[8];
    std::uint32_t oem_revision;
    std::uint32_t creator;
    std::uint32_t creator_revision;
};
static_assert(sizeof(TableHeader) == 36);

struct [[gnu::packed]] GenericAddress {
    std::uint8_t space;
    std::uint8_t width;
    std::uint8_t offset;
    std::uint8_t access;
    std::uint64_t address;
};
static_assert(sizeof(GenericAddress) == 12);
inline constexpr std::uint8_t kSpaceMemory = 0;
inline constexpr std::uint8_t kSpacePort = 1;

inline constexpr std::size_t kMadtFixedSize = 8;
inline constexpr std::uint8_t kMadtLocalApic = 0;
inline constexpr std::uint8_t kMadtLocalX2apic = 9;
inline constexpr std::uint32_t kCoreEnabled = 1;
struct [[gnu::packed]] MadtEntry {
    std::uint8_t type;
    std::uint8_t length;
};
struct [[gnu::packed]] MadtLocalApic {
    MadtEntry entry;
    std::uint8_t processor;
    std::uint8_t apic_id;
    std::uint32_t flags;
};
struct [[gnu::packed]] MadtLocalX2apic {
    MadtEntry entry;
    std::uint16_t reserved;
    std::uint32_t apic_id;
    std::uint32_t flags;
    std::uint32_t processor;
};

inline constexpr std::uint32_t kFadtTimer32 = 1 << 8;
inline constexpr std::uint32_t kFadtReset = 1 << 10;
inline constexpr std::uint32_t kFadtHardwareReduced = 1 << 20;
struct [[gnu::packed]] Fadt {
    TableHeader header;
    std::uint32_t firmware_control;
    std::uint32_t dsdt;
    std::uint8_t reserved0;
    std::uint8_t profile;
    std::uint16_t sci_interrupt;
    std::uint32_t smi_command;
    std::uint8_t acpi_enable;
    std::uint8_t acpi_disable;
    std::uint8_t s4bios;
    std::uint8_t pstate;
    std::uint32_t pm1a_event;
    std::uint32_t pm1b_event;
    std::uint32_t pm1a_control;
    std::uint32_t pm1b_control;
    std::uint32_t pm2_control;
    std::uint32_t pm_timer;
    std::uint32_t gpe0;
    std::uint32_t gpe1;
    std::uint8_t pm1_event_length;
    std::uint8_t pm1_control_length;
    std::uint8_t pm2_control_length;
    std::uint8_t pm_timer_length;
    std::uint8_t rest0[20];
    std::uint32_t flags;
    GenericAddress reset;
    std::uint8_t reset_value;
    std::uint16_t arm_boot;
    std::uint8_t minor;
    std::uint64_t x_firmware_control;
    std::uint64_t x_dsdt;
    GenericAddress x_blocks[8];
    GenericAddress sleep_control;
    GenericAddress sleep_status;
};
static_assert(__builtin_offsetof(Fadt, flags) == 112 && __builtin_offsetof(Fadt, x_dsdt) == 140 &&
              __builtin_offsetof(Fadt, sleep_control) == 244);

struct [[gnu::packed]] HpetTable {
    TableHeader header;
    std::uint32_t block;
    GenericAddress base;
};

struct [[gnu::packed]] McfgEntry {
    std::uint64_t base;
    std::uint16_t segment;
    std::uint8_t bus_first;
    std::uint8_t bus_last;
    std::uint32_t reserved;
};

}  // namespace tessera::acpi
