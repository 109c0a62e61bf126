// The kernel on bare metal: entered by the nucleus through the C library's start code.
#include "boot/bundle/command_line.h"
#include "boot/system/kernel.h"
#include "core/platform/handoff.h"
#include "core/platform/platform.h"

// The promise that lets the nucleus leave out LLVM's constructors until program_run.cpp asks for them.
extern "C" {
extern const bool tessera_prepares_code_generator;
const bool tessera_prepares_code_generator = true;
}

static_assert(tessera::bundle::kCommandLineBytesMax == tessera::Handoff::kCommandLineMax);

int main() { tessera::platform::shutdown(tessera::system::kernel_main()); }
