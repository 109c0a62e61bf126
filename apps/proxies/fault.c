// Stands before objects of any interface and does what goes wrong in the world: errors, delays, short answers. The environment
// says what: FAIL_EVERY=n with FAIL_STATUS=number, DELAY_MS=n (the program then needs the clock), ROOM=n: no result has more bytes.
#include <stdlib.h>
#include <time.h>

#define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER faulty
#define TESSERA_SERVE_TESSERA_INTERPOSER faulty_maker
#include "proxy.h"

enum { RESULTS_MAX = 32, DEVICE = 33 };

static unsigned long fail_every, fail_status, delay_ms, room_max, calls;

static unsigned long setting(const char* name, unsigned long otherwise) {
    const char* text = getenv(name);
    return text == NULL ? otherwise : strtoul(text, NULL, 10);
}

static void wait_a_while(void) {
    const struct timespec time = {(time_t)(delay_ms / 1000), (long)(delay_ms % 1000) * 1000000};
    (void)nanosleep(&time, NULL);
}

int32_t faulty_call(void* self, PROXY_CALL_PARAMETERS) {
    const tessera_handle target = (tessera_handle)(uintptr_t)self;
    if (delay_ms != 0) {
        wait_a_while();
    }
    if (fail_every != 0 && ++calls % fail_every == 0) {
        return (int32_t)fail_status;
    }
    if (room_max == 0) {
        return proxy_pass_on(target, PROXY_CALL_ARGUMENTS);
    }
    uint32_t less[RESULTS_MAX];
    const size_t count = (size_t)tessera_slice_length(rooms) / 4;
    for (size_t i = 0; i < count && i < RESULTS_MAX; ++i) {
        const uint32_t room = tessera_slice_load32(rooms, i * 4);
        less[i] = room < room_max ? room : (uint32_t)room_max;
    }
    return proxy_pass_on(target, interface_id, ordinal, body, capabilities, tessera_slice_of_const(less, count * 4), answer, given,
                         answer_length, given_length);
}

void faulty_released(void* self) { (void)tessera_handle_release((tessera_handle)(uintptr_t)self); }

int32_t faulty_maker_wrap(void* self, tessera_cap object, tessera_object* wrapped) {
    (void)self;
    wrapped->handle = proxy_mint((void*)(uintptr_t)tessera_cap_to_handle(object));
    return 0;
}

void faulty_maker_released(void* self) { (void)self; }

int tessera_main(void) {
    fail_every = setting("FAIL_EVERY", 0);
    fail_status = setting("FAIL_STATUS", DEVICE);
    delay_ms = setting("DELAY_MS", 0);
    room_max = setting("ROOM", 0);
    return 0;
}
