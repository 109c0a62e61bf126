// What is called: one interface, of which the caller knows the numbers.
#include "bench.tessera.h"
#include <tessera/method.h>
#include <tessera/slice.h>

#define BENCH "b1d2c3d4e5f60718"

TESSERA_OFFER(BENCH "/0:l>il") int32_t bench_add(uint64_t state, uint64_t n) { return tessera_results_il(0, state + n + 1); }

TESSERA_OFFER(BENCH "/1:r>il") int32_t bench_sum(uint64_t state, tessera_slice bytes) {
    uint64_t sum = state;
    const size_t length = (size_t)tessera_slice_length(bytes);
    for (size_t i = 0; i < length; ++i) {
        sum += tessera_slice_load8(bytes, i);
    }
    return tessera_results_il(0, sum);
}

TESSERA_METHOD(BENCH, "mint:l>c") tessera_cap bench_mint(uint64_t state);

TESSERA_OFFER(BENCH "/2:l>ic") int32_t bench_make(uint64_t state, uint64_t n) { return tessera_results_ic(0, bench_mint(state + n)); }

int tessera_main(void) { return 0; }
