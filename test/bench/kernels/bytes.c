// Bytes and strings: scanning, splitting, UTF-8, compression, comparison.
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

enum { SIZE = 1 << 17 };
static char text[SIZE + 1];
static unsigned char packed[2 * SIZE], unpacked[SIZE + 1];

static void fill(void) {
    static const char *const words[] = {"let", "alpha", "=", "12", "+", "beta_2", "*", "(", "gamma", ")", ";", "\n", "return", "0x1f", "\xc3\xa9t\xc3\xa9",
                                        "\xe2\x82\xac"};
    uint32_t state = kernel_seed;
    size_t at = 0;
    for (;;) {
        const char *word = words[next_random(&state) >> 9 & 15];
        const size_t length = strlen(word);
        if (at + length + 1 >= SIZE) {
            break;
        }
        memcpy(text + at, word, length);
        at += length;
        text[at++] = ' ';
    }
    memset(text + at, '.', SIZE - at);
    text[SIZE] = 0;
}

// Written out, so that it is the compiler's loop and not the library's.
static uint64_t scan(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 150; round++) {
        text[round] = 'x';
        size_t length = 0;
        while (text[length]) {
            length++;
        }
        uint64_t lines = 0;
        for (const char *at = text, *end = text + length; at < end; at++) {
            const char *line = at;
            while (at < end && *at != '\n') {
                at++;
            }
            lines += (uint64_t)(at - line) * (lines & 3);
            lines++;
        }
        sum = mix(sum, lines);
    }
    return sum;
}

static uint64_t tokens(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 40; round++) {
        text[round * 5] = 'q';
        const unsigned char *at = (const unsigned char *)text;
        while (*at) {
            uint32_t hash = 2166136261u;
            if ((*at | 32) - 'a' < 26u || *at == '_') {
                for (; (*at | 32) - 'a' < 26u || *at == '_' || *at - '0' < 10u; at++) {
                    hash = (hash ^ *at) * 16777619u;
                }
            } else if (*at - '0' < 10u) {
                uint32_t value = 0;
                for (; *at - '0' < 10u || (*at | 32) - 'a' < 26u; at++) {
                    value = value * 10 + *at - '0';
                }
                hash = value;
            } else {
                hash = *at++;
            }
            sum += hash;
            while (*at == ' ' || *at == '\n') {
                at++;
            }
        }
    }
    return sum;
}

static uint64_t utf8(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 100; round++) {
        text[round * 3] = 'u';
        const unsigned char *s = (const unsigned char *)text;
        uint64_t points = 0, errors = 0;
        for (size_t i = 0; i < SIZE;) {
            const unsigned char lead = s[i];
            if (lead < 0x80) {
                points++;
                i++;
            } else if (lead >= 0xc2 && lead < 0xe0 && (s[i + 1] & 0xc0) == 0x80) {
                points += (uint64_t)(lead & 31) << 6 | (s[i + 1] & 63);
                i += 2;
            } else if (lead >= 0xe0 && lead < 0xf0 && (s[i + 1] & 0xc0) == 0x80 && (s[i + 2] & 0xc0) == 0x80) {
                points += (uint64_t)(lead & 15) << 12 | (uint64_t)(s[i + 1] & 63) << 6 | (s[i + 2] & 63);
                i += 3;
            } else {
                errors++;
                i++;
            }
        }
        sum = mix(sum, points * 31 + errors);
    }
    return sum;
}

static size_t pack(const unsigned char *from, size_t size, unsigned char *to) {
    static uint32_t last[1 << 12];
    memset(last, 0, sizeof last);
    size_t out = 0, at = 0, literal = 0;
    while (at + 4 < size) {
        uint32_t word;
        memcpy(&word, from + at, 4);
        const uint32_t slot = word * 2654435761u >> 20;
        const size_t before = last[slot];
        last[slot] = (uint32_t)at;
        uint32_t other;
        memcpy(&other, from + before, 4);
        if (before >= at || at - before > 65535 || other != word) {
            at++;
            continue;
        }
        size_t length = 4;
        while (at + length < size && length < 259 && from[before + length] == from[at + length]) {
            length++;
        }
        while (literal < at) {
            const size_t run = at - literal < 128 ? at - literal : 128;
            to[out++] = (unsigned char)(run - 1);
            memcpy(to + out, from + literal, run);
            out += run;
            literal += run;
        }
        to[out++] = (unsigned char)(128 | (length - 4) >> 1);
        to[out++] = (unsigned char)((length - 4) & 1);
        to[out++] = (unsigned char)(at - before);
        to[out++] = (unsigned char)((at - before) >> 8);
        at += length;
        literal = at;
    }
    while (literal < size) {
        const size_t run = size - literal < 128 ? size - literal : 128;
        to[out++] = (unsigned char)(run - 1);
        memcpy(to + out, from + literal, run);
        out += run;
        literal += run;
    }
    return out;
}

