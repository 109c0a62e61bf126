// The kernel on bare metal: entered by the nucleus through the C library's start code.
#include "boot/system/kernel.h"
#include "core/platform/platform.h"

int main() { tessera::platform::shutdown(tessera::system::kernel_main()); }
