// The handover of PVH (qemu -kernel, Firecracker, Cloud Hypervisor, Xen). [xen] pvh.pandoc,
// xen/include/public/arch-x86/hvm/start_info.h
#pragma once

#include "core/platform/handoff.h"

namespace tessera::boot {

// Copies what is wanted; false if the structure makes no sense.
[[nodiscard]] bool read_pvh(const void* start_info, Handoff& handoff);

}  // namespace tessera::boot
