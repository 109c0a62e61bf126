// The program's own directories.
#include "memory.h"

static tessera_memory_path named(struct tessera_wasi_path path) { return (tessera_memory_path){path.text, path.bytes}; }

static int32_t open_node(const descriptor* in,
                         struct tessera_wasi_path path,
                         bool is_directory,
                         tessera_memory_create create,
                         bool truncate,
                         descriptor* found) {
    tessera_memory_node* node = NULL;
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status,
           status = tessera_memory_open(tessera_wasi_node(in), named(path), is_directory, create, truncate, &node));
    found->is = is_directory ? &tessera_wasi_memory_directory : &tessera_wasi_memory_file;
    found->object = (uint32_t)(uintptr_t)node;
    return status;
}

static int32_t open_file(const descriptor* in, struct tessera_wasi_path path, uint32_t how, descriptor* found) {
    const tessera_memory_create create = (how & WASI_CREAT) == 0  ? TESSERA_MEMORY_FIND
                                         : (how & WASI_EXCL) != 0 ? TESSERA_MEMORY_MAKE_NEW
                                                                  : TESSERA_MEMORY_MAKE_MISSING;
    return open_node(in, path, false, create, (how & WASI_TRUNC) != 0, found);
}

static int32_t open_directory(const descriptor* in, struct tessera_wasi_path path, bool make, descriptor* found) {
    return open_node(in, path, true, make ? TESSERA_MEMORY_MAKE_NEW : TESSERA_MEMORY_FIND, false, found);
}

static int32_t
facts_of(const descriptor* in, struct tessera_wasi_path path, bool follow, struct tessera_wasi_facts* facts) {
    (void)follow;
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, {
        tessera_memory_node* node = NULL;
        status = tessera_memory_find(tessera_wasi_node(in), named(path), &node);
        if (status == TESSERA_STATUS_OK) {
            tessera_wasi_node_facts(node, facts);
        }
    });
    return status;
}

static int32_t own_facts(const descriptor* open, struct tessera_wasi_facts* facts) {
    return facts_of(open, (struct tessera_wasi_path){"", 0}, true, facts);
}

static int32_t set_times(const descriptor* in, struct tessera_wasi_path path, int64_t accessed, int64_t modified) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, {
        tessera_memory_node* node = NULL;
        status = tessera_memory_find(tessera_wasi_node(in), named(path), &node);
        if (status == TESSERA_STATUS_OK) {
            tessera_memory_set_times(node, accessed, modified);
        }
    });
    return status;
}

static int32_t set_own_times(const descriptor* open, int64_t accessed, int64_t modified) {
    return set_times(open, (struct tessera_wasi_path){"", 0}, accessed, modified);
}

static int32_t list_directory(const descriptor* open, tessera_wasi_take_entry take, void* list) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, {
        const tessera_memory_node* node = tessera_wasi_node(open)->first;
        for (; node != NULL && status == TESSERA_STATUS_OK; node = node->next) {
            if (!take(list, node->name, node->name_bytes, node->is_directory, node->number)) {
                status = TESSERA_STATUS_EXHAUSTED;
            }
        }
    });
    return status;
}

static int32_t remove_entry(const descriptor* in, struct tessera_wasi_path path, bool is_directory) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, status = tessera_memory_remove(tessera_wasi_node(in), named(path), is_directory));
    return status;
}

static int32_t rename_entry(const descriptor* in,
                            struct tessera_wasi_path path,
                            const descriptor* to,
                            struct tessera_wasi_path new_path) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status,
           status =
               tessera_memory_rename(tessera_wasi_node(in), named(path), tessera_wasi_node(to), named(new_path), true));
    return status;
}

static int32_t sync_directory(const descriptor* open, bool data) {
    (void)open, (void)data;
    return TESSERA_STATUS_OK;
}

static void release_directory(const descriptor* open) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, tessera_memory_release(tessera_wasi_node(open)));
}

static const struct tessera_wasi_directory paths = {.open = open_file,
                                                    .open_directory = open_directory,
                                                    .facts = facts_of,
                                                    .set_times = set_times,
                                                    .list = list_directory,
                                                    .remove = remove_entry,
                                                    .rename = rename_entry};

const struct tessera_wasi_operations tessera_wasi_memory_directory = {.type = WASI_DIRECTORY,
                                                                      .directory = &paths,
                                                                      .facts = own_facts,
                                                                      .set_times = set_own_times,
                                                                      .sync = sync_directory,
                                                                      .release = release_directory};
