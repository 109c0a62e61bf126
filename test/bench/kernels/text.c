// Text: search, matching, base64, JSON, Huffman codes.
#include <string.h>

#include "kernels.h"

static char text[65536 + 1];
static unsigned char output[2 * sizeof text];

static void fill(void) {
    static const char *const words[] = {"capability", "arena", "slice", "the", "of", "ring", "and", "verified", "tessera", "a",
                                        "in",         "domain", "message", "to", "budget", "fiber"};
    uint32_t state = kernel_seed;
    size_t at = 0;
    for (;;) {
        const char *word = words[next_random(&state) >> 8 & 15];
        const size_t length = strlen(word);
        if (at + length + 1 >= sizeof text) {
            break;
        }
        memcpy(text + at, word, length);
        at += length;
        text[at++] = next_random(&state) & 15 ? ' ' : '\n';
    }
    text[at] = 0;
}

// Horspool's search for words of several lengths.
static uint64_t search(void) {
    static const char *const needles[] = {"verified capability", "budget fiber\n", "domain domain domain", "no such words", "ring"};
    fill();
    const size_t length = strlen(text);
    uint64_t found = 0;
    for (int round = 0; round < 120; round++) {
        for (size_t n = 0; n < 5; n++) {
            const char *needle = needles[n];
            const size_t m = strlen(needle);
            size_t skip[256];
            for (int i = 0; i < 256; i++) {
                skip[i] = m;
            }
            for (size_t i = 0; i + 1 < m; i++) {
                skip[(unsigned char)needle[i]] = m - 1 - i;
            }
            for (size_t at = 0; at + m <= length; at += skip[(unsigned char)text[at + m - 1]]) {
                size_t i = m;
                while (i && text[at + i - 1] == needle[i - 1]) {
                    i--;
                }
                found += i == 0;
            }
        }
        text[round] ^= 1;
    }
    return found;
}

// A small backtracking matcher: letters, `.`, `*`, `^`, `$`.
static int match_here(const char *pattern, const char *subject);

static int match_star(char letter, const char *pattern, const char *subject) {
    do {
        if (match_here(pattern, subject)) {
            return 1;
        }
    } while (*subject && *subject != '\n' && (*subject++ == letter || letter == '.'));
    return 0;
}

static int match_here(const char *pattern, const char *subject) {
    if (!pattern[0]) {
        return 1;
    }
    if (pattern[1] == '*') {
        return match_star(pattern[0], pattern + 2, subject);
    }
    if (pattern[0] == '$' && !pattern[1]) {
        return *subject == 0 || *subject == '\n';
    }
    if (*subject && (pattern[0] == '.' || pattern[0] == *subject)) {
        return match_here(pattern + 1, subject + 1);
    }
    return 0;
}

static uint64_t regex(void) {
    static const char *const patterns[] = {"ar.na", "t.*a$", "sl*ice", "b.*r  *f", "fiber$", "d.m.i"};
    fill();
    uint64_t sum = 0;
    for (size_t n = 0; n < 6; n++) {
        for (int round = 0; round < 10; round++) {
            uint64_t hits = 0;
            for (const char *at = text; *at; at++) {
                hits += (uint64_t)match_here(patterns[n], at);
            }
            sum = mix(sum, hits);
            text[round * 3] = 'x';
        }
    }
    return sum;
}

static uint64_t base64(void) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char values[256];
    memset(values, 0xff, sizeof values);
    for (int i = 0; i < 64; i++) {
        values[(unsigned char)digits[i]] = (unsigned char)i;
    }
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 200; round++) {
        size_t out = 0;
        for (size_t i = 0; i + 3 <= 65535; i += 3) {
            const uint32_t group = (uint32_t)(unsigned char)text[i] << 16 | (uint32_t)(unsigned char)text[i + 1] << 8 | (unsigned char)text[i + 2];
            for (int shift = 18; shift >= 0; shift -= 6) {
                output[out++] = (unsigned char)digits[group >> shift & 63];
            }
        }
        for (size_t i = 0; i + 4 <= out; i += 4) {
            uint32_t group = 0;
            for (int j = 0; j < 4; j++) {
                group = group << 6 | values[output[i + (size_t)j]];
            }
            sum += group;
        }
        text[round * 5] ^= 2;
    }
    return sum;
}

