// Building messages in C: included by message.h.
#ifndef TESSERA_MESSAGE_BUILD_H
#define TESSERA_MESSAGE_BUILD_H

// Room for one segment. The first word is the root's pointer.
typedef struct {
    unsigned char* begin;
    uint32_t words;
    uint32_t used;
    uint16_t fault;
} tessera_builder;

// A struct that is built: where its numbers begin. 0: there was no room, and what is written goes nowhere.
typedef struct {
    tessera_builder* message;
    uint32_t data;
    uint32_t pointers;
} tessera_struct_builder;

typedef struct {
    tessera_builder* message;
    uint32_t begin;
    uint32_t count;
    uint32_t step;  // in bytes, of structs
    uint32_t data_bytes;
} tessera_list_builder;

// A pointer that is to be written. 0: nowhere.
typedef struct {
    tessera_builder* message;
    uint32_t at;
} tessera_spot;

static inline void tessera_builder_fail(tessera_builder* b) { b->fault = TESSERA_FAULT_ROOM; }

static inline tessera_builder tessera_builder_of(void* room, size_t bytes) {
    tessera_builder b = {(unsigned char*)room, (uint32_t)(bytes / 8), 0, TESSERA_FAULT_NONE};
    if (b.words == 0) {
        tessera_builder_fail(&b);
    } else {
        __builtin_memset(b.begin, 0, 8);
        b.used = 1;
    }
    return b;
}
static inline size_t tessera_builder_length(const tessera_builder* b) { return (size_t)b->used * 8; }

static inline void tessera_store64(unsigned char* at, uint64_t value) { __builtin_memcpy(at, &value, sizeof(value)); }

// Zeros that the pointer leads to from now on; 0 if there is no room. `pointer` lacks its offset.
static inline uint32_t tessera_allocate(tessera_spot spot, uint64_t words, uint64_t pointer, bool root) {
    tessera_builder* const b = spot.message;
    if (b == NULL || b->fault != TESSERA_FAULT_NONE || (spot.at == 0 && !root)) {
        return 0;
    }
    if (words > b->words - b->used) {
        tessera_builder_fail(b);
        return 0;
    }
    const uint32_t at = b->used * 8;
    __builtin_memset(b->begin + at, 0, (size_t)words * 8);
    b->used += (uint32_t)words;
    tessera_store64(b->begin + spot.at, pointer | (uint32_t)((at - spot.at) / 8 - 1) << 2);
    return at;
}

static inline tessera_struct_builder tessera_init_struct_at(tessera_spot spot, uint32_t data_words, uint32_t pointers, bool root) {
    const uint32_t at =
        tessera_allocate(spot, data_words + pointers, (uint64_t)data_words << 32 | (uint64_t)pointers << 48, root);
    const tessera_struct_builder built = {spot.message, at, at + data_words * 8};
    return built;
}
static inline tessera_struct_builder tessera_init_struct(tessera_spot spot, uint32_t data_words, uint32_t pointers) {
    return tessera_init_struct_at(spot, data_words, pointers, false);
}
static inline tessera_struct_builder tessera_init_root(tessera_builder* b, uint32_t data_words, uint32_t pointers) {
    const tessera_spot spot = {b, 0};
    return tessera_init_struct_at(spot, data_words, pointers, true);
}

static inline tessera_spot tessera_spot_of(tessera_struct_builder to, uint32_t index) {
    const tessera_spot spot = {to.message, to.data != 0 ? to.pointers + index * 8 : 0};
    return spot;
}
static inline tessera_spot tessera_list_spot(tessera_list_builder to, uint32_t index) {
    const tessera_spot spot = {to.message, to.begin != 0 && index < to.count ? to.begin + index * 8 : 0};
    return spot;
}

#define TESSERA_SETTER(type, name)                                                                             \
    static inline void tessera_set##name(tessera_struct_builder to, uint32_t offset, type value) {             \
        if (to.data != 0) {                                                                                    \
            __builtin_memcpy(to.message->begin + to.data + offset * (uint32_t)sizeof(type), &value, sizeof(type)); \
        }                                                                                                      \
    }                                                                                                          \
    static inline void tessera_list_set##name(tessera_list_builder to, uint32_t index, type value) {           \
        if (to.begin != 0 && index < to.count) {                                                               \
            __builtin_memcpy(to.message->begin + to.begin + index * (uint32_t)sizeof(type), &value, sizeof(type)); \
        }                                                                                                      \
    }
