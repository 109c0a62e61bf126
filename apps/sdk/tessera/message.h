// Typed messages in Cap'n Proto's encoding for C: what headers made from schemas stand on. Nothing is allocated.
//
// A reader is a place in a message, a struct there. Each access is checked; what is wrong with a message reads as empty, and
// `fault` of the message says so, once at the end. What a message does not have reads as the default. Functions that end with `_in` read
// a borrowed slice instead of memory. A builder writes into room that the caller gives; what does not fit goes nowhere.
#ifndef TESSERA_MESSAGE_H
#define TESSERA_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __wasm__
#include <tessera/slice.h>
#endif

enum tessera_fault {
    TESSERA_FAULT_NONE,
    TESSERA_FAULT_BOUNDS,   // a pointer leads out of its segment, or to a segment that is not there
    TESSERA_FAULT_KIND,     // a pointer leads to another kind of thing than the schema says
    TESSERA_FAULT_TEXT,     // a text without its last byte, which is 0
    TESSERA_FAULT_DEPTH,    // structs and lists are nested too deeply, or in a circle
    TESSERA_FAULT_AMOUNT,   // more was read than the limit allows
    TESSERA_FAULT_UNKNOWN,  // a value of a strict enum or union that its schema does not list
    TESSERA_FAULT_FRAMING,
    TESSERA_FAULT_ROOM,     // a message that is built outgrows its room
};

enum tessera_element { TESSERA_VOID, TESSERA_BIT, TESSERA_BYTE, TESSERA_TWO, TESSERA_FOUR, TESSERA_EIGHT, TESSERA_POINTER, TESSERA_COMPOSITE };

typedef struct {
    const unsigned char* begin;  // null: the slice
    uint32_t words;
} tessera_segment;

// What is read: its segments, and what may still be read of it.
typedef struct {
    tessera_segment own;
    const tessera_segment* segments;  // null: `own` alone
    uint32_t count;
    uint64_t words_left;
    uint16_t depth;
    uint16_t fault;
} tessera_message;

typedef struct {
    tessera_segment segment;
    uint32_t data;      // where its numbers begin, in bytes of the segment
    uint32_t pointers;  // where its pointers do
    uint32_t data_bits;
    uint16_t pointer_count;
    uint16_t depth;
} tessera_reader;

typedef struct {
    tessera_segment segment;
    uint32_t begin;
    uint32_t count;
    uint32_t step_bits;
    uint32_t data_bits;
    uint16_t pointers;
    uint16_t depth;
} tessera_list;

// Bytes of a message. With a null `segment.begin` they lie in the slice, from `offset`.
typedef struct {
    tessera_segment segment;
    uint32_t offset;
    uint32_t length;
} tessera_bytes;

// A pointer in a message.
typedef struct {
    tessera_segment segment;
    uint32_t at;
    uint16_t depth;
    bool there;
} tessera_place;

static inline void tessera_fail(tessera_message* m, unsigned fault) {
    if (m->fault == TESSERA_FAULT_NONE) {
        m->fault = (uint16_t)fault;
    }
}

static inline bool tessera_charge(tessera_message* m, uint64_t words) {
    if (words > m->words_left) {
        m->words_left = 0;
        tessera_fail(m, TESSERA_FAULT_AMOUNT);
        return false;
    }
    m->words_left -= words;
    return true;
}

static inline tessera_message tessera_message_with(tessera_segment own, const tessera_segment* segments, uint32_t count) {
    const tessera_message m = {own, segments, count, 8u << 20, 64, TESSERA_FAULT_NONE};
    return m;
}

// One segment without a table of segments.
static inline tessera_message tessera_message_of(const void* bytes, size_t length) {
    const tessera_segment own = {(const unsigned char*)bytes, (uint32_t)(length / 8)};
    return tessera_message_with(own, NULL, 1);
}

static inline tessera_message tessera_message_of_segments(const tessera_segment* segments, uint32_t count) {
    const tessera_segment none = {NULL, 0};
    return tessera_message_with(count > 0 ? segments[0] : none, segments, count);
}

static inline const void* tessera_bytes_data(tessera_bytes bytes) { return bytes.segment.begin + bytes.offset; }

static inline uint32_t tessera_element_bits(unsigned element) {
    static const uint8_t bits[8] = {0, 1, 8, 16, 32, 64, 64, 0};
    return bits[element & 7];
}

// Where a message begins: with a struct, or with a list where that is what a parameter or result is.
static inline tessera_place tessera_root_place(tessera_message* m) {
    const tessera_place place = {m->own, 0, m->depth, m->count > 0 && m->own.words > 0};
    if (!place.there) {
        tessera_fail(m, TESSERA_FAULT_BOUNDS);
    }
    return place;
}

#define TESSERA_SOURCE
#define TESSERA_FROM
#define TESSERA_READ(name) tessera_##name
#define TESSERA_LOAD(segment, offset, type, name) tessera_load_##name((segment).begin + (offset))
#define TESSERA_LOADER(type, name)                                       \
    static inline type tessera_load_##name(const unsigned char* at) {    \
        type value;                                                      \
        __builtin_memcpy(&value, at, sizeof(value));                     \
        return value;                                                    \
    }
TESSERA_LOADER(uint8_t, 8)
TESSERA_LOADER(uint16_t, 16)
TESSERA_LOADER(uint32_t, 32)
TESSERA_LOADER(uint64_t, 64)
#undef TESSERA_LOADER
#include <tessera/message_read.h>
#undef TESSERA_SOURCE
#undef TESSERA_FROM
#undef TESSERA_READ
#undef TESSERA_LOAD

#ifdef __wasm__
static inline tessera_message tessera_message_in(tessera_slice slice) {
    const tessera_segment own = {NULL, (uint32_t)(tessera_slice_length(slice) / 8)};
    return tessera_message_with(own, NULL, 1);
}
// Out of the slice, or of a default that lies in memory.
#define TESSERA_SOURCE tessera_slice slice,
#define TESSERA_FROM slice,
#define TESSERA_READ(name) tessera_##name##_in
#define TESSERA_LOAD(segment, offset, type, name) \
    ((segment).begin != NULL ? tessera_load_##name((segment).begin + (offset)) : tessera_slice_load##name(slice, offset))
#include <tessera/message_read.h>
#undef TESSERA_SOURCE
#undef TESSERA_FROM
#undef TESSERA_READ
#undef TESSERA_LOAD
#endif

#include <tessera/message_build.h>
#endif