// Reads JSON without making anything of it but counts: the shape of every parser.
static const char *scan(const char *at, uint64_t *counts) {
    int depth = 0;
    do {
        switch (*at) {
            case '{': case '[': depth++; counts[0]++; at++; break;
            case '}': case ']': depth--; at++; break;
            case '"':
                at++;
                while (*at != '"') {
                    at += *at == '\\' ? 2 : 1;
                }
                at++;
                counts[1]++;
                break;
            case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9': {
                int64_t value = 0;
                const int negative = *at == '-';
                at += negative;
                while (*at >= '0' && *at <= '9') {
                    value = value * 10 + (*at++ - '0');
                }
                counts[2] += (uint64_t)(negative ? -value : value);
                break;
            }
            case 't': case 'n': at += 4; counts[3]++; break;
            case 'f': at += 5; counts[3]++; break;
            case 0: return at;
            default: at++; break;
        }
    } while (depth > 0);
    return at;
}

static uint64_t json(void) {
    uint32_t state = kernel_seed;
    size_t at = 0;
    text[at++] = '[';
    while (at + 128 < sizeof text) {
        static const char item[] = "{\"name\": \"x\\\"y\", \"tags\": [\"a\", \"bc\"], \"deep\": {\"on\": true, \"off\": null}, \"n\": -";
        memcpy(text + at, item, sizeof item - 1);
        at += sizeof item - 1;
        for (uint32_t n = next_random(&state) >> 12; n; n /= 10) {
            text[at++] = (char)('0' + n % 10);
        }
        text[at++] = '}';
        text[at++] = ',';
    }
    memcpy(text + at, "false]", 7);
    uint64_t counts[4] = {0};
    for (int round = 0; round < 500; round++) {
        scan(text, counts);
    }
    return mix(mix(mix(counts[0], counts[1]), counts[2]), counts[3]);
}

// Builds the codes by repeated merging of the two rarest, then encodes and decodes.
static uint64_t huffman(void) {
    fill();
    uint64_t sum = 0;
    for (int round = 0; round < 20; round++) {
        static int weight[512], parent[512], children[512][2];
        static unsigned char codes[256], lengths[256];
        static uint32_t bits[256];
        int nodes = 256;
        memset(weight, 0, sizeof weight);
        for (size_t i = 0; text[i]; i++) {
            weight[(unsigned char)text[i]]++;
        }
        for (int i = 0; i < 512; i++) {
            parent[i] = -1;
        }
        for (;;) {
            int least = -1, second = -1;
            for (int i = 0; i < nodes; i++) {
                if (weight[i] && parent[i] < 0) {
                    if (least < 0 || weight[i] < weight[least]) {
                        second = least;
                        least = i;
                    } else if (second < 0 || weight[i] < weight[second]) {
                        second = i;
                    }
                }
            }
            if (second < 0) {
                break;
            }
            weight[nodes] = weight[least] + weight[second];
            children[nodes][0] = least;
            children[nodes][1] = second;
            parent[least] = parent[second] = nodes++;
        }
        for (int i = 0; i < 256; i++) {
            lengths[i] = 0;
            bits[i] = 0;
            for (int node = i; weight[i] && parent[node] >= 0; node = parent[node]) {
                bits[i] |= (uint32_t)(children[parent[node]][1] == node) << lengths[i]++;
            }
        }
        memset(output, 0, sizeof output);
        size_t position = 0;
        for (size_t i = 0; text[i]; i++) {
            const unsigned char letter = (unsigned char)text[i];
            for (int bit = lengths[letter] - 1; bit >= 0; bit--, position++) {
                output[position >> 3] |= (unsigned char)((bits[letter] >> bit & 1) << (position & 7));
            }
        }
        size_t read = 0, letters = 0;
        while (read < position) {
            int node = nodes - 1;
            while (node >= 256) {
                node = children[node][output[read >> 3] >> (read & 7) & 1];
                read++;
            }
            codes[letters++ & 255] = (unsigned char)node;
        }
        sum = mix(sum, position + codes[letters & 127]);
        text[round * 11] = 'q';
    }
    return sum;
}

const struct kernel text_kernels[] = {{"search", search}, {"regex", regex}, {"base64", base64}, {"json", json}, {"huffman", huffman}, {0, 0}};
