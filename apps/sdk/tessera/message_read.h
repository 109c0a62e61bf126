// Included by message.h for each place that messages are read from, with macros that say how. No guard: that is the point.

static inline uint64_t TESSERA_READ(pointer_at)(TESSERA_SOURCE tessera_place place) {
    return place.there ? TESSERA_LOAD(place.segment, place.at, uint64_t, 64) : 0;
}

// Numbers are combined with their default, so what is not there is 0. `offset` in units of the number's size.
#define TESSERA_NUMBER(type, name)                                                                          \
    static inline type TESSERA_READ(get##name)(TESSERA_SOURCE tessera_reader reader, uint32_t offset) {     \
        return (uint64_t)(offset + 1) * sizeof(type) * 8 <= reader.data_bits                                \
                   ? TESSERA_LOAD(reader.segment, reader.data + offset * (uint32_t)sizeof(type), type, name) \
                   : (type)0;                                                                               \
    }                                                                                                       \
    static inline type TESSERA_READ(list_get##name)(TESSERA_SOURCE tessera_list list, uint32_t index) {     \
        return index < list.count && list.data_bits >= sizeof(type) * 8                                     \
                   ? TESSERA_LOAD(list.segment, list.begin + (uint32_t)((uint64_t)index * list.step_bits / 8), type, name) \
                   : (type)0;                                                                               \
    }
TESSERA_NUMBER(uint8_t, 8)
TESSERA_NUMBER(uint16_t, 16)
TESSERA_NUMBER(uint32_t, 32)
TESSERA_NUMBER(uint64_t, 64)
#undef TESSERA_NUMBER

static inline bool TESSERA_READ(get_bit)(TESSERA_SOURCE tessera_reader reader, uint32_t offset) {
    return offset < reader.data_bits &&
           (TESSERA_LOAD(reader.segment, reader.data + offset / 8, uint8_t, 8) >> (offset % 8) & 1) != 0;
}
static inline bool TESSERA_READ(list_get_bit)(TESSERA_SOURCE tessera_list list, uint32_t index) {
    return index < list.count && (TESSERA_LOAD(list.segment, list.begin + index / 8, uint8_t, 8) >> (index % 8) & 1) != 0;
}
static inline float TESSERA_READ(get_float)(TESSERA_SOURCE tessera_reader reader, uint32_t offset, uint32_t otherwise) {
    const uint32_t bits = TESSERA_READ(get32)(TESSERA_FROM reader, offset) ^ otherwise;
    float value;
    __builtin_memcpy(&value, &bits, sizeof(value));
    return value;
}
static inline double TESSERA_READ(get_double)(TESSERA_SOURCE tessera_reader reader, uint32_t offset, uint64_t otherwise) {
    const uint64_t bits = TESSERA_READ(get64)(TESSERA_FROM reader, offset) ^ otherwise;
    double value;
    __builtin_memcpy(&value, &bits, sizeof(value));
    return value;
}

static inline tessera_place TESSERA_READ(get_pointer)(TESSERA_SOURCE tessera_reader reader, uint32_t index,
                                                      const tessera_segment* otherwise) {
    tessera_place place = {reader.segment, reader.pointers + index * 8, reader.depth, index < reader.pointer_count};
    if (otherwise != NULL && TESSERA_READ(pointer_at)(TESSERA_FROM place) == 0) {
        const tessera_place fallback = {*otherwise, 0, 64, true};
        place = fallback;
    }
    return place;
}

