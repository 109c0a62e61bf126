// A message of every.capnp by the C bindings: what test/schema/every_digest.h says of it, and one that is built.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    char* begin;
    size_t room;
    size_t used;
} every_text;

// The fault that the message has; from memory and from a slice.
unsigned every_c_digest(const void* message, size_t length, every_text* to);
unsigned every_c_digest_in_slice(const void* message, size_t length, every_text* to);
unsigned every_c_digest_segments(const void* segments, uint32_t count, every_text* to);

// A message that `random` decides, as test::fill does: its length, 0 if it did not fit.
size_t every_c_fill(uint32_t (*random)(void* state), void* state, void* room, size_t bytes);

#ifdef __cplusplus
}
#endif
