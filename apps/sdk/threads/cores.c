#include "cores.h"

#include "../wasi/descriptor.h"

#include <tessera/cores.tessera.h>
#include <tessera/domain.h>
#include <tessera/status.tessera.h>

uint32_t tessera_cores_handle(void) {
    static tessera_handle cores;
    static uint32_t is_found;  // 1: another fiber is at it, 2: done
    uint32_t nobody = 0;
    if (__atomic_load_n(&is_found, __ATOMIC_ACQUIRE) != 2 &&
        __atomic_compare_exchange_n(&is_found, &nobody, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
        cores = tessera_wasi_grant(TESSERA_CORES_ID);
        __atomic_store_n(&is_found, 2, __ATOMIC_RELEASE);
    }
    while (__atomic_load_n(&is_found, __ATOMIC_ACQUIRE) != 2) {
        tessera_domain_yield();
    }
    return cores;
}

uint32_t tessera_cores_at_once(void) {
    const tessera_cores cores = {tessera_cores_handle()};
    uint32_t count = 1;
    return cores.handle != 0 && tessera_cores_count(cores, &count) == TESSERA_STATUS_OK && count != 0 ? count : 1;
}
