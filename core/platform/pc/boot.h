// For boot/entry: what the loader handed over becomes what platform.h shows.
#pragma once

#include "core/platform/platform.h"

namespace tessera::platform {
void set_boot_info(const BootInfo& boot);
}
