#include "test/schema/every_c.h"

#include "every.tessera.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 6 };

static void put_bytes(every_text* to, const void* data, size_t size) {
    char number[32];
    const int digits = snprintf(number, sizeof(number), "%zu:", size);
    if (to->used + (size_t)digits + size + 1 <= to->room) {
        memcpy(to->begin + to->used, number, (size_t)digits);
        if (size > 0) {
            memcpy(to->begin + to->used + digits, data, size);
        }
        to->begin[to->used + (size_t)digits + size] = ' ';
        to->used += (size_t)digits + size + 1;
    }
}
static void put_text(every_text* to, const char* text) {
    const size_t size = strlen(text);
    if (to->used + size <= to->room) {
        memcpy(to->begin + to->used, text, size);
        to->used += size;
    }
}
static void put_signed(every_text* to, long long value) {
    char number[32];
    snprintf(number, sizeof(number), "%lld ", value);
    put_text(to, number);
}
static void put_unsigned(every_text* to, unsigned long long value) {
    char number[32];
    snprintf(number, sizeof(number), "%llu ", value);
    put_text(to, number);
}
static void put_real(every_text* to, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    if (value != value) {
        put_text(to, "nan ");
    } else {
        put_unsigned(to, bits);
    }
}
static double real_of(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

#define IN(name) name
#define SOURCE
#define FROM
#define DATA(bytes) tessera_bytes_data(bytes)
#include "test/schema/every_c_digest.inc"
#undef IN
#undef SOURCE
#undef FROM
#undef DATA

#define IN(name) name##_in
#define SOURCE tessera_slice slice,
#define FROM slice,
#define DATA(bytes) ((bytes).segment.begin != NULL ? tessera_bytes_data(bytes) : slice.begin + (bytes).offset)
#include "test/schema/every_c_digest.inc"

unsigned every_c_digest(const void* message, size_t length, every_text* to) {
    tessera_message m = tessera_message_of(message, length);
    digest(&m, every_every_root(&m), to, 0);
    return m.fault;
}

unsigned every_c_digest_in_slice(const void* message, size_t length, every_text* to) {
    const tessera_slice slice = {message, length};
    tessera_message m = tessera_message_in(slice);
    digest_in(slice, &m, every_every_root_in(slice, &m), to, 0);
    return m.fault;
}

unsigned every_c_digest_segments(const void* segments, uint32_t count, every_text* to) {
    tessera_message m = tessera_message_of_segments(segments, count);
    digest(&m, every_every_root(&m), to, 0);
    return m.fault;
}

typedef struct {
    uint32_t (*next)(void*);
    void* state;
} source;

static uint32_t draw(source* from) { return from->next(from->state); }

static size_t some_text(source* from, char* into) {
    const size_t length = draw(from) % 12;
    memset(into, 'a' + (int)(draw(from) % 26), length);
    return length;
}

static void fill(every_every_builder to, source* from, unsigned depth) {
    char text[16];
    if (draw(from) % 2 != 0) {
        every_every_set_tiny(to, (int8_t)draw(from));
        every_every_set_big(to, (int64_t)draw(from));
        every_every_set_double(to, (double)draw(from));
        every_every_set_def_number(to, (int32_t)draw(from));
        every_every_set_def_single(to, (float)draw(from));
        every_every_set_def_truth(to, draw(from) % 2 != 0);
        every_every_set_color(to, (every_color)(draw(from) % 5));
        every_every_set_def_color(to, (every_color)(draw(from) % 5));
    }
    if (draw(from) % 2 != 0) {
        size_t length = some_text(from, text);
        every_every_set_text(to, text, length);
        every_every_set_data(to, text, length);
        every_every_inner_builder any = every_every_inner_init_at(every_every_init_any(to));
        every_every_inner_set_a(any, draw(from));
        length = some_text(from, text);
        every_every_inner_set_b(any, text, length);
    }
    const uint32_t count = draw(from) % 9;
    if (count % 2 != 0) {
        const tessera_list_builder list = every_every_init_list(to, count);
        const tessera_list_builder truths = every_every_init_truths(to, count);
        const tessera_list_builder texts = every_every_init_texts(to, count);
        const tessera_list_builder nested = every_every_init_nested(to, count);
        const tessera_list_builder inners = every_every_init_inners(to, count);
        every_every_init_nothings(to, count);
        for (uint32_t i = 0; i < count; ++i) {
            tessera_list_set32(list, i, draw(from));
            tessera_list_set_bit(truths, i, draw(from) % 2 != 0);
            const size_t length = some_text(from, text);
            tessera_write_text(tessera_list_spot(texts, i), text, length);
            const tessera_list_builder numbers = tessera_init_list(tessera_list_spot(nested, i), TESSERA_TWO, i);
            for (uint32_t j = 0; j < i; ++j) {
                tessera_list_set16(numbers, j, (uint16_t)draw(from));
            }
            every_every_inner_set_a(every_every_inner_built(inners, i), draw(from));
            every_every_inner_set_some(every_every_inner_built(inners, i), (double)draw(from));
        }
    }
    const every_every_choice_builder choice = every_every_init_choice(to);
    if (draw(from) % 2 != 0) {
        every_every_choice_set_first(choice, draw(from));
    } else {
        const every_every_choice_fourth_builder fourth = every_every_choice_init_fourth(choice);
        every_every_choice_fourth_set_x(fourth, (int16_t)draw(from));
        const size_t length = some_text(from, text);
        every_every_choice_fourth_set_y(fourth, text, length);
    }
    every_every_place_set_row(every_every_init_place(to), (uint16_t)draw(from));
    if (depth < 3 && draw(from) % 2 != 0) {
        fill(every_every_init_child(to), from, depth + 1);
        const tessera_list_builder children = every_every_init_children(to, draw(from) % 3);
        for (uint32_t i = 0; i < children.count; ++i) {
            fill(every_every_built(children, i), from, depth + 1);
        }
    }
}

size_t every_c_fill(uint32_t (*random)(void*), void* state, void* room, size_t bytes) {
    tessera_builder b = tessera_builder_of(room, bytes);
    source from = {random, state};
    fill(every_every_init_root(&b), &from, 0);
    return b.fault == TESSERA_FAULT_NONE ? tessera_builder_length(&b) : 0;
}
