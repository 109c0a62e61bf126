// Directories of others, by `Directory`.
#include "remote.h"

#include <stdlib.h>

static tessera_directory directory_of(const descriptor* open) { return (tessera_directory){open->object}; }

static int32_t open_file(const descriptor* in, struct tessera_wasi_path path, uint32_t how, descriptor* found) {
    tessera_file file = {0};
    const tessera_create create = (how & WASI_CREAT) == 0  ? TESSERA_CREATE_NEVER
                                  : (how & WASI_EXCL) != 0 ? TESSERA_CREATE_NEW
                                                           : TESSERA_CREATE_MISSING;
    const int32_t status =
        tessera_directory_open(directory_of(in), path.text, path.bytes, create, (how & WASI_TRUNC) != 0, &file);
    found->is = &tessera_wasi_file;
    found->object = file.handle;
    return status;
}

static int32_t open_directory(const descriptor* in, struct tessera_wasi_path path, bool make, descriptor* found) {
    found->is = &tessera_wasi_remote_directory;
    if (path.bytes == 0 && !make) {
        found->object = tessera_cap_to_handle(tessera_cap_from_handle(in->object));
        return found->object != 0 ? TESSERA_STATUS_OK : TESSERA_STATUS_STALE;
    }
    tessera_directory directory = {0};
    const tessera_create create = make ? TESSERA_CREATE_NEW : TESSERA_CREATE_NEVER;
    const int32_t status = tessera_directory_directory(directory_of(in), path.text, path.bytes, create, &directory);
    found->object = directory.handle;
    return status;
}

static int32_t
facts_of(const descriptor* in, struct tessera_wasi_path path, bool follow, struct tessera_wasi_facts* facts) {
    uint64_t room[TESSERA_WASI_METADATA_ROOM / 8];
    size_t bytes = 0;
    const int32_t status =
        tessera_directory_metadata(directory_of(in), path.text, path.bytes, follow, room, sizeof room, &bytes);
    if (status != TESSERA_STATUS_OK) {
        return status;
    }
    return bytes <= sizeof room ? tessera_wasi_read_facts(room, bytes, facts) : TESSERA_STATUS_MALFORMED;
}

static int32_t own_facts(const descriptor* open, struct tessera_wasi_facts* facts) {
    return facts_of(open, (struct tessera_wasi_path){"", 0}, true, facts);
}

static int32_t set_times(const descriptor* in, struct tessera_wasi_path path, int64_t accessed, int64_t modified) {
    return tessera_directory_set_times(directory_of(in), path.text, path.bytes, accessed, modified);
}

static int32_t set_own_times(const descriptor* open, int64_t accessed, int64_t modified) {
    return set_times(open, (struct tessera_wasi_path){"", 0}, accessed, modified);
}

// One answer's entries. False: they are no entries, or the taker has no room.
static bool take_entries(const void* bytes, size_t length, tessera_wasi_take_entry take, void* list) {
    tessera_message message = tessera_message_of(bytes, length);
    const tessera_place root = {message.own, 0, message.depth, message.own.words != 0};
    const tessera_list entries = tessera_read_list(&message, root, TESSERA_COMPOSITE);
    for (uint32_t i = 0; i < entries.count; ++i) {
        const tessera_entry_reader entry = tessera_entry_element(entries, i);
        const tessera_bytes name = tessera_entry_name(&message, entry);
        const bool is_directory = tessera_entry_kind(entry) == TESSERA_KIND_DIRECTORY;
        if (message.fault != TESSERA_FAULT_NONE ||
            !take(list, tessera_bytes_data(name), name.length, is_directory, tessera_entry_identity(entry))) {
            return false;
        }
    }
    return message.fault == TESSERA_FAULT_NONE;
}

static int32_t list_directory(const descriptor* open, tessera_wasi_take_entry take, void* list) {
    enum { ENTRIES = 64, ENTRY_BYTES = 64, ROOM_MAX = 1 << 20 };
    size_t room = (size_t)ENTRIES * ENTRY_BYTES;
    void* bytes = malloc(room);
    int32_t status = bytes != NULL ? TESSERA_STATUS_OK : TESSERA_STATUS_EXHAUSTED;
    uint64_t cookie = 0;
    while (status == TESSERA_STATUS_OK) {
        size_t length = 0;
        uint64_t next = 0;
        status = tessera_directory_list(directory_of(open), cookie, ENTRIES, bytes, room, &length, &next);
        if (status == TESSERA_STATUS_TOO_SMALL && length > room && length <= ROOM_MAX) {
            free(bytes);
            room = length;
            bytes = malloc(room);
            status = bytes != NULL ? TESSERA_STATUS_OK : TESSERA_STATUS_EXHAUSTED;
            continue;
        }
        if (status == TESSERA_STATUS_OK && (length > room || !take_entries(bytes, length, take, list))) {
            status = TESSERA_STATUS_MALFORMED;
        }
        if (next == 0) {
            break;
        }
        cookie = next;
    }
    free(bytes);
    return status;
}

static int32_t remove_entry(const descriptor* in, struct tessera_wasi_path path, bool is_directory) {
    const tessera_kind kind = is_directory ? TESSERA_KIND_DIRECTORY : TESSERA_KIND_FILE;
    return tessera_directory_remove(directory_of(in), path.text, path.bytes, kind);
}

static int32_t rename_entry(const descriptor* in,
                            struct tessera_wasi_path path,
                            const descriptor* to,
                            struct tessera_wasi_path new_path) {
    return tessera_directory_rename(
        directory_of(in), path.text, path.bytes, directory_of(to), new_path.text, new_path.bytes, true);
}

static int32_t link_entry(const descriptor* in,
                          struct tessera_wasi_path path,
                          const descriptor* to,
                          struct tessera_wasi_path new_path) {
    return tessera_directory_link(
        directory_of(in), path.text, path.bytes, directory_of(to), new_path.text, new_path.bytes);
}

static int32_t
make_symbolic_link(const descriptor* in, struct tessera_wasi_path path, const char* target, uint32_t bytes) {
    return tessera_directory_symbolic_link(directory_of(in), path.text, path.bytes, target, bytes);
}

static int32_t
read_symbolic_link(const descriptor* in, struct tessera_wasi_path path, char* into, uint32_t room, uint32_t* bytes) {
    size_t length = 0;
    const int32_t status = tessera_directory_read_link(directory_of(in), path.text, path.bytes, into, room, &length);
    *bytes = length < room ? (uint32_t)length : room;
    return status;
}

static int32_t sync_directory(const descriptor* open, bool data) {
    (void)data;
    return tessera_directory_sync(directory_of(open));
}

static void release_directory(const descriptor* open) { tessera_directory_release(directory_of(open)); }

static const struct tessera_wasi_directory paths = {.open = open_file,
                                                    .open_directory = open_directory,
                                                    .facts = facts_of,
                                                    .set_times = set_times,
                                                    .list = list_directory,
                                                    .remove = remove_entry,
                                                    .rename = rename_entry,
                                                    .link = link_entry,
                                                    .symbolic_link = make_symbolic_link,
                                                    .read_link = read_symbolic_link};

const struct tessera_wasi_operations tessera_wasi_remote_directory = {.type = WASI_DIRECTORY,
                                                                      .directory = &paths,
                                                                      .facts = own_facts,
                                                                      .set_times = set_own_times,
                                                                      .sync = sync_directory,
                                                                      .release = release_directory};
