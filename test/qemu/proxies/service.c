// Implements Thing by typed methods. A thing's state is its number.
#include <ctype.h>

#define TESSERA_SERVE_TESTING_THING thing
#include "thing.tessera.h"

static testing_thing child_of(uint32_t number) {
    return (testing_thing){tessera_cap_to_handle(testing_thing_mint(number))};
}

int32_t thing_numbers(void* self, bool truth, int8_t tiny, int16_t small, int64_t big, float single, double precise,
                      double* sum, uint32_t* all, float* half) {
    (void)self;
    *sum = (double)big + precise;
    *all = (uint32_t)(truth ? 1000000 : 0) + (uint32_t)(tiny + 200) * 1000 + (uint32_t)(small + 500);
    *half = single / 2;
    return 0;
}

int32_t thing_bytes(void* self, tessera_slice text, tessera_slice data, tessera_slice reversed, tessera_slice upper,
                    uint64_t* reversed_length, uint64_t* upper_length) {
    (void)self;
    const size_t text_length = (size_t)tessera_slice_length(text);
    const size_t data_length = (size_t)tessera_slice_length(data);
    *upper_length = text_length;
    *reversed_length = data_length;
    if (tessera_slice_length(upper) < text_length || tessera_slice_length(reversed) < data_length) {
        return 13;  // tooSmall
    }
    for (size_t i = 0; i < text_length; ++i) {
        tessera_slice_store8(upper, i, (uint8_t)toupper(tessera_slice_load8(text, i)));
    }
    for (size_t i = 0; i < data_length; ++i) {
        tessera_slice_store8(reversed, i, tessera_slice_load8(data, data_length - 1 - i));
    }
    return 0;
}

int32_t thing_pair(void* self, tessera_slice pair, tessera_slice back, uint64_t* back_length) {
    (void)self;
    const size_t length = (size_t)tessera_slice_length(pair);
    *back_length = length;
    if (tessera_slice_length(back) < length) {
        return 13;
    }
    for (size_t i = 0; i < length; ++i) {
        tessera_slice_store8(back, i, tessera_slice_load8(pair, i));
    }
    return 0;
}

int32_t thing_objects(void* self, tessera_cap first, tessera_cap second, uint32_t which, testing_thing* chosen, bool* same) {
    (void)self;
    *same = tessera_cap_equal(first, second) != 0;
    chosen->handle = tessera_cap_to_handle(which == 0 ? first : second);
    return 0;
}

int32_t thing_fails(void* self, uint16_t status) {
    (void)self;
    return status;
}

int32_t thing_traps(void* self) {
    (void)self;
    __builtin_trap();
}

int32_t thing_child(void* self, uint32_t number, testing_thing* child) {
    (void)self;
    *child = child_of(number);
    return 0;
}

int32_t thing_number(void* self, uint32_t* number) {
    *number = (uint32_t)(uintptr_t)self;
    return 0;
}

int32_t thing_counts(void* self, uint64_t* a, uint64_t* b, uint64_t* c, uint64_t* d) {
    *a = (uint64_t)(uintptr_t)self;
    *b = *a + 1;
    *c = *b << 40U;
    *d = ~*a;
    return 0;
}

void thing_released(void* self) { (void)self; }

int tessera_main(void) { return 0; }
