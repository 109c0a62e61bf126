// Times calls into another domain: a line each, "NAME NANOSECONDS", the best of some rounds.
#include <stdio.h>
#include <string.h>

#include "bench.tessera.h"
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/message.tessera.h>
#include <tessera/method.h>
#include <tessera/slice.h>

#define BENCH "b1d2c3d4e5f60718"

TESSERA_METHOD(BENCH, "0:l>il") int32_t bench_add(tessera_cap service, uint64_t n);
TESSERA_METHOD(BENCH, "1:r>il") int32_t bench_sum(tessera_cap service, tessera_slice bytes);
TESSERA_METHOD(BENCH, "2:l>ic") int32_t bench_make(tessera_cap service, uint64_t n);

#define TESTED_ID DESCRIBED_BENCH_ID

enum { ROUNDS = 7, CALLS = 4000000, LONG_CALLS = 100000 };

static unsigned char bytes[4096];
static uint64_t total;
static int failed;

static void say(tessera_cap console, const char* name, uint64_t best_ns, uint64_t calls) {
    char text[100];
    snprintf(text, sizeof text, "%s %.3f\n", name, (double)best_ns / (double)calls);
    tessera_console_write(console, text, strlen(text));
}

__attribute__((noinline)) static uint64_t own(uint64_t n) { return n + 1; }
static uint64_t (*volatile pointer)(uint64_t) = own;

#define MEASURE(name, calls, statements)                                    \
    do {                                                                    \
        uint64_t best = UINT64_MAX;                                         \
        for (int round = 0; round < ROUNDS; ++round) {                      \
            const uint64_t start = tessera_clock_now(clock);                \
            for (uint64_t i = 0; i < (calls); ++i) {                        \
                statements                                                  \
            }                                                               \
            const uint64_t time = tessera_clock_now(clock) - start;         \
            best = time < best ? time : best;                               \
        }                                                                   \
        say(console, name, best, calls);                                    \
    } while (0)

static tessera_handle before(tessera_cap interposer, tessera_cap service) {
    tessera_object made = {0};
    failed |= tessera_interposer_wrap((tessera_interposer){tessera_cap_to_handle(interposer)},
                                      (tessera_object){tessera_cap_to_handle(service)}, &made);
    return made.handle;
}

int tessera_main(tessera_cap service, tessera_cap forward, tessera_cap membrane, tessera_cap clock, tessera_cap console) {
    for (size_t i = 0; i < sizeof bytes; ++i) {
        bytes[i] = (unsigned char)i;
    }
    const uint32_t handle = tessera_cap_to_handle(service);
    MEASURE("call_pointer", CALLS, total = pointer(total););
    MEASURE("call_direct", CALLS, const int32_t status = bench_add(service, total); failed |= status; total = tessera_result_i64(status, 1););
    MEASURE("call_handle", CALLS, const int32_t status = bench_add(tessera_cap_from_handle(handle), total); failed |= status; total = tessera_result_i64(status, 1););
    MEASURE("own_loop", LONG_CALLS, __asm__ volatile("" ::: "memory"); for (size_t k = 0; k < sizeof bytes; ++k) total += bytes[k];);
    MEASURE("call_slice", LONG_CALLS, const int32_t status = bench_sum(service, tessera_slice_of_const(bytes, sizeof bytes)); failed |= status; total += tessera_result_i64(status, 1););
    MEASURE("object", LONG_CALLS, int32_t status = bench_make(service, i); const tessera_cap object = tessera_result_cap(status, 1); failed |= status;
            status = bench_add(object, 1); total += tessera_result_i64(status, 1); failed |= status; tessera_cap_release(object););
    const tessera_cap behind_proxy = tessera_cap_from_handle(before(forward, service));
    const tessera_cap behind_membrane = tessera_cap_from_handle(before(membrane, service));
    MEASURE("proxy_null", LONG_CALLS, const int32_t status = bench_add(behind_proxy, total); failed |= status; total = tessera_result_i64(status, 1););
    MEASURE("proxy_membrane", LONG_CALLS, const int32_t status = bench_add(behind_membrane, total); failed |= status; total = tessera_result_i64(status, 1););
    uint64_t body[2] = {1ULL << 32U, 1}, answer[4];
    size_t answered = 0, given = 0;
    const tessera_message_handler any = {handle};
    MEASURE("call_message", LONG_CALLS, failed |= tessera_message_handler_call(any, TESTED_ID, 0, body, sizeof body, 0, 0, 0, 0, answer, sizeof answer, &answered, 0, 0, &given););
    return failed;
}