static size_t unpack(const unsigned char *from, size_t size, unsigned char *to) {
    size_t out = 0;
    for (size_t at = 0; at < size;) {
        const unsigned code = from[at++];
        if (code < 128) {
            for (unsigned i = 0; i <= code; i++) {
                to[out++] = from[at++];
            }
            continue;
        }
        unsigned length = ((code & 127) << 1 | from[at]) + 4;
        const unsigned char *source = to + out - (from[at + 1] | (unsigned)from[at + 2] << 8);
        at += 3;
        while (length--) {
            to[out++] = *source++;
        }
    }
    return out;
}

static uint64_t compress(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 25; round++) {
        text[round * 777] ^= 1;
        const size_t size = pack((const unsigned char *)text, SIZE, packed);
        sum = mix(sum, size + packed[size / 2]);
    }
    return sum;
}

static uint64_t decompress(void) {
    fill();
    const size_t size = pack((const unsigned char *)text, SIZE, packed);
    uint64_t sum = 0;
    for (int round = 0; round < 60; round++) {
        const size_t length = unpack(packed, size, unpacked);
        sum = mix(sum, length + unpacked[round * 1000]);
    }
    return sum + (uint64_t)memcmp(text, unpacked, SIZE);
}

static int before(const char *a, const char *b) {
    while (*a == *b && *a != ' ' && *a) {
        a++;
        b++;
    }
    return (unsigned char)*a < (unsigned char)*b;
}

static uint64_t sort_strings(void) {
    fill();
    enum { STRINGS = 4000 };
    static const char *strings[STRINGS];
    uint64_t sum = 0;
    for (int round = 0; round < 8; round++) {
        for (int i = 0; i < STRINGS; i++) {
            strings[i] = text + (uint32_t)(i * 7919 + round) % SIZE;
        }
        for (int gap = STRINGS / 2; gap > 0; gap /= 2) {
            for (int i = gap; i < STRINGS; i++) {
                const char *moved = strings[i];
                int j = i;
                for (; j >= gap && before(moved, strings[j - gap]); j -= gap) {
                    strings[j] = strings[j - gap];
                }
                strings[j] = moved;
            }
        }
        sum = mix(sum, (uint64_t)(strings[STRINGS / 2][0] + strings[STRINGS / 3][1]));
    }
    return sum;
}

static uint64_t adler(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 120; round++) {
        uint32_t a = 1, b = (uint32_t)round;
        for (int i = 0; i < SIZE; i += 4096) {
            for (int j = 0; j < 4096; j++) {
                a += (unsigned char)text[i + j];
                b += a;
            }
            a %= 65521;
            b %= 65521;
        }
        sum = mix(sum, (uint64_t)b << 16 | a);
    }
    return sum;
}

static uint64_t hex(void) {
    fill();
    static const char digits[] = "0123456789abcdef";
    uint64_t sum = 0;
    for (int round = 0; round < 30; round++) {
        text[round] ^= 3;
        for (int i = 0; i < SIZE; i++) {
            packed[2 * i] = (unsigned char)digits[(unsigned char)text[i] >> 4];
            packed[2 * i + 1] = (unsigned char)digits[text[i] & 15];
        }
        uint32_t parsed = 0;
        for (int i = 0; i < 2 * SIZE; i++) {
            const unsigned char c = packed[i];
            parsed = parsed * 16 + (c <= '9' ? c - '0' : c - 'a' + 10u) + (parsed >> 28);
        }
        sum = mix(sum, parsed);
    }
    return sum;
}

// The library's own functions, many short calls.
static uint64_t library_strings(void) {
    fill();
    uint64_t sum = 0;
    char word[64];
    for (int round = 0; round < 12; round++) {
        const char *at = text;
        while (*at) {
            const char *space = strchr(at, ' ');
            const size_t length = space ? (size_t)(space - at) : strlen(at);
            if (length < sizeof word) {
                memcpy(word, at, length);
                word[length] = 0;
                sum += strlen(word) + (strcmp(word, "gamma") == 0) + (memcmp(word, "al", 2) == 0) * 3u;
            }
            at += length + (space != NULL);
        }
    }
    return sum;
}

const struct kernel byte_kernels[] = {{"scan", scan},
                                      {"tokens", tokens},
                                      {"utf8", utf8},
                                      {"compress", compress},
                                      {"decompress", decompress},
                                      {"sort_strings", sort_strings},
                                      {"adler", adler},
                                      {"hex", hex},
                                      {"library_strings", library_strings},
                                      {0, 0}};
