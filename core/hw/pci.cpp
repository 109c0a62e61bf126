#include "core/hw/pci.h"

#include "core/acpi/tables.h"
#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/mem/kernel_map.h"

namespace tessera::hw {

namespace {

constexpr std::uint16_t kAddressPort = 0xcf8;
constexpr std::uint16_t kDataPort = 0xcfc;
constexpr unsigned kPortSpaceSize = 256;
constexpr std::uint64_t kFunctionSpaceSize = 4096;

constexpr unsigned kCommand = 0x04;
constexpr unsigned kClass = 0x0b;
constexpr unsigned kHeaderType = 0x0e;
constexpr unsigned kFirstBar = 0x10;
constexpr unsigned kSecondaryBus = 0x19;
constexpr unsigned kCapabilities = 0x34;
constexpr std::uint32_t kCommandMemory = 1 << 1;
constexpr std::uint32_t kCommandMaster = 1 << 2;
constexpr std::uint32_t kStatusCapabilities = 1 << 20;
constexpr std::uint8_t kMultiFunction = 0x80;
constexpr std::uint8_t kBridge = 1;
constexpr unsigned kBusMax = 256;
constexpr unsigned kCapabilityMax = 64;

constinit arch::Spinlock lock;

// The register in the memory-mapped configuration space, which only MCFG's machines have; null otherwise.
volatile std::uint32_t* mapped(PciAddress at, unsigned offset) {
    const acpi::Machine& machine = acpi::machine();
    if (offset < kPortSpaceSize || machine.config_space == 0 || at.bus < machine.config_bus_first ||
        at.bus > machine.config_bus_last) {
        return nullptr;
    }
    const std::uint64_t index =
        (std::uint64_t{at.bus} - machine.config_bus_first) << 8 | std::uint64_t{at.device} << 3 | at.function;
    auto* space = static_cast<volatile char*>(
        mem::map_device({machine.config_space + index * kFunctionSpaceSize}, kFunctionSpaceSize));
    // SAFETY: inside the page just mapped.
    return space == nullptr ? nullptr : reinterpret_cast<volatile std::uint32_t*>(space + (offset & ~3U));
}

void select(PciAddress at, unsigned offset) {
    arch::out32(kAddressPort,
                0x8000'0000U | static_cast<std::uint32_t>(at.bus) << 16 | static_cast<std::uint32_t>(at.device) << 11 |
                    static_cast<std::uint32_t>(at.function) << 8 | (offset & 0xfc));
}

bool scan_bus(std::uint8_t bus, unsigned depth, PciVisit visit, void* argument) {
    for (std::uint8_t device = 0; device < 32; ++device) {
        std::uint8_t functions = 1;
        for (std::uint8_t function = 0; function < functions; ++function) {
            const PciAddress at = {bus, device, function};
            if (pci_read16(at, 0) == 0xffff) {
                continue;
            }
            const std::uint8_t type = pci_read8(at, kHeaderType);
            if (function == 0 && (type & kMultiFunction) != 0) {
                functions = 8;
            }
            if (visit(at, argument)) {
                return true;
            }
            const std::uint8_t secondary = pci_read8(at, kSecondaryBus);
            if ((type & 0x7f) == kBridge && pci_read8(at, kClass) == 6 && secondary > bus && depth < kBusMax &&
                scan_bus(secondary, depth + 1, visit, argument)) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

std::uint32_t pci_read(PciAddress at, unsigned offset) {
    if (const volatile std::uint32_t* reg = mapped(at, offset)) {
        return *reg;
    }
    if (offset >= kPortSpaceSize) {
        return ~0U;
    }
    const arch::IrqLock guard(lock);
    select(at, offset);
    return arch::in32(kDataPort);
}

std::uint8_t pci_read8(PciAddress at, unsigned offset) {
    return static_cast<std::uint8_t>(pci_read(at, offset) >> (offset % 4 * 8));
}
std::uint16_t pci_read16(PciAddress at, unsigned offset) {
    return static_cast<std::uint16_t>(pci_read(at, offset) >> (offset % 4 * 8));
}

void pci_write(PciAddress at, unsigned offset, std::uint32_t value) {
    if (volatile std::uint32_t* reg = mapped(at, offset)) {
        *reg = value;
        return;
    }
    if (offset < kPortSpaceSize) {
        const arch::IrqLock guard(lock);
        select(at, offset);
        arch::out32(kDataPort, value);
    }
}

bool pci_scan(PciVisit visit, void* argument) {
    // No PCI at all: the address register does not hold what is written.
    arch::out32(kAddressPort, 0x8000'0000U);
    return arch::in32(kAddressPort) == 0x8000'0000U && scan_bus(0, 0, visit, argument);
}

unsigned pci_next_capability(PciAddress at, std::uint8_t kind, unsigned previous) {
    if ((pci_read(at, kCommand) & kStatusCapabilities) == 0) {
        return 0;
    }
    unsigned offset = pci_read8(at, previous == 0 ? kCapabilities : previous + 1) & 0xfcU;
    for (unsigned i = 0; i < kCapabilityMax && offset != 0; ++i) {
        if (pci_read8(at, offset) == kind) {
            return offset;
        }
        offset = pci_read8(at, offset + 1) & 0xfcU;
    }
    return 0;
}

std::optional<mem::PhysAddr> pci_memory_bar(PciAddress at, unsigned index) {
    if (index > 5) {
        return std::nullopt;
    }
    const std::uint32_t low = pci_read(at, kFirstBar + index * 4);
    if ((low & 1) != 0) {
        return std::nullopt;
    }
    std::uint64_t address = low & ~15U;
    if ((low & 6) == 4 && index < 5) {
        address |= std::uint64_t{pci_read(at, kFirstBar + index * 4 + 4)} << 32;
    }
    return address == 0 ? std::nullopt : std::optional(mem::PhysAddr{address});
}

void pci_enable(PciAddress at) {
    const std::uint32_t command = pci_read(at, kCommand) & 0xffff;  // status bits are cleared by writing ones
    pci_write(at, kCommand, command | kCommandMemory | kCommandMaster);
}

}  // namespace tessera::hw
