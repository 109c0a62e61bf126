// The table of descriptors. 0 to 2 are the console that the program was granted.
#include "descriptor.h"

#include <stdlib.h>
#include <string.h>
#include <tessera/stream.tessera.h>

enum { STANDARD = 3, FIRST_ROOM = 16, DESCRIPTORS_MAX = 1024 };

static descriptor first_table[FIRST_ROOM];
static descriptor* table = first_table;
static uint32_t room = FIRST_ROOM;
static bool is_ready;

static void open_standard(void) {
    is_ready = true;
    const tessera_console console = {tessera_wasi_grant(TESSERA_CONSOLE_ID)};
    if (console.handle == 0) {
        return;
    }
    // Of a console that can't tell: a person at a terminal, who sees it all in one place.
    bool is_terminal[STANDARD] = {true, true, true};
    (void)tessera_console_is_terminal(console, &is_terminal[0], &is_terminal[1], &is_terminal[2]);
    tessera_byte_stream errors = {0};
    if (tessera_console_errors(console, &errors) != TESSERA_STATUS_OK || errors.handle == 0) {
        errors.handle = console.handle;
    }
    for (uint32_t fd = 0; fd < STANDARD; ++fd) {
        table[fd] = (descriptor){.is = is_terminal[fd] ? &tessera_wasi_terminal : &tessera_wasi_stream,
                                 .object = fd == 2 ? errors.handle : console.handle,
                                 .rights = fd == 0 ? WASI_RIGHT_READ : WASI_RIGHT_WRITE};
    }
}

descriptor* tessera_wasi_get(uint32_t fd) {
    if (!is_ready) {
        open_standard();
    }
    return fd < room && table[fd].is != NULL ? &table[fd] : NULL;
}

static bool grow(void) {
    const uint32_t more = room * 4;
    descriptor* grown = more <= DESCRIPTORS_MAX ? calloc(more, sizeof *grown) : NULL;
    if (grown == NULL) {
        return false;
    }
    memcpy(grown, table, room * sizeof *grown);
    if (table != first_table) {
        free(table);
    }
    table = grown;
    room = more;
    return true;
}

uint32_t tessera_wasi_add(const descriptor* opened) {
    const descriptor copy = *opened;
    (void)tessera_wasi_get(0);
    uint32_t fd = STANDARD;
    while (fd < room && table[fd].is != NULL) {
        ++fd;
    }
    if (fd == room && !grow()) {
        return UINT32_MAX;
    }
    table[fd] = copy;
    return fd;
}

void tessera_wasi_close(descriptor* open) {
    if (open->listing != NULL) {
        tessera_wasi_forget_listing(open);
    }
    open->is->release(open);
    *open = (descriptor){0};
}
