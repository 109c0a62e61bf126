// The table of descriptors. 0 to 2 are the console that the program was granted.
#include "descriptor.h"

#include <stdlib.h>
#include <string.h>
#include <tessera/stream.tessera.h>

enum { STANDARD = 3, FIRST_ROOM = 16, DESCRIPTORS_MAX = 1024 };

// Several numbers may stand for one descriptor, which then has one position (dup).
static descriptor standard[STANDARD];
static descriptor* first_table[FIRST_ROOM];
static descriptor** table = first_table;
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
        standard[fd] = (descriptor){.is = is_terminal[fd] ? &tessera_wasi_terminal : &tessera_wasi_stream,
                                    .object = fd == 2 ? errors.handle : console.handle,
                                    .rights = fd == 0 ? WASI_RIGHT_READ : WASI_RIGHT_WRITE};
        table[fd] = &standard[fd];
    }
}

descriptor* tessera_wasi_get(uint32_t fd) {
    if (!is_ready) {
        open_standard();
    }
    return fd < room ? table[fd] : NULL;
}

// So that there is a place for it.
static bool reach(uint32_t fd) {
    uint32_t more = room;
    while (more <= fd && more < DESCRIPTORS_MAX) {
        more *= 4;
    }
    if (more == room) {
        return fd < room;
    }
    descriptor** grown = fd < more ? calloc(more, sizeof *grown) : NULL;
    if (grown == NULL) {
        return false;
    }
    memcpy(grown, table, room * sizeof(descriptor*));
    if (table != first_table) {
        free(table);
    }
    table = grown;
    room = more;
    return true;
}

static uint32_t lowest_free(uint32_t from) {
    while (from < room && table[from] != NULL) {
        ++from;
    }
    return reach(from) ? from : UINT32_MAX;
}

uint32_t tessera_wasi_add(const descriptor* opened) {
    (void)tessera_wasi_get(0);
    // What is there from the start is looked for behind the standard ones, also where those are not open.
    const uint32_t fd = lowest_free(opened->granted_as != NULL ? STANDARD : 0);
    descriptor* made = fd != UINT32_MAX ? malloc(sizeof *made) : NULL;
    if (made == NULL) {
        return UINT32_MAX;
    }
    *made = *opened;
    table[fd] = made;
    return fd;
}

uint32_t tessera_wasi_duplicate(uint32_t fd, uint32_t from) {
    descriptor* open = tessera_wasi_get(fd);
    const uint32_t other = open != NULL ? lowest_free(from) : UINT32_MAX;
    if (other != UINT32_MAX) {
        table[other] = open;
        ++open->others;
    }
    return other;
}

bool tessera_wasi_duplicate_as(uint32_t fd, uint32_t to) {
    descriptor* open = tessera_wasi_get(fd);
    if (open == NULL || !reach(to)) {
        return false;
    }
    if (fd != to) {
        ++open->others;  // first: the other may be the same one
        if (table[to] != NULL) {
            tessera_wasi_close(to);
        }
        table[to] = open;
    }
    return true;
}

void tessera_wasi_close(uint32_t fd) {
    descriptor* open = table[fd];
    table[fd] = NULL;
    if (open->others != 0) {
        --open->others;
        return;
    }
    if (open->listing != NULL) {
        tessera_wasi_forget_listing(open);
    }
    open->is->release(open);
    if (open < standard || open >= standard + STANDARD) {
        free(open);
    }
}
