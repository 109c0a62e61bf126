// Stands before objects of any interface and writes down each call and its answer, for replay.c, as lines on the console:
//   tape OBJECT INTERFACE METHOD BODY ROOMS -> STATUS ANSWER GIVEN
// in hexadecimal, `-` for nothing. Objects that come back in answers are recorded, too, and named by their numbers in GIVEN.
#include <stdio.h>
#include <stdlib.h>

#define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER recorded
#define TESSERA_SERVE_TESSERA_INTERPOSER recorded_maker
#include "proxy.h"

enum { MAX_CAPABILITIES = 32, EXHAUSTED = 8 };

struct recorded {
    tessera_handle target;
    unsigned number;
};

static unsigned made;

static tessera_handle record(tessera_handle target) {
    struct recorded* object = malloc(sizeof *object);
    if (object == NULL) {
        return 0;
    }
    *object = (struct recorded){tessera_cap_to_handle(tessera_cap_from_handle(target)), made++};
    return proxy_mint(object);
}

static void write_bytes(tessera_slice bytes, uint64_t length) {
    printf(length == 0 ? " -" : " ");
    for (uint64_t i = 0; i < length; ++i) {
        printf("%02x", (unsigned)tessera_slice_load8(bytes, (size_t)i));
    }
}

int32_t recorded_call(void* self, PROXY_CALL_PARAMETERS) {
    const struct recorded* object = self;
    uint32_t out[MAX_CAPABILITIES];
    uint64_t came = 0;
    const int32_t status = proxy_pass_on(object->target, interface_id, ordinal, body, capabilities, rooms, answer,
                                         tessera_slice_of(out, sizeof out), answer_length, &came);
    printf("tape %x %llx %x", object->number, (unsigned long long)interface_id, (unsigned)ordinal);
    write_bytes(body, tessera_slice_length(body));
    write_bytes(rooms, tessera_slice_length(rooms));
    printf(" -> %x", (unsigned)status);
    write_bytes(answer, status == 0 || status == 13 ? *answer_length : 0);
    for (size_t i = 0; i < came / 4; ++i) {
        const unsigned number = made;
        const tessera_handle handle = out[i] == 0 ? 0 : record(out[i]);
        if (out[i] != 0 && handle == 0) {
            return EXHAUSTED;
        }
        tessera_slice_store32(given, i * 4, handle);
        printf(out[i] == 0 ? " 0" : " %x", number);
    }
    printf("\n");
    *given_length = came;
    return status;
}

void recorded_released(void* self) {
    tessera_handle_release(((struct recorded*)self)->target);
    free(self);
}

int32_t recorded_maker_wrap(void* self, tessera_cap object, tessera_object* wrapped) {
    (void)self;
    const tessera_handle target = tessera_cap_to_handle(object);
    wrapped->handle = record(target);
    tessera_handle_release(target);
    return wrapped->handle == 0 ? EXHAUSTED : 0;
}

void recorded_maker_released(void* self) { (void)self; }

int tessera_main(void) { return 0; }
