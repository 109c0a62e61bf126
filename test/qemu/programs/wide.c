// A method that gives more than registers hold, called through an object of one's own.
#include <stdio.h>
#include <tessera/method.h>

#define INTERFACE "a1b2c3d4e5f60002"
TESSERA_METHOD(INTERFACE, "mint:l>c") tessera_cap mint(uint64_t state);
TESSERA_METHOD(INTERFACE, "0:ld>iilclid") int32_t spread(tessera_cap self, uint64_t number, double real);
TESSERA_GIVE("iilclid") int32_t give_spread(int32_t status, int32_t, uint64_t, tessera_cap, uint64_t, int32_t, double);

TESSERA_OFFER(INTERFACE "/0:ld>iilclid") int32_t on_spread(uint64_t state, uint64_t number, double real) {
    return give_spread(
        number == 0 ? 16 : 0, (int32_t)(number & 0xff), number * state, mint(state + 1), state, -1, real / 2);
}

static void call(tessera_cap object, uint64_t number) {
    const int32_t status = spread(object, number, 5.0);
    const int32_t low = tessera_result_i32(status, 1);
    const uint64_t product = tessera_result_i64(status, 2);
    tessera_cap next = tessera_result_cap(status, 3);
    const uint64_t state = tessera_result_i64(status, 4);
    const int32_t minus = tessera_result_i32(status, 5);
    const double half = tessera_result_f64(status, 6);
    printf(
        "%d: %d %llu %llu %d %g\n", status, low, (unsigned long long)product, (unsigned long long)state, minus, half);
    if (status == 0 && number > 1) {
        call(next, number - 1);
    }
}

int main(void) {
    call(mint(7), 259);
    call(mint(1), 0);
    call(tessera_cap_null(), 1);
    return 0;
}