// Where a pointer that is not null leads, past landing pads: `pointer` becomes what says what is there. False on a fault.
static inline bool TESSERA_READ(follow)(TESSERA_SOURCE tessera_message* m, tessera_place place, uint64_t* pointer,
                                        tessera_segment* segment, uint64_t* byte) {
    *segment = place.segment;
    int64_t from = (int64_t)place.at + 8;
    if ((*pointer & 3) == 2) {
        const uint64_t far = *pointer;
        const bool is_double = (far & 4) != 0;
        const uint32_t index = (uint32_t)(far >> 32);
        const uint64_t word = (uint32_t)far >> 3;
        if (index >= m->count || word + (is_double ? 2 : 1) > (m->segments != NULL ? m->segments[index] : m->own).words) {
            tessera_fail(m, TESSERA_FAULT_BOUNDS);
            return false;
        }
        *segment = m->segments != NULL ? m->segments[index] : m->own;
        *pointer = TESSERA_LOAD(*segment, (uint32_t)(word * 8), uint64_t, 64);
        from = (int64_t)word * 8 + 8;
        if (is_double) {
            const uint64_t pad = *pointer;
            *pointer = TESSERA_LOAD(*segment, (uint32_t)(word * 8 + 8), uint64_t, 64);
            if ((pad & 7) != 2 || (*pointer & 3) == 2) {
                tessera_fail(m, TESSERA_FAULT_KIND);
                return false;
            }
            if ((uint32_t)(pad >> 32) >= m->count) {
                tessera_fail(m, TESSERA_FAULT_BOUNDS);
                return false;
            }
            *segment = m->segments != NULL ? m->segments[pad >> 32] : m->own;
            *byte = (uint64_t)((uint32_t)pad >> 3) * 8;
            return true;
        }
        if ((*pointer & 3) == 2) {
            tessera_fail(m, TESSERA_FAULT_KIND);
            return false;
        }
    }
    // A byte before the segment becomes a very large number.
    *byte = (uint64_t)(from + (int64_t)((int32_t)(uint32_t)*pointer >> 2) * 8);
    return true;
}

static inline bool TESSERA_READ(inside)(tessera_segment segment, uint64_t byte, uint64_t words) {
    const uint64_t size = (uint64_t)segment.words * 8;
    return byte <= size && words * 8 <= size - byte;
}

static inline tessera_reader TESSERA_READ(read_struct)(TESSERA_SOURCE tessera_message* m, tessera_place place) {
    const tessera_reader empty = {{NULL, 0}, 0, 0, 0, 0, 0};
    uint64_t pointer = TESSERA_READ(pointer_at)(TESSERA_FROM place);
    tessera_segment segment;
    uint64_t byte;
    if (pointer == 0 || !TESSERA_READ(follow)(TESSERA_FROM m, place, &pointer, &segment, &byte)) {
        return empty;
    }
    const uint32_t data_words = (uint16_t)(pointer >> 32);
    const uint32_t pointers = (uint16_t)(pointer >> 48);
    if ((pointer & 3) != 0) {
        tessera_fail(m, TESSERA_FAULT_KIND);
        return empty;
    }
    if (!TESSERA_READ(inside)(segment, byte, data_words + pointers)) {
        tessera_fail(m, TESSERA_FAULT_BOUNDS);
        return empty;
    }
    if (place.depth == 0) {
        tessera_fail(m, TESSERA_FAULT_DEPTH);
        return empty;
    }
    if (!tessera_charge(m, data_words + pointers)) {
        return empty;
    }
    const tessera_reader reader = {segment, (uint32_t)byte, (uint32_t)byte + data_words * 8, data_words * 64, (uint16_t)pointers,
                                   (uint16_t)(place.depth - 1)};
    return reader;
}

static inline tessera_reader TESSERA_READ(read_root)(TESSERA_SOURCE tessera_message* m) {
    return TESSERA_READ(read_struct)(TESSERA_FROM m, tessera_root_place(m));
}

// Whether elements of a list are what the schema says, or take their place: see docs/notes/schema.md.
static inline bool TESSERA_READ(fits)(unsigned wanted, unsigned size, uint32_t data_bits, uint32_t pointers) {
    if (wanted == TESSERA_VOID || wanted == size) {
        return true;
    }
    if (wanted == TESSERA_COMPOSITE) {
        return size != TESSERA_BIT;
    }
    if (wanted == TESSERA_POINTER) {
        return size == TESSERA_COMPOSITE && pointers > 0;
    }
    return wanted != TESSERA_BIT && size != TESSERA_BIT && data_bits >= tessera_element_bits(wanted);
}

