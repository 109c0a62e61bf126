// A module to be loaded. It serves Probe; what its entry does is said by MAIN when it is compiled: 0 returns, 1 traps,
// 2 spins, 3 takes all memory, 4 calls `spin` of the object it is granted, 5 calls `add` of it until that fails, 6
// returns 5.
#define TESSERA_SERVE_PROBE_PROBE served
#include "probe.tessera.h"

#include <stdlib.h>

struct served {
    uint64_t state;
};

static struct served first;
static uint64_t told;
static void* volatile taken;  // what is never looked at need not be allocated
static probe_probe kept;

static struct served* served_of(void* self) { return self == NULL ? &first : self; }

static probe_probe make(uint64_t state) {
    probe_probe made = {0};
    struct served* served = malloc(sizeof *served);
    if (served != NULL) {
        served->state = state;
        const tessera_cap object = probe_probe_mint((uint64_t)(uintptr_t)served);
        made.handle = tessera_cap_to_handle(object);
        tessera_cap_release(object);
    }
    return made;
}

int32_t served_add(void* self, uint64_t a, uint64_t b, uint64_t* sum) {
    *sum = a + b + served_of(self)->state;
    return 0;
}

int32_t served_spin(void* self) {
    (void)self;
    for (volatile int i = 0;; i = i + 1) {
    }
}

int32_t served_trap(void* self) {
    (void)self;
    __builtin_trap();
}

int32_t served_child(void* self, uint64_t state, probe_probe* made) {
    (void)self;
    *made = make(state);
    return made->handle == 0 ? 8 : 0;
}

int32_t served_through(void* self, tessera_cap probe, uint32_t depth, uint64_t* sum) {
    (void)self;
    *sum = 1;
    if (depth == 0) {
        return 0;
    }
    const probe_probe other = {tessera_cap_to_handle(probe)};
    const probe_probe mine = make(depth);
    const int32_t status = probe_probe_through(other, mine, depth - 1, sum);
    *sum += 1;
    tessera_handle_release(mine.handle);
    tessera_handle_release(other.handle);
    return status;
}

int32_t served_keep(void* self, tessera_cap probe) {
    (void)self;
    kept.handle = tessera_cap_to_handle(probe);
    return 0;
}

int32_t served_hoard(void* self, uint32_t what, uint64_t* count) {
    (void)self;
    *count = 0;
    if (what == 1) {
        while ((taken = malloc(65536)) != NULL) {
            ++*count;
        }
        return 0;
    }
    const probe_probe mine = make(0);
    while (what == 0 ? tessera_cap_to_handle(probe_probe_mint(0)) != 0
                     : tessera_cap_to_handle(tessera_cap_from_handle(mine.handle)) != 0) {
        ++*count;
    }
    return 0;
}

int32_t served_told(void* self, uint64_t* count) {
    (void)self;
    *count = told;
    return 0;
}

int32_t served_fill(void* self, uint32_t count, tessera_slice bytes, uint64_t* length) {
    (void)self;
    *length = count;
    if (count > tessera_slice_length(bytes)) {
        return 7;
    }
    for (uint32_t i = 0; i < count; ++i) {
        tessera_slice_store8(bytes, i, (unsigned char)(i + 1));
    }
    return 0;
}

void served_released(void* self) {
    ++told;
    free(self);
}

#if MAIN == 4 || MAIN == 5
int tessera_main(tessera_cap granted) {
    const probe_probe object = {tessera_cap_to_handle(granted)};
    int32_t status = 0;
    uint64_t sum = 0;
    do {
        status = MAIN == 4 ? probe_probe_spin(object) : probe_probe_add(object, 1, 2, &sum);
    } while (status == 0);
    return status;
}
#else
int tessera_main(void) {
    switch (MAIN) {
    case 1:
        return *(volatile int*)16;
    case 2:
        return served_spin(NULL);
    case 3:
        for (;;) {
            taken = malloc(65536);
        }
    case 6:
        return 5;
    default:
        return 0;
    }
}
#endif
