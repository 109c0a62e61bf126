// Stands before objects of any interface and writes a line on the console for each call: which method of which interface
// of which object, how many bytes and capabilities went and came, and the status.
#include <stdio.h>
#include <stdlib.h>

#define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER logged
#define TESSERA_SERVE_TESSERA_INTERPOSER logged_maker
#include "proxy.h"

struct logged {
    tessera_handle target;
    unsigned number;
};

static unsigned made;

int32_t logged_call(void* self, PROXY_CALL_PARAMETERS) {
    const struct logged* object = self;
    const int32_t status = proxy_pass_on(object->target, PROXY_CALL_ARGUMENTS);
    printf("object %u: %016llx method %u, %llu bytes and %llu capabilities -> %d, %llu bytes and %llu capabilities\n",
           object->number,
           (unsigned long long)interface_id,
           (unsigned)ordinal,
           (unsigned long long)tessera_slice_length(body),
           (unsigned long long)tessera_slice_length(capabilities) / 4,
           (int)status,
           (unsigned long long)*answer_length,
           (unsigned long long)*given_length / 4);
    return status;
}

void logged_released(void* self) {
    struct logged* object = self;
    printf("object %u: let go of\n", object->number);
    tessera_handle_release(object->target);
    free(object);
}

int32_t logged_maker_wrap(void* self, tessera_cap object, tessera_object* wrapped) {
    (void)self;
    struct logged* state = malloc(sizeof *state);
    if (state == NULL) {
        return 8;  // exhausted
    }
    *state = (struct logged){tessera_cap_to_handle(object), ++made};
    wrapped->handle = proxy_mint(state);
    return 0;
}

void logged_maker_released(void* self) { (void)self; }

int tessera_main(void) { return 0; }
