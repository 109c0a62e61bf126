// Answers from a tape that record.c wrote, the file named in TAPE, without the object that was recorded: the next line for the
// same object, interface, method and body. What is not on the tape is `notFound`. As an Interposer it takes the place of what
// it is given; its own objects, of state 0, are the tape's first.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER replayed
#define TESSERA_SERVE_TESSERA_INTERPOSER replayed_maker
#include "proxy.h"

enum { NOT_FOUND = 17, GIVEN_MAX = 32 };

struct line {
    struct line* next;
    unsigned object;
    unsigned long long interface_id;
    unsigned ordinal;
    char* body;  // in hexadecimal
    char* answer;
    int32_t status;
    unsigned given[GIVEN_MAX];
    unsigned given_count;
    int used;
};

static struct line* tape;

static int is_same(const char* hex, tessera_slice bytes) {
    const size_t length = (size_t)tessera_slice_length(bytes);
    if (strcmp(hex, "-") == 0 || strlen(hex) != 2 * length) {
        return strcmp(hex, "-") == 0 && length == 0;
    }
    for (size_t i = 0; i < length; ++i) {
        char text[3];
        snprintf(text, sizeof text, "%02x", (unsigned)tessera_slice_load8(bytes, i));
        if (memcmp(text, hex + 2 * i, 2) != 0) {
            return 0;
        }
    }
    return 1;
}

int32_t replayed_call(void* self, PROXY_CALL_PARAMETERS) {
    (void)capabilities;
    (void)rooms;
    const unsigned object = (unsigned)(uintptr_t)self;
    struct line* at = tape;
    while (at != NULL && (at->used || at->object != object || at->interface_id != interface_id || at->ordinal != ordinal ||
                          !is_same(at->body, body))) {
        at = at->next;
    }
    if (at == NULL) {
        return NOT_FOUND;
    }
    at->used = 1;
    const size_t length = strcmp(at->answer, "-") == 0 ? 0 : strlen(at->answer) / 2;
    *answer_length = length;
    *given_length = (uint64_t)at->given_count * 4;
    if (length > tessera_slice_length(answer) || *given_length > tessera_slice_length(given)) {
        return 13;  // tooSmall
    }
    for (size_t i = 0; i < length; ++i) {
        const char digits[3] = {at->answer[2 * i], at->answer[2 * i + 1], 0};
        tessera_slice_store8(answer, i, (uint8_t)strtoul(digits, NULL, 16));
    }
    for (unsigned i = 0; i < at->given_count; ++i) {
        tessera_slice_store32(given, (size_t)i * 4, at->given[i] == 0 ? 0 : proxy_mint((void*)(uintptr_t)at->given[i]));
    }
    return at->status;
}

void replayed_released(void* self) { (void)self; }

int32_t replayed_maker_wrap(void* self, tessera_cap object, tessera_object* wrapped) {
    (void)self;
    (void)object;
    wrapped->handle = proxy_mint(0);
    return 0;
}

void replayed_maker_released(void* self) { (void)self; }

static struct line* read_line(char* text) {
    struct line* line = calloc(1, sizeof *line);
    char* words[8] = {0};
    unsigned count = 0;
    for (char* word = strtok(text, " \n"); line != NULL && word != NULL; word = strtok(NULL, " \n")) {
        if (count < 8) {
            words[count++] = word;
        } else if (count == 8 && line->answer == NULL) {
            line->answer = strdup(word);
        } else if (line->given_count < GIVEN_MAX) {
            line->given[line->given_count++] = (unsigned)strtoul(word, NULL, 16);
        }
    }
    if (line == NULL || line->answer == NULL || strcmp(words[0], "tape") != 0 || strcmp(words[6], "->") != 0) {
        free(line);
        return NULL;
    }
    line->object = (unsigned)strtoul(words[1], NULL, 16);
    line->interface_id = strtoull(words[2], NULL, 16);
    line->ordinal = (unsigned)strtoul(words[3], NULL, 16);
    line->body = strdup(words[4]);
    line->status = (int32_t)strtoul(words[7], NULL, 16);
    return line;
}

int tessera_main(void) {
    static char text[1 << 16];
    const char* name = getenv("TAPE");
    FILE* file = name == NULL ? NULL : fopen(name, "r");
    if (file == NULL) {
        return 1;
    }
    struct line** end = &tape;
    while (fgets(text, sizeof text, file) != NULL) {
        struct line* line = read_line(text);
        if (line != NULL) {
            *end = line;
            end = &line->next;
        }
    }
    fclose(file);
    return 0;
}