static inline tessera_list TESSERA_READ(read_list)(TESSERA_SOURCE tessera_message* m, tessera_place place, unsigned wanted) {
    const tessera_list empty = {{NULL, 0}, 0, 0, 0, 0, 0, 0};
    uint64_t pointer = TESSERA_READ(pointer_at)(TESSERA_FROM place);
    tessera_segment segment;
    uint64_t byte;
    if (pointer == 0 || !TESSERA_READ(follow)(TESSERA_FROM m, place, &pointer, &segment, &byte)) {
        return empty;
    }
    if ((pointer & 3) != 1) {
        tessera_fail(m, TESSERA_FAULT_KIND);
        return empty;
    }
    if (place.depth == 0) {
        tessera_fail(m, TESSERA_FAULT_DEPTH);
        return empty;
    }
    const unsigned size = (unsigned)(pointer >> 32) & 7;
    const bool composite = size == TESSERA_COMPOSITE;
    uint32_t count = (uint32_t)(pointer >> 35);
    uint32_t step_bits = tessera_element_bits(size);
    uint32_t data_bits = size == TESSERA_POINTER ? 0 : step_bits;
    uint32_t pointers = size == TESSERA_POINTER ? 1 : 0;
    uint64_t words = composite ? (uint64_t)count + 1 : ((uint64_t)count * step_bits + 63) / 64;
    if (!TESSERA_READ(inside)(segment, byte, words)) {
        tessera_fail(m, TESSERA_FAULT_BOUNDS);
        return empty;
    }
    if (composite) {
        const uint64_t tag = TESSERA_LOAD(segment, (uint32_t)byte, uint64_t, 64);
        data_bits = (uint32_t)(uint16_t)(tag >> 32) * 64;
        pointers = (uint16_t)(tag >> 48);
        step_bits = data_bits + pointers * 64;
        count = (uint32_t)tag >> 2;
        byte += 8;
        if ((tag & 3) != 0 || (uint64_t)count * (step_bits / 64) > words - 1) {
            tessera_fail(m, TESSERA_FAULT_BOUNDS);
            return empty;
        }
    }
    if (!tessera_charge(m, words + (step_bits == 0 ? count : 0))) {
        return empty;
    }
    if (!TESSERA_READ(fits)(wanted, size, data_bits, pointers)) {
        tessera_fail(m, TESSERA_FAULT_KIND);
        return empty;
    }
    const tessera_list list = {segment, (uint32_t)byte, count, step_bits, data_bits, (uint16_t)pointers, (uint16_t)(place.depth - 1)};
    return list;
}

static inline tessera_bytes TESSERA_READ(read_data)(TESSERA_SOURCE tessera_message* m, tessera_place place) {
    const tessera_list list = TESSERA_READ(read_list)(TESSERA_FROM m, place, TESSERA_BYTE);
    tessera_bytes bytes = {list.segment, list.begin, list.count};
    if (list.step_bits != 8 && TESSERA_READ(pointer_at)(TESSERA_FROM place) != 0) {
        tessera_fail(m, TESSERA_FAULT_KIND);
        bytes.length = 0;
    }
    return bytes;
}

// Without the 0 at its end, which is there in a message in memory all the same.
static inline tessera_bytes TESSERA_READ(read_text)(TESSERA_SOURCE tessera_message* m, tessera_place place) {
    tessera_bytes bytes = TESSERA_READ(read_data)(TESSERA_FROM m, place);
    if (bytes.length == 0) {
        if (TESSERA_READ(pointer_at)(TESSERA_FROM place) != 0) {
            tessera_fail(m, TESSERA_FAULT_TEXT);
        }
        return bytes;
    }
    --bytes.length;
    if (TESSERA_LOAD(bytes.segment, bytes.offset + bytes.length, uint8_t, 8) != 0) {
        tessera_fail(m, TESSERA_FAULT_TEXT);
        bytes.length = 0;
    }
    return bytes;
}

// Of a list of structs, or of numbers that became structs.
static inline tessera_reader TESSERA_READ(list_get_struct)(tessera_list list, uint32_t index) {
    const tessera_reader empty = {{NULL, 0}, 0, 0, 0, 0, 0};
    const uint32_t data = list.begin + (uint32_t)((uint64_t)index * list.step_bits / 8);
    const tessera_reader reader = {list.segment, data, data + list.data_bits / 8, list.data_bits, list.pointers, list.depth};
    return index < list.count ? reader : empty;
}
// Of a list of pointers, or of structs that begin with one.
static inline tessera_place TESSERA_READ(list_get_pointer)(tessera_list list, uint32_t index) {
    const uint32_t at = list.begin + (uint32_t)(((uint64_t)index * list.step_bits + list.data_bits) / 8);
    const tessera_place place = {list.segment, at, list.depth, index < list.count && list.pointers > 0};
    return place;
}
// A capability's index in the table beside the message; the largest number if there is none.
static inline uint32_t TESSERA_READ(read_capability)(TESSERA_SOURCE tessera_message* m, tessera_place place) {
    const uint64_t pointer = TESSERA_READ(pointer_at)(TESSERA_FROM place);
    if (pointer != 0 && (uint32_t)pointer != 3) {
        tessera_fail(m, TESSERA_FAULT_KIND);
        return 0xffffffff;
    }
    return pointer == 0 ? 0xffffffff : (uint32_t)(pointer >> 32);
}
