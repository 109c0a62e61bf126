// A membrane: whatever crosses it, in parameters and in results, is wrapped, and so is what comes through that. An object has
// one wrapper, so that equality holds on both sides, and comes home unwrapped. Revoking ends all that has ever crossed.
#include <stdlib.h>

#define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER wrapped
#define TESSERA_SERVE_TESSERA_CARETAKER membrane_maker
#define TESSERA_SERVE_TESSERA_INTERPOSER membrane_before
#define TESSERA_SERVE_TESSERA_REVOKER membrane
#include "proxy.h"

enum { MAX_CAPABILITIES = 32, EXHAUSTED = 8, REVOKED = 5 };

struct wrapped {
    struct membrane* membrane;
    struct wrapped* next;
    tessera_handle target;
    tessera_handle own;  // of the wrapper itself: so it stays as long as the membrane
    int inner;           // the target is behind the membrane; or, at 0, before it
};

struct membrane {
    struct wrapped* all;
    int revoked;
};

// A wrapper of an object that lies on the given side; null: there is no memory.
static struct wrapped* wrapper_of(struct membrane* membrane, tessera_handle object, int inner) {
    for (struct wrapped* at = membrane->all; at != NULL; at = at->next) {
        if (at->inner == inner && tessera_cap_equal(tessera_cap_from_handle(at->target), tessera_cap_from_handle(object))) {
            return at;
        }
    }
    struct wrapped* made = malloc(sizeof *made);
    if (made != NULL) {
        *made = (struct wrapped){membrane, membrane->all, tessera_cap_to_handle(tessera_cap_from_handle(object)), 0, inner};
        made->own = proxy_mint(made);
        membrane->all = made;
    }
    return made;
}

// What an object that comes from one side is on the other one: a handle that is kept here; 0: there is no memory.
static tessera_handle across(struct membrane* membrane, tessera_handle object, int from_inner) {
    for (struct wrapped* at = membrane->all; at != NULL; at = at->next) {
        if (at->inner != from_inner && tessera_cap_equal(tessera_cap_from_handle(at->own), tessera_cap_from_handle(object))) {
            return at->target;  // it comes home
        }
    }
    const struct wrapped* made = wrapper_of(membrane, object, from_inner);
    return made == NULL ? 0 : made->own;
}

int32_t wrapped_call(void* self, PROXY_CALL_PARAMETERS) {
    struct wrapped* object = self;
    struct membrane* membrane = object->membrane;
    if (membrane->revoked) {
        return REVOKED;
    }
    uint32_t in[MAX_CAPABILITIES], out[MAX_CAPABILITIES];
    const size_t count = (size_t)tessera_slice_length(capabilities) / 4;
    for (size_t i = 0; i < count && i < MAX_CAPABILITIES; ++i) {
        const tessera_handle given_in = tessera_slice_load32(capabilities, i * 4);
        in[i] = given_in == 0 ? 0 : across(membrane, given_in, !object->inner);
        if (given_in != 0 && in[i] == 0) {
            return EXHAUSTED;
        }
    }
    uint64_t came = 0;
    const int32_t status = proxy_pass_on(object->target, interface_id, ordinal, body, tessera_slice_of_const(in, count * 4), rooms,
                                         answer, tessera_slice_of(out, sizeof out), answer_length, &came);
    if (membrane->revoked) {
        return REVOKED;  // meanwhile
    }
    for (size_t i = 0; status == 0 && i < came / 4; ++i) {
        tessera_handle handle = 0;
        if (out[i] != 0) {
            const tessera_handle other = across(membrane, out[i], object->inner);
            if (other == 0) {
                return EXHAUSTED;
            }
            handle = tessera_cap_to_handle(tessera_cap_from_handle(other));  // one that goes over to the caller
        }
        tessera_slice_store32(given, i * 4, handle);
    }
    *given_length = came;
    return status;
}

void wrapped_released(void* self) { free(self); }

int32_t membrane_revoke(void* self) {
    struct membrane* membrane = self;
    membrane->revoked = 1;
    while (membrane->all != NULL) {
        struct wrapped* at = membrane->all;
        membrane->all = at->next;
        tessera_handle_release(at->target);
        tessera_handle_release(at->own);
    }
    return 0;
}

int32_t membrane_revoked(void* self, bool* revoked) {
    *revoked = ((struct membrane*)self)->revoked != 0;
    return 0;
}

// Its wrappers may be called still: it stays, empty.
void membrane_released(void* self) { (void)self; }

static int32_t make(tessera_cap object, tessera_object* made, struct membrane** whole) {
    struct membrane* membrane = calloc(1, sizeof *membrane);
    const tessera_handle behind = tessera_cap_to_handle(object);
    const struct wrapped* first = membrane == NULL ? NULL : wrapper_of(membrane, behind, 1);
    tessera_handle_release(behind);
    if (first == NULL) {
        free(membrane);
        return EXHAUSTED;
    }
    made->handle = tessera_cap_to_handle(tessera_cap_from_handle(first->own));
    *whole = membrane;
    return 0;
}

int32_t membrane_maker_wrap(void* self, tessera_cap object, tessera_object* made, tessera_revoker* revoker) {
    (void)self;
    struct membrane* membrane = NULL;
    const int32_t status = make(object, made, &membrane);
    if (status == 0) {
        revoker->handle = tessera_cap_to_handle(tessera_revoker_mint((uint64_t)(uintptr_t)membrane));
    }
    return status;
}

// One that nobody revokes.
int32_t membrane_before_wrap(void* self, tessera_cap object, tessera_object* made) {
    (void)self;
    struct membrane* membrane = NULL;
    return make(object, made, &membrane);
}

void membrane_before_released(void* self) { (void)self; }

void membrane_maker_released(void* self) { (void)self; }

int tessera_main(void) { return 0; }
