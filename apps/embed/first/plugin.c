// A program that adds up numbers, and tells a log of its host's what it does.
//   c3f09a5e7d1482b6/0: add (log, number) -> (sum)
//   c3f09a5e7d1482b6/1: fail (): a fault
// The log: 9a40e6d37c5b2f18/0: line (text) -> (how many lines there are)
#include <stdio.h>
#include <tessera/method.h>

TESSERA_METHOD("9a40e6d37c5b2f18", "0:r>il") int32_t log_line(tessera_cap log, tessera_slice text);

static uint64_t sum;

TESSERA_OFFER("c3f09a5e7d1482b6/0:cl>il") int32_t add(uint64_t state, tessera_cap log, uint64_t number) {
    (void)state;
    char text[64];
    sum += number;
    const int length = snprintf(text, sizeof text, "%llu more", (unsigned long long)number);
    const int32_t status = log_line(log, tessera_slice_of_const(text, (size_t)length));
    return status != 0 ? tessera_results_il(status, 0) : tessera_results_il(0, sum);
}

TESSERA_OFFER("c3f09a5e7d1482b6/1:>i") int32_t fail(uint64_t state) {
    (void)state;
    return *(volatile int*)NULL;
}

int tessera_main(void) { return 0; }
