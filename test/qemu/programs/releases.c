// Takes far more capabilities, one after the other, than a domain may hold at once, and lets go of none by hand: each
// goes at its last use, whatever the way through the function is.
#include <stdio.h>
#include <tessera/method.h>

#define INTERFACE "a1b2c3d4e5f60001"
TESSERA_METHOD(INTERFACE, "mint:l>c") tessera_cap mint(uint64_t state);
TESSERA_METHOD(INTERFACE, "0:>il") int32_t number(tessera_cap self);
TESSERA_METHOD(INTERFACE, "1:l>ic") int32_t other(tessera_cap self, uint64_t state);

TESSERA_OFFER(INTERFACE "/0:>il") int32_t give_number(uint64_t state) { return tessera_results_il(0, state); }
TESSERA_OFFER(INTERFACE "/1:l>ic") int32_t give_other(uint64_t state, uint64_t wanted) {
    return tessera_results_ic(wanted % 7 == 0 ? 17 : 0, mint(state + wanted));
}

static uint64_t number_of(tessera_cap object) {
    const int32_t status = number(object);
    const uint64_t result = tessera_result_i64(status, 1);
    return status == 0 ? result : 1000000;
}

static tessera_cap kept[0];

int main(void) {
    uint64_t sum = 0;
    tessera_table_grow(kept, tessera_cap_null(), 1);
    for (uint64_t i = 0; i < 1200000; ++i) {
        tessera_cap object = mint(i & 7);
        if (i % 5 == 0) {
            tessera_table_set(kept, 0, object);
        }
        if (i % 3 == 0) {
            sum += number_of(object);
        } else if (i % 3 == 1) {
            const int32_t status = other(object, i);
            tessera_cap made = tessera_result_cap(status, 1);
            sum += status == 0 ? number_of(made) & 1 : 0;
        } else {
            (void)other(object, 1);  // what it gives nobody fetches
        }
        for (unsigned turn = 0; turn < i % 2; ++turn) {
            sum += number_of(object) > 7;  // alive until the loop ends
        }
        sum += tessera_cap_is_null(tessera_table_get(kept, 0)) != 0;
    }
    const tessera_handle handle = tessera_cap_to_handle(mint(5));
    sum += number_of(tessera_cap_from_handle(handle));
    printf("sum %llu\n", (unsigned long long)sum);
    return 0;
}