TESSERA_SETTER(uint8_t, 8)
TESSERA_SETTER(uint16_t, 16)
TESSERA_SETTER(uint32_t, 32)
TESSERA_SETTER(uint64_t, 64)
#undef TESSERA_SETTER

static inline void tessera_store_bit(unsigned char* at, uint32_t bit, bool value) {
    const unsigned mask = 1u << (bit % 8);
    at[bit / 8] = (unsigned char)(value ? at[bit / 8] | mask : at[bit / 8] & ~mask);
}
static inline void tessera_set_bit(tessera_struct_builder to, uint32_t offset, bool value) {
    if (to.data != 0) {
        tessera_store_bit(to.message->begin + to.data, offset, value);
    }
}
static inline void tessera_list_set_bit(tessera_list_builder to, uint32_t index, bool value) {
    if (to.begin != 0 && index < to.count) {
        tessera_store_bit(to.message->begin + to.begin, index, value);
    }
}
static inline void tessera_set_float(tessera_struct_builder to, uint32_t offset, float value, uint32_t otherwise) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof(bits));
    tessera_set32(to, offset, bits ^ otherwise);
}
static inline void tessera_set_double(tessera_struct_builder to, uint32_t offset, double value, uint64_t otherwise) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof(bits));
    tessera_set64(to, offset, bits ^ otherwise);
}

// Of anything but structs. A list of voids takes no room, and its count alone is written.
static inline tessera_list_builder tessera_init_list(tessera_spot spot, unsigned element, uint32_t count) {
    tessera_list_builder list = {spot.message, 0, 0, 0, 0};
    if (count >= 1u << 29) {
        if (spot.message != NULL) {
            tessera_builder_fail(spot.message);
        }
        return list;
    }
    list.begin = tessera_allocate(spot, ((uint64_t)count * tessera_element_bits(element) + 63) / 64,
                                  1 | (uint64_t)element << 32 | (uint64_t)count << 35, false);
    list.count = list.begin != 0 ? count : 0;
    return list;
}
static inline tessera_list_builder tessera_init_structs(tessera_spot spot, uint32_t data_words, uint32_t pointers, uint32_t count) {
    const uint64_t words = (uint64_t)count * (data_words + pointers);
    tessera_list_builder list = {spot.message, 0, 0, (data_words + pointers) * 8, data_words * 8};
    if (count >= 1u << 29 || words >= 1u << 29) {
        if (spot.message != NULL) {
            tessera_builder_fail(spot.message);
        }
        return list;
    }
    const uint32_t at = tessera_allocate(spot, words + 1, 1 | (uint64_t)TESSERA_COMPOSITE << 32 | words << 35, false);
    if (at != 0) {
        tessera_store64(spot.message->begin + at, (uint64_t)count << 2 | (uint64_t)data_words << 32 | (uint64_t)pointers << 48);
        list.begin = at + 8;
        list.count = count;
    }
    return list;
}
static inline tessera_struct_builder tessera_list_struct(tessera_list_builder list, uint32_t index) {
    const uint32_t data = list.begin != 0 && index < list.count ? list.begin + index * list.step : 0;
    const tessera_struct_builder built = {list.message, data, data + list.data_bytes};
    return built;
}

// Room for bytes that the caller fills in; null if there is none.
static inline void* tessera_write_data(tessera_spot spot, const void* data, size_t length) {
    const tessera_list_builder list =
        tessera_init_list(spot, TESSERA_BYTE, length < 1u << 29 ? (uint32_t)length : 1u << 29);
    if (list.begin == 0) {
        return NULL;
    }
    if (data != NULL) {
        __builtin_memcpy(list.message->begin + list.begin, data, length);
    }
    return list.message->begin + list.begin;
}
static inline void tessera_write_text(tessera_spot spot, const char* text, size_t length) {
    const tessera_list_builder list =
        tessera_init_list(spot, TESSERA_BYTE, length < (1u << 29) - 1 ? (uint32_t)length + 1 : 1u << 29);
    if (list.begin != 0) {
        __builtin_memcpy(list.message->begin + list.begin, text, length);
    }
}
static inline void tessera_write_capability(tessera_spot spot, uint32_t index) {
    if (spot.message != NULL && spot.at != 0) {
        tessera_store64(spot.message->begin + spot.at, 3 | (uint64_t)index << 32);
    }
}
#endif
