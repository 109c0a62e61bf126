// PCI configuration space: finding devices, their capabilities and registers. [pci 3.0] 6
#pragma once

#include "core/mem/address.h"

#include <cstdint>
#include <optional>

namespace tessera::hw {

struct PciAddress {
    std::uint8_t bus;
    std::uint8_t device;
    std::uint8_t function;
};

[[nodiscard]] std::uint32_t pci_read(PciAddress at, unsigned offset);  // the aligned 32 bits that hold `offset`
[[nodiscard]] std::uint8_t pci_read8(PciAddress at, unsigned offset);
[[nodiscard]] std::uint16_t pci_read16(PciAddress at, unsigned offset);
void pci_write(PciAddress at, unsigned offset, std::uint32_t value);

// Calls visit(address) for each function that is there, behind bridges as well, until it returns true.
using PciVisit = bool (*)(PciAddress at, void* argument);
bool pci_scan(PciVisit visit, void* argument);

// Offset of the next capability of this kind after `previous` (0: from the start); 0 if there is none.
[[nodiscard]] unsigned pci_next_capability(PciAddress at, std::uint8_t kind, unsigned previous);

// Where a memory register lies; nullopt if it is none, or was given no place.
[[nodiscard]] std::optional<mem::PhysAddr> pci_memory_bar(PciAddress at, unsigned index);

// Memory access and bus mastering on.
void pci_enable(PciAddress at);

}  // namespace tessera::hw
