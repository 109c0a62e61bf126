// Stands before objects of any interface and counts: CALLS=n and BYTES=n (there and back) in the environment are what each object
// may have in all, RATE=n how many calls in a second (the program then needs the clock). What is more is `exhausted`, or `busy`.
#include <stdlib.h>
#include <time.h>

#define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER counted
#define TESSERA_SERVE_TESSERA_INTERPOSER counted_maker
#include "proxy.h"

enum { EXHAUSTED = 8, BUSY = 27 };

struct counted {
    tessera_handle target;
    uint64_t calls;
    uint64_t bytes;
    uint64_t tokens;  // calls that may be made at once, in billionths
    int64_t filled;   // when, in nanoseconds
};

static const uint64_t kToken = 1000000000;
static uint64_t calls_max, bytes_max, rate;

static int64_t now(void) {
    struct timespec time = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// A bucket that holds a second's calls, and is filled as time goes by.
static int is_too_fast(struct counted* object) {
    const int64_t time = now();
    const uint64_t passed = (uint64_t)(time - object->filled);
    const uint64_t full = rate * kToken;
    const uint64_t more = passed >= kToken ? full : passed * rate;
    object->filled = time;
    object->tokens = object->tokens + more < full ? object->tokens + more : full;
    if (object->tokens < kToken) {
        return 1;
    }
    object->tokens -= kToken;
    return 0;
}

int32_t counted_call(void* self, PROXY_CALL_PARAMETERS) {
    struct counted* object = self;
    const uint64_t bytes = tessera_slice_length(body);
    if (object->calls >= calls_max || object->bytes > bytes_max || bytes > bytes_max - object->bytes) {
        return EXHAUSTED;
    }
    if (rate != 0 && is_too_fast(object)) {
        return BUSY;
    }
    ++object->calls;
    object->bytes += bytes;
    const int32_t status = proxy_pass_on(object->target, PROXY_CALL_ARGUMENTS);
    object->bytes += *answer_length;
    return status;
}

void counted_released(void* self) {
    tessera_handle_release(((struct counted*)self)->target);
    free(self);
}

int32_t counted_maker_wrap(void* self, tessera_cap object, tessera_object* wrapped) {
    (void)self;
    struct counted* state = calloc(1, sizeof *state);
    if (state == NULL) {
        return EXHAUSTED;
    }
    state->target = tessera_cap_to_handle(object);
    state->tokens = rate * kToken;
    state->filled = rate != 0 ? now() : 0;
    wrapped->handle = proxy_mint(state);
    return 0;
}

void counted_maker_released(void* self) { (void)self; }

static uint64_t limit(const char* name, uint64_t otherwise) {
    const char* text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

int tessera_main(void) {
    calls_max = limit("CALLS", UINT64_MAX);
    bytes_max = limit("BYTES", UINT64_MAX);
    rate = limit("RATE", 0);
    return 0;
}
