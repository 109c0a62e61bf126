// Kernels for timing: each does a fixed amount of work, a few tens of milliseconds of native time, and returns a
// checksum that is the same on every machine (no contraction of floating point, no libm but sqrt).
#pragma once

#include <stddef.h>
#include <stdint.h>

struct kernel {
    const char* name;
    uint64_t (*run)(void);
};

extern const struct kernel linear_kernels[], stencil_kernels[], signal_kernels[], crypto_kernels[], text_kernels[],
    structure_kernels[], control_kernels[], dynamic_kernels[], vector_kernels[], byte_kernels[], pointer_kernels[],
    machine_kernels[], lane_kernels[];

// Set by main from its arguments, so that no compiler knows it: inputs are made from it.
extern uint32_t kernel_seed;

static inline uint32_t next_random(uint32_t* state) {
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

static inline uint64_t mix(uint64_t sum, uint64_t value) {
    sum = (sum ^ value) * 0x9e3779b97f4a7c15ull;
    return sum ^ (sum >> 29);
}

static inline uint64_t mix_double(uint64_t sum, double value) {
    union {
        double d;
        uint64_t u;
    } bits = {value};
    return mix(sum, bits.u);
}
