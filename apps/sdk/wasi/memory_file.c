// The program's own files: functions, without a crossing.
#include "memory.h"

static int32_t read_file(const descriptor* from, uint64_t position, void* into, uint32_t bytes, uint32_t* done) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, *done = (uint32_t)tessera_memory_read(tessera_wasi_node(from), position, into, bytes));
    return status;
}

static int32_t written(uint32_t done, uint32_t wanted) {
    return done != 0 || wanted == 0 ? TESSERA_STATUS_OK : TESSERA_STATUS_NO_SPACE;
}

static int32_t write_file(const descriptor* to, uint64_t position, const void* from, uint32_t bytes, uint32_t* done) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, *done = (uint32_t)tessera_memory_write(tessera_wasi_node(to), position, from, bytes));
    return status != TESSERA_STATUS_OK ? status : written(*done, bytes);
}

static int32_t append_file(const descriptor* to, const void* from, uint32_t bytes, uint64_t* position, uint32_t* done) {
    int32_t status = TESSERA_STATUS_OK;
    tessera_memory_node* node = tessera_wasi_node(to);
    LOCKED(status, {
        *position = node->bytes;
        *done = (uint32_t)tessera_memory_write(node, *position, from, bytes);
    });
    return status != TESSERA_STATUS_OK ? status : written(*done, bytes);
}

void tessera_wasi_node_facts(tessera_memory_node* node, struct tessera_wasi_facts* facts) {
    tessera_memory_stamp(node);
    *facts = (struct tessera_wasi_facts){.is_directory = node->is_directory,
                                         .writable = true,
                                         .bytes = node->bytes,
                                         .identity = node->number,
                                         .links = node->parent != NULL || node->is_root ? 1 : 0,
                                         .accessed = node->accessed,
                                         .modified = node->modified,
                                         .created = node->created};
}

static int32_t file_facts(const descriptor* open, struct tessera_wasi_facts* facts) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, tessera_wasi_node_facts(tessera_wasi_node(open), facts));
    return status;
}

static int32_t resize_file(const descriptor* open, uint64_t bytes) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, status = tessera_memory_resize(tessera_wasi_node(open), bytes));
    return status;
}

static int32_t set_file_times(const descriptor* open, int64_t accessed, int64_t modified) {
    tessera_memory_set_times(tessera_wasi_node(open), accessed, modified);
    return TESSERA_STATUS_OK;
}

static int32_t sync_file(const descriptor* open, bool data) {
    (void)open, (void)data;
    return TESSERA_STATUS_OK;
}

static void release_file(const descriptor* open) {
    int32_t status = TESSERA_STATUS_OK;
    LOCKED(status, tessera_memory_release(tessera_wasi_node(open)));
}

const struct tessera_wasi_operations tessera_wasi_memory_file = {.type = WASI_REGULAR_FILE,
                                                                 .read = read_file,
                                                                 .write = write_file,
                                                                 .append = append_file,
                                                                 .facts = file_facts,
                                                                 .resize = resize_file,
                                                                 .set_times = set_file_times,
                                                                 .sync = sync_file,
                                                                 .release = release_file};
