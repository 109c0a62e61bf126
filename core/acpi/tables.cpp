#include "core/acpi/tables.h"

#include "core/acpi/layout.h"
#include "core/log/log.h"
#include "core/mem/kernel_map.h"

#include <cstring>
#include <optional>

namespace tessera::acpi {

namespace {

constexpr std::uint32_t kTableBytesMax = 16 * 1024 * 1024;
constexpr unsigned kTablesMax = 256;

constinit Machine found{};

using Bytes = std::span<const std::uint8_t>;

bool sums_to_zero(Bytes bytes) {
    std::uint8_t sum = 0;
    for (const std::uint8_t byte : bytes) {
        sum = static_cast<std::uint8_t>(sum + byte);
    }
    return sum == 0;
}

// A copy of the structure at `offset`, if the bytes hold it whole.
template <typename T>
std::optional<T> read_at(Bytes bytes, std::size_t offset) {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) {
        return std::nullopt;
    }
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

Bytes map_bytes(std::uint64_t physical, std::uint64_t size) {
    const void* at = mem::map_firmware({physical}, size);
    return at == nullptr ? Bytes{} : Bytes{static_cast<const std::uint8_t*>(at), size};
}

// The table at a physical address; empty if it is broken.
Bytes map_table(std::uint64_t physical) {
    const std::optional<TableHeader> header =
        physical == 0 ? std::nullopt : read_at<TableHeader>(map_bytes(physical, sizeof(TableHeader)), 0);
    if (!header || header->length < sizeof(TableHeader) || header->length > kTableBytesMax) {
        return {};
    }
    const Bytes table = map_bytes(physical, header->length);
    if (!sums_to_zero(table)) {
        log::verbose("ACPI: table at {x} has a wrong checksum, ignored", physical);
        return {};
    }
    return table;
}

void add_core(std::uint32_t apic_id, std::uint32_t flags) {
    if ((flags & kCoreEnabled) == 0 || found.core_count == Machine::kCoreMax) {
        return;
    }
    for (unsigned i = 0; i < found.core_count; ++i) {
        if (found.core_apic_ids[i] == apic_id) {
            return;
        }
    }
    found.core_apic_ids[found.core_count] = apic_id;
    found.core_count += 1;
}

void read_madt(Bytes table) {
    std::size_t at = sizeof(TableHeader) + kMadtFixedSize;
    while (const auto entry = read_at<MadtEntry>(table, at)) {
        if (entry->length < sizeof(MadtEntry)) {
            return;
        }
        if (entry->type == kMadtLocalApic) {
            if (const auto core = read_at<MadtLocalApic>(table, at)) {
                add_core(core->apic_id, core->flags);
            }
        } else if (entry->type == kMadtLocalX2apic) {
            if (const auto core = read_at<MadtLocalX2apic>(table, at)) {
                add_core(core->apic_id, core->flags);
            }
        }
        at += entry->length;
    }
}

// The package \_S5_ in the DSDT's byte code: what to write for power-off. Interpreting AML would need an
// interpreter; every firmware in use writes this name as a plain package of small integers.
void read_sleep_type(Bytes dsdt) {
    constexpr std::uint8_t kNameOp = 0x08;
    constexpr std::uint8_t kPackageOp = 0x12;
    constexpr std::uint8_t kBytePrefix = 0x0a;
    for (std::size_t at = sizeof(TableHeader) + 1; at + 8 < dsdt.size(); ++at) {
        if (dsdt[at] != '_' || std::memcmp(dsdt.data() + at, "_S5_", 4) != 0 || dsdt[at + 4] != kPackageOp ||
            (dsdt[at - 1] != kNameOp && dsdt[at - 1] != '\\')) {
            continue;
        }
        std::size_t value = at + 5;
        value += (dsdt[value] >> 6) + 2U;  // package length, number of elements
        std::uint8_t types[2] = {0, 0};
        for (std::uint8_t& type : types) {
            value += value < dsdt.size() && dsdt[value] == kBytePrefix ? 1 : 0;
            if (value >= dsdt.size()) {
                return;
            }
            type = dsdt[value] & 7;
            value += 1;
        }
        found.sleep_type_a = types[0];
        found.sleep_type_b = types[1];
        found.can_power_off = found.pm1a_control != 0 || found.sleep_control.address != 0;
        return;
    }
}

void read_fadt(Bytes table) {
    Fadt fadt = {};
    std::memcpy(&fadt, table.data(), table.size() < sizeof fadt ? table.size() : sizeof fadt);
    found.pm_timer_port = fadt.pm_timer_length == 4 ? static_cast<std::uint16_t>(fadt.pm_timer) : 0;
    found.pm_timer_32_bits = (fadt.flags & kFadtTimer32) != 0;
    found.pm1a_control = static_cast<std::uint16_t>(fadt.pm1a_control);
    found.pm1b_control = static_cast<std::uint16_t>(fadt.pm1b_control);
    found.smi_command = static_cast<std::uint16_t>(fadt.smi_command);
    found.acpi_enable = fadt.acpi_enable;
    if ((fadt.flags & kFadtHardwareReduced) != 0) {
        found.sleep_control = {fadt.sleep_control.space, fadt.sleep_control.address};
        found.pm_timer_port = 0;
        found.pm1a_control = 0;
    }
    if ((fadt.flags & kFadtReset) != 0 && fadt.reset.address != 0) {
        found.reset = {fadt.reset.space, fadt.reset.address};
        found.reset_value = fadt.reset_value;
        found.can_reset = true;
    }
    read_sleep_type(map_table(fadt.x_dsdt != 0 ? fadt.x_dsdt : fadt.dsdt));
}

void read_table(std::uint64_t physical) {
    const Bytes table = map_table(physical);
    const auto header = read_at<TableHeader>(table, 0);
    if (!header) {
        return;
    }
    const auto is = [&](const char* signature) { return std::memcmp(header->signature, signature, 4) == 0; };
    if (is("APIC")) {
        read_madt(table);
    } else if (is("FACP")) {
        read_fadt(table);
    } else if (is("HPET")) {
        if (const auto hpet = read_at<HpetTable>(table, 0); hpet && hpet->base.space == kSpaceMemory) {
            found.hpet = hpet->base.address;
        }
    } else if (is("MCFG")) {
        if (const auto entry = read_at<McfgEntry>(table, sizeof(TableHeader) + 8); entry && entry->segment == 0) {
            found.config_space = entry->base;
            found.config_bus_first = entry->bus_first;
            found.config_bus_last = entry->bus_last;
        }
    }
}

std::optional<Rsdp> check_rsdp(Bytes bytes) {
    constexpr std::size_t kVersion1Size = 20;
    if (bytes.size() < kVersion1Size || std::memcmp(bytes.data(), "RSD PTR ", 8) != 0 ||
        !sums_to_zero(bytes.first(kVersion1Size))) {
        return std::nullopt;
    }
    Rsdp rsdp = {};
    std::memcpy(&rsdp, bytes.data(), bytes.size() < sizeof rsdp ? bytes.size() : sizeof rsdp);
    if (rsdp.revision < 2 || bytes.size() < sizeof rsdp || !sums_to_zero(bytes.first(sizeof rsdp))) {
        rsdp.xsdt = 0;
    }
    return rsdp;
}

std::optional<Rsdp> find_rsdp(const Handoff& handoff) {
    if (const auto rsdp = check_rsdp({handoff.rsdp_copy, handoff.rsdp_copy_size})) {
        return rsdp;
    }
    if (handoff.rsdp != 0) {
        if (const auto rsdp = check_rsdp(map_bytes(handoff.rsdp, sizeof(Rsdp)))) {
            return rsdp;
        }
    }
    // Where BIOSes put it. (The extended data area's segment is at 0x40e.)
    constexpr std::uint64_t kBiosArea = 0xe0000;
    constexpr std::uint64_t kBiosAreaSize = 0x20000;
    constexpr std::uint64_t kExtendedAreaSize = 1024;
    const auto segment = read_at<std::uint16_t>(map_bytes(0x40e, 2), 0);
    const std::uint64_t extended = segment ? std::uint64_t{*segment} << 4 : 0;
    const std::uint64_t areas[2][2] = {{kBiosArea, kBiosAreaSize}, {extended, extended != 0 ? kExtendedAreaSize : 0}};
    for (const auto& area : areas) {
        const Bytes bytes = area[1] == 0 ? Bytes{} : map_bytes(area[0], area[1]);
        for (std::size_t at = 0; at + 20 <= bytes.size(); at += 16) {
            const Bytes rest = bytes.subspan(at);
            if (const auto rsdp = check_rsdp(rest.first(rest.size() < sizeof(Rsdp) ? 20 : sizeof(Rsdp)))) {
                return rsdp;
            }
        }
    }
    return std::nullopt;
}

}  // namespace

void read_tables(const Handoff& handoff) {
    const std::optional<Rsdp> rsdp = find_rsdp(handoff);
    if (!rsdp) {
        log::verbose("ACPI: no root pointer");
        return;
    }
    Bytes list = map_table(rsdp->xsdt);
    std::size_t entry_size = 8;
    if (list.empty()) {
        list = map_table(rsdp->rsdt);
        entry_size = 4;
    }
    std::size_t at = sizeof(TableHeader);
    for (unsigned i = 0; i < kTablesMax && at + entry_size <= list.size(); ++i, at += entry_size) {
        std::uint64_t table = 0;
        std::memcpy(&table, list.data() + at, entry_size);
        read_table(table);
    }
    log::verbose("ACPI: {} cores, HPET {x}, PM timer port {x}, PCI configuration {x}, power-off {}",
                 found.core_count,
                 found.hpet,
                 found.pm_timer_port,
                 found.config_space,
                 found.can_power_off ? "yes" : "no");
}

const Machine& machine() { return found; }

}  // namespace tessera::acpi
