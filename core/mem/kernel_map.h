// The nucleus's own mappings: the image with its rights, the direct map, device registers, firmware tables, stacks.
#pragma once

#include "core/mem/address.h"

#include <cstdint>
#include <span>

namespace tessera::mem {

// The first address behind the image and its symbol table.
[[nodiscard]] std::uint64_t image_end();

// Builds the page table and switches to it: from here on nothing is writable and executable.
void build_kernel_map();

// Device registers, uncached. Null if there is no frame for the tables. May be called again for the same registers.
[[nodiscard]] volatile void* map_device(PhysAddr physical, std::uint64_t bytes);

// Memory that others wrote: firmware's tables, the bundle. Read only. Null if it can't be mapped.
[[nodiscard]] const void* map_firmware(PhysAddr physical, std::uint64_t bytes);

// A stack with an unmapped page below; returns its top, 0 without memory. Never freed.
[[nodiscard]] std::uint64_t allocate_stack(std::uint64_t bytes);

// Code at its physical address, for cores that start without paging.
[[nodiscard]] bool map_trampoline(PhysAddr code, PhysAddr data);
void unmap_trampoline(PhysAddr code, PhysAddr data);

}  // namespace tessera::mem
