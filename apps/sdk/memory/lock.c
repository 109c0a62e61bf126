// One call at a time, once other programs have a directory: their calls come on every core.
#include "node.h"

#include <tessera/domain.h>
#include <tessera/status.tessera.h>

// A caller that is ended inside of a call leaves the lock behind. Who waits this often gives up.
enum { TURNS_MAX = 4000000, TURNS_BEFORE_YIELDING = 200 };

static bool is_shared;
static bool is_locked;

void tessera_memory_share(void) { is_shared = true; }

int32_t tessera_memory_lock(void) {
    if (!is_shared) {
        return TESSERA_STATUS_OK;
    }
    for (unsigned turn = 0; __atomic_exchange_n(&is_locked, true, __ATOMIC_ACQUIRE); ++turn) {
        if (turn == TURNS_MAX) {
            return TESSERA_STATUS_BUSY;
        }
        if (turn >= TURNS_BEFORE_YIELDING) {
            tessera_domain_yield();
        }
    }
    return TESSERA_STATUS_OK;
}

void tessera_memory_unlock(void) {
    if (is_shared) {
        __atomic_store_n(&is_locked, false, __ATOMIC_RELEASE);
    }
}
