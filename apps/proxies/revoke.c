// A caretaker: gives an object that stands before another one, and what ends it (Caretaker, Revoker).
#include <stdlib.h>

#define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER cared_for
#define TESSERA_SERVE_TESSERA_CARETAKER caretaker
#define TESSERA_SERVE_TESSERA_REVOKER revoker
#include "proxy.h"

enum { EXHAUSTED = 8, REVOKED = 5 };

// Shared by an object and its revoker, of which each is one user.
struct care {
    tessera_handle target;  // 0: revoked
    unsigned users;
};

static void drop(struct care* care) {
    if (--care->users == 0) {
        tessera_handle_release(care->target);
        free(care);
    }
}

int32_t cared_for_call(void* self, PROXY_CALL_PARAMETERS) {
    const struct care* care = self;
    return care->target == 0 ? REVOKED : proxy_pass_on(care->target, PROXY_CALL_ARGUMENTS);
}

void cared_for_released(void* self) { drop(self); }

int32_t revoker_revoke(void* self) {
    struct care* care = self;
    const tessera_handle target = care->target;
    care->target = 0;
    tessera_handle_release(target);
    return 0;
}

int32_t revoker_revoked(void* self, bool* revoked) {
    *revoked = ((const struct care*)self)->target == 0;
    return 0;
}

void revoker_released(void* self) { drop(self); }

int32_t caretaker_wrap(void* self, tessera_cap object, tessera_object* wrapped, tessera_revoker* made) {
    (void)self;
    struct care* care = malloc(sizeof *care);
    if (care == NULL) {
        return EXHAUSTED;
    }
    *care = (struct care){tessera_cap_to_handle(object), 2};
    wrapped->handle = proxy_mint(care);
    made->handle = tessera_cap_to_handle(tessera_revoker_mint((uint64_t)(uintptr_t)care));
    return 0;
}

void caretaker_released(void* self) { (void)self; }

int tessera_main(void) { return 0; }
