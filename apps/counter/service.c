// Implements Counter. It holds nothing but its own memory: each object is a counter in there.
#include <ctype.h>
#include <stdlib.h>

#define TESSERA_SERVE_COUNTING_COUNTER counter
#include "counter.tessera.h"

struct counter {
    uint64_t sum;
};

static struct counter first;  // what those are granted that are granted one: its state is 0

static struct counter* counter_of(void* self) { return self == NULL ? &first : self; }

int32_t counter_add(void* self, uint64_t count, uint64_t* sum) {
    *sum = counter_of(self)->sum += count;
    return 0;
}

int32_t counter_child(void* self, uint64_t from, counting_counter* made) {
    (void)self;
    struct counter* child = malloc(sizeof *child);
    if (child == NULL) {
        return 8;  // exhausted
    }
    child->sum = from;
    made->handle = tessera_cap_to_handle(counting_counter_mint((uint64_t)(uintptr_t)child));
    return 0;
}

// The text lies in the caller's memory, and is read there.
int32_t counter_words(void* self, tessera_slice text, uint64_t* sum) {
    const size_t length = (size_t)tessera_slice_length(text);
    uint64_t words = 0;
    int in_word = 0;
    for (size_t i = 0; i < length; ++i) {
        const int is_letter = !isspace(tessera_slice_load8(text, i));
        words += is_letter && !in_word;
        in_word = is_letter;
    }
    return counter_add(self, words, sum);
}

void counter_released(void* self) { free(self); }

int tessera_main(void) { return 0; }
