// Reading directories. Whoever reads from the start gets the names that there are at that moment, each once, whatever
// is created and removed while he goes on. Cookies: 0 and 1 are "." and "..", a name's is its place in the listing
// plus 2.
#include "descriptor.h"

#include <stdlib.h>
#include <string.h>

// An entry is a wasi_dirent, and its name; in `bytes` one behind the other.
struct tessera_wasi_listing {
    char* bytes;
    size_t used, room;
    uint64_t entries;
    uint64_t last_cookie;  // what begins at `last_at`, for who goes on where he was
    size_t last_at;
};

static bool take_entry(void* context, const char* name, uint32_t bytes, bool is_directory, uint64_t identity) {
    struct tessera_wasi_listing* listing = context;
    const size_t wanted = listing->used + sizeof(struct wasi_dirent) + bytes;
    if (wanted > listing->room) {
        const size_t more = wanted * 2;
        char* grown = realloc(listing->bytes, more);
        if (grown == NULL) {
            return false;
        }
        listing->bytes = grown;
        listing->room = more;
    }
    const struct wasi_dirent entry = {.next = ++listing->entries,
                                      .inode = identity,
                                      .name_bytes = bytes,
                                      .type = is_directory ? WASI_DIRECTORY : WASI_REGULAR_FILE};
    memcpy(listing->bytes + listing->used, &entry, sizeof entry);
    memcpy(listing->bytes + listing->used + sizeof entry, name, bytes);
    listing->used = wanted;
    return true;
}

void tessera_wasi_forget_listing(descriptor* open) {
    free(open->listing->bytes);
    free(open->listing);
    open->listing = NULL;
}

static wasi_errno make_listing(descriptor* open) {
    if (open->listing != NULL) {
        tessera_wasi_forget_listing(open);
    }
    open->listing = calloc(1, sizeof *open->listing);
    if (open->listing == NULL) {
        return WASI_NOMEM;
    }
    struct tessera_wasi_facts facts = {0};
    int32_t status = open->is->facts(open, &facts);
    if (status == TESSERA_STATUS_OK &&
        (!take_entry(open->listing, ".", 1, true, facts.identity) || !take_entry(open->listing, "..", 2, true, 0))) {
        status = TESSERA_STATUS_EXHAUSTED;
    }
    if (status == TESSERA_STATUS_OK) {
        status = open->is->directory->list(open, take_entry, open->listing);
    }
    if (status != TESSERA_STATUS_OK) {
        tessera_wasi_forget_listing(open);
    }
    return tessera_wasi_error(status);
}

static size_t entry_bytes(const struct tessera_wasi_listing* listing, size_t at) {
    struct wasi_dirent entry;
    memcpy(&entry, listing->bytes + at, sizeof entry);
    return sizeof entry + entry.name_bytes;
}

// Where the entry of that cookie begins.
static size_t find(struct tessera_wasi_listing* listing, uint64_t cookie) {
    if (cookie < listing->last_cookie) {
        listing->last_cookie = 0;
        listing->last_at = 0;
    }
    while (listing->last_cookie < cookie && listing->last_at < listing->used) {
        listing->last_at += entry_bytes(listing, listing->last_at);
        ++listing->last_cookie;
    }
    return listing->last_at;
}

// As many as there is room for; the last one may be cut off.
WASI(fd_readdir)(uint32_t fd, wasi_address buffer, uint32_t room, uint64_t cookie, wasi_address result) {
    descriptor* open = tessera_wasi_get(fd);
    if (open == NULL || open->is->directory == NULL) {
        return open == NULL ? WASI_BADF : WASI_NOTDIR;
    }
    if (cookie == 0 || open->listing == NULL) {
        const wasi_errno error = make_listing(open);
        if (error != WASI_SUCCESS) {
            return error;
        }
    }
    const size_t at = find(open->listing, cookie);
    const size_t left = open->listing->used - at;
    const uint32_t given = left < room ? (uint32_t)left : room;
    memcpy(AT(char, buffer), open->listing->bytes + at, given);
    *AT(uint32_t, result) = given;
    return WASI_SUCCESS;
}
