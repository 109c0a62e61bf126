// Slices as plain memory, so that what reads them in a program can be tried on the host: an access outside ends the
// test.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const unsigned char* begin;
    size_t length;
} tessera_slice;

static inline uint64_t tessera_slice_length(tessera_slice slice) { return slice.length; }

#define FAKE_LOAD(type, bits)                                                                                          \
    static inline type tessera_slice_load##bits(tessera_slice slice, size_t offset) {                                  \
        type value;                                                                                                    \
        if (offset > slice.length || sizeof(value) > slice.length - offset) {                                          \
            __builtin_trap();                                                                                          \
        }                                                                                                              \
        __builtin_memcpy(&value, slice.begin + offset, sizeof(value));                                                 \
        return value;                                                                                                  \
    }
FAKE_LOAD(uint8_t, 8)
FAKE_LOAD(uint16_t, 16)
FAKE_LOAD(uint32_t, 32)
FAKE_LOAD(uint64_t, 64)
