// The kernel's hook for abort().
#pragma once

#include "core/platform/platform.h"

namespace tessera::libc {
void set_abort_handler(platform::AbortHandler handler);
}
