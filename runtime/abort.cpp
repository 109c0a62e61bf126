// abort(), for everything linked into the kernel: inside a guarded run it ends that run.
#include <csignal>
#include <cstdlib>

#include "runtime/guarded_run.h"

extern "C" void abort() noexcept {
    tessera::runtime::escape_guarded_run("the code generator gave up (abort)");
    __builtin_trap();  // reported by the platform as the kernel's own fault
}
