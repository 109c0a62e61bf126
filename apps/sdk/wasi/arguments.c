// Arguments and environment, in the layout of C: pointers, and strings with their final zeros.
#include "descriptor.h"
#include "grants.h"

// A word, or with `name_bytes` a variable. With no room at all, how long the parts are.
static int32_t get_part(uint32_t index, bool is_variable, char* into, size_t room, size_t* name_bytes, size_t* bytes) {
    char none[1];
    *name_bytes = 0;
    if (!is_variable) {
        return tessera_arguments_word(tessera_wasi_arguments(), index, room != 0 ? into : none, room, bytes);
    }
    // The value stands behind the name and "=", whose length is known by then.
    size_t ignored = 0;
    int32_t status = tessera_arguments_variable(tessera_wasi_arguments(), index, none, 0, name_bytes, none, 0, bytes);
    if (room == 0 || (status != TESSERA_STATUS_OK && status != TESSERA_STATUS_TOO_SMALL)) {
        return status;
    }
    return tessera_arguments_variable(
        tessera_wasi_arguments(), index, into, *name_bytes, &ignored, into + *name_bytes + 1, *bytes, &ignored);
}

static int32_t count_of(bool is_variable, uint32_t* count) {
    uint32_t words = 0;
    uint32_t variables = 0;
    const int32_t status = tessera_arguments_count(tessera_wasi_arguments(), &words, &variables);
    *count = is_variable ? variables : words;
    return status;
}

static size_t length_of(uint32_t index, bool is_variable) {
    size_t name_bytes = 0;
    size_t bytes = 0;
    (void)get_part(index, is_variable, NULL, 0, &name_bytes, &bytes);
    return name_bytes + bytes + (is_variable ? 1 : 0);
}

static wasi_errno sizes(bool is_variable, wasi_address count_at, wasi_address bytes_at) {
    uint32_t count = 0;
    uint32_t bytes = 0;
    const int32_t status = count_of(is_variable, &count);
    for (uint32_t i = 0; i < count; ++i) {
        bytes += (uint32_t)length_of(i, is_variable) + 1;
    }
    *AT(uint32_t, count_at) = count;
    *AT(uint32_t, bytes_at) = bytes;
    return tessera_wasi_error(status);
}

static wasi_errno get(bool is_variable, wasi_address pointers, wasi_address text) {
    uint32_t count = 0;
    int32_t status = count_of(is_variable, &count);
    for (uint32_t i = 0; i < count && status == TESSERA_STATUS_OK; ++i) {
        const size_t length = length_of(i, is_variable);
        size_t name_bytes = 0;
        size_t bytes = 0;
        char* into = AT(char, text);
        status = length != 0 ? get_part(i, is_variable, into, length, &name_bytes, &bytes) : status;
        if (is_variable) {
            into[name_bytes] = '=';
        }
        into[length] = '\0';
        AT(uint32_t, pointers)[i] = text;
        text += (uint32_t)length + 1;
    }
    return tessera_wasi_error(status);
}

WASI(args_sizes_get)(wasi_address count, wasi_address bytes) { return sizes(false, count, bytes); }
WASI(args_get)(wasi_address pointers, wasi_address text) { return get(false, pointers, text); }
WASI(environ_sizes_get)(wasi_address count, wasi_address bytes) { return sizes(true, count, bytes); }
WASI(environ_get)(wasi_address pointers, wasi_address text) { return get(true, pointers, text); }
