// The program itself: to end, or to let others go first, needs nobody's leave.
#include "wasi.h"

#include <tessera/domain.h>

_Noreturn void __imported_wasi_snapshot_preview1_proc_exit(uint32_t status);
_Noreturn void __imported_wasi_snapshot_preview1_proc_exit(uint32_t status) { tessera_domain_exit(status); }

WASI(sched_yield)(void) {
    tessera_domain_yield();
    return WASI_SUCCESS;
}

WASI(proc_raise)(uint32_t signal) {
    (void)signal;
    return WASI_NOSYS;
}
