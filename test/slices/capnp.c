// A reader of Cap'n Proto messages: segments, structs, lists, text and far pointers, all from one borrowed slice. Prints what it finds.
#include <tessera/console.h>
#include <tessera/file.h>
#include <stdio.h>

static tessera_cap consoles[0];
#define say(...) do { char line_[160]; int n_ = snprintf(line_, sizeof line_, __VA_ARGS__); tessera_console_write(tessera_table_get(consoles, 0), line_, (size_t)n_); } while (0)

enum { kDepthMax = 32, kVisitsMax = 10000 };

typedef struct { size_t begin, words; } Segment;  // offset in bytes into the slice, and how many words
static unsigned visits;

// Where segment `id` lies, from the table at the beginning.
static int find_segment(tessera_slice m, uint32_t id, Segment* out) {
    const size_t n = tessera_slice_length(m);
    if (n < 4) return 0;
    const uint32_t count = tessera_slice_load32(m, 0);
    if (count >= (n - 4) / 4 || id > count) return 0;
    const size_t header = ((size_t)count + 3) / 2 * 8;
    if (header > n) return 0;
    size_t begin = header;
    for (uint32_t i = 0; i < id; ++i) {
        const uint32_t words = tessera_slice_load32(m, 4 + 4 * i);
        if (words > (n - begin) / 8) return 0;
        begin += 8 * (size_t)words;
    }
    out->begin = begin;
    out->words = tessera_slice_load32(m, 4 + 4 * id);
    return out->words <= (n - begin) / 8;
}

static void show_pointer(tessera_slice m, Segment segment, size_t at, int depth);

// `data` words and then `pointers` words, from word `at`, which the caller has found to be inside the segment.
static void show_struct(tessera_slice m, Segment segment, size_t at, size_t data, size_t pointers, int depth) {
    const size_t n = tessera_slice_length(m);
    const size_t from = segment.begin + 8 * at;
    if (from > n || data > (n - from) / 8) return;
    say("%*sstruct", depth, "");
    for (size_t i = 0; i < data; ++i) say(" %llx", (unsigned long long)tessera_slice_load64(m, from + 8 * i));
    say("\n");
    for (size_t i = 0; i < pointers; ++i) show_pointer(m, segment, at + data + i, depth + 1);
}

static void show_list(tessera_slice m, Segment segment, size_t at, unsigned size, size_t count, int depth) {
    const size_t n = tessera_slice_length(m);
    const size_t from = segment.begin + 8 * at;
    if (size == 7) {  // structs, with a tag in front
        if (from > n || n - from < 8) return;
        const uint32_t low = tessera_slice_load32(m, from);
        const size_t elements = low >> 2 & 0x3fffffff, data = tessera_slice_load16(m, from + 4), pointers = tessera_slice_load16(m, from + 6);
        if ((low & 3) != 0 || (uint64_t)elements * (data + pointers) > count) return;
        say("%*slist of %u structs\n", depth, "", (unsigned)elements);
        for (size_t i = 0; i < elements && visits++ < kVisitsMax; ++i) show_struct(m, segment, at + 1 + i * (data + pointers), data, pointers, depth + 1);
        return;
    }
    if (size == 6) {
        for (size_t i = 0; i < count && visits++ < kVisitsMax; ++i) show_pointer(m, segment, at + i, depth + 1);
        return;
    }
    if (from > n) return;
    say("%*slist of %u:", depth, "", (unsigned)count);
    switch (size) {
    case 1:
        if ((count + 7) / 8 > n - from) return;
        for (size_t i = 0; i < count; ++i) say(" %u", tessera_slice_load8(m, from + i / 8) >> i % 8 & 1u);
        break;
    case 2: {  // text
        if (count > n - from) return;
        char text[64];
        size_t used = 0;
        for (size_t i = 0; i < count; ++i) {
            const uint8_t c = tessera_slice_load8(m, from + i);
            text[used++] = c >= 32 && c < 127 ? (char)c : '.';
            if (used == sizeof text || i + 1 == count) {
                say("%.*s", (int)used, text);
                used = 0;
            }
        }
        break;
    }
    case 3:
        if (count > (n - from) / 2) return;
        for (size_t i = 0; i < count; ++i) say(" %x", tessera_slice_load16(m, from + 2 * i));
        break;
    case 4:
        if (count > (n - from) / 4) return;
        for (size_t i = 0; i < count; ++i) say(" %x", (unsigned)tessera_slice_load32(m, from + 4 * i));
        break;
    case 5:
        if (count > (n - from) / 8) return;
        for (size_t i = 0; i < count; ++i) say(" %llx", (unsigned long long)tessera_slice_load64(m, from + 8 * i));
        break;
    default:
        break;
    }
    say("\n");
}

static void show_target(tessera_slice m, Segment segment, size_t at, uint32_t low, uint32_t high, int depth) {
    // `at` is the word after the pointer; its offset is signed.
    const int64_t target = (int64_t)at + ((int32_t)low >> 2);
    if (target < 0 || target > (int64_t)segment.words) return;
    const size_t left = segment.words - (size_t)target;
    if ((low & 3) == 0) {
        const size_t data = high & 0xffff, pointers = high >> 16;
        if (data + pointers <= left) show_struct(m, segment, (size_t)target, data, pointers, depth);
    } else {
        show_list(m, segment, (size_t)target, high & 7, high >> 3, depth);
    }
}

static void show_pointer(tessera_slice m, Segment segment, size_t at, int depth) {
    const size_t n = tessera_slice_length(m);
    const size_t from = segment.begin + 8 * at;
    if (at >= segment.words || from > n || n - from < 8 || depth > kDepthMax || visits++ >= kVisitsMax) return;
    const uint32_t low = tessera_slice_load32(m, from), high = tessera_slice_load32(m, from + 4);
    if (low == 0 && high == 0) {
        say("%*snull\n", depth, "");
    } else if ((low & 3) == 2) {
        Segment other;
        const size_t pad = low >> 3;
        if (!find_segment(m, high, &other) || pad >= other.words) return;
        const size_t landing = other.begin + 8 * pad;
        if ((low & 4) == 0) {
            if (landing > n || n - landing < 8) return;
            const uint32_t l = tessera_slice_load32(m, landing), h = tessera_slice_load32(m, landing + 4);
            if ((l & 3) < 2) show_target(m, other, pad + 1, l, h, depth);
            return;
        }
        if (landing > n || n - landing < 16) return;
        Segment third;
        const uint32_t l = tessera_slice_load32(m, landing), tag = tessera_slice_load32(m, landing + 8), size = tessera_slice_load32(m, landing + 12);
        if ((l & 7) == 2 && find_segment(m, tessera_slice_load32(m, landing + 4), &third) && (tag & 3) < 2)
            show_target(m, third, l >> 3, tag & 3, size, depth);
    } else if ((low & 3) < 2) {
        show_target(m, segment, at + 1, low, high, depth);
    }
}

int tessera_main(tessera_cap console, tessera_cap file) {
    tessera_table_grow(consoles, console, 1);
    const tessera_slice m = tessera_file_map(file);
    Segment first;
    if (!find_segment(m, 0, &first)) return 1;
    show_pointer(m, first, 0, 0);
    return 0;
}
