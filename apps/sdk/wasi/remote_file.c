// Files of others, by `File`.
#include "remote.h"

static tessera_file file_of(const descriptor* open) { return (tessera_file){open->object}; }

static int32_t read_file(const descriptor* from, uint64_t position, void* into, uint32_t bytes, uint32_t* done) {
    size_t length = 0;
    const int32_t status = tessera_file_read(file_of(from), position, bytes, into, bytes, &length);
    *done = length < bytes ? (uint32_t)length : bytes;
    return status;
}

static int32_t write_file(const descriptor* to, uint64_t position, const void* from, uint32_t bytes, uint32_t* done) {
    uint64_t written = 0;
    const int32_t status = tessera_file_write(file_of(to), position, from, bytes, &written);
    *done = written < bytes ? (uint32_t)written : bytes;
    return status;
}

static int32_t append_file(const descriptor* to, const void* from, uint32_t bytes, uint64_t* position, uint32_t* done) {
    uint64_t written = 0;
    const int32_t status = tessera_file_append(file_of(to), from, bytes, position, &written);
    *done = written < bytes ? (uint32_t)written : bytes;
    return status;
}

int32_t tessera_wasi_read_facts(const void* message, size_t bytes, struct tessera_wasi_facts* facts) {
    tessera_message read = tessera_message_of(message, bytes);
    const tessera_metadata_reader metadata = tessera_metadata_root(&read);
    *facts = (struct tessera_wasi_facts){.is_directory = tessera_metadata_kind(metadata) == TESSERA_KIND_DIRECTORY,
                                         .writable = tessera_metadata_writable(metadata),
                                         .bytes = tessera_metadata_bytes(metadata),
                                         .identity = tessera_metadata_identity(metadata),
                                         .links = tessera_metadata_links(metadata),
                                         .accessed = tessera_metadata_accessed(metadata),
                                         .modified = tessera_metadata_modified(metadata),
                                         .created = tessera_metadata_created(metadata)};
    return read.fault == TESSERA_FAULT_NONE ? TESSERA_STATUS_OK : TESSERA_STATUS_MALFORMED;
}

static int32_t file_facts(const descriptor* open, struct tessera_wasi_facts* facts) {
    uint64_t room[TESSERA_WASI_METADATA_ROOM / 8];
    size_t bytes = 0;
    const int32_t status = tessera_file_metadata(file_of(open), room, sizeof room, &bytes);
    if (status != TESSERA_STATUS_OK) {
        return status;
    }
    return bytes <= sizeof room ? tessera_wasi_read_facts(room, bytes, facts) : TESSERA_STATUS_MALFORMED;
}

static int32_t resize_file(const descriptor* open, uint64_t bytes) { return tessera_file_resize(file_of(open), bytes); }

static int32_t set_file_times(const descriptor* open, int64_t accessed, int64_t modified) {
    return tessera_file_set_times(file_of(open), accessed, modified);
}

static int32_t sync_file(const descriptor* open, bool data) { return tessera_file_sync(file_of(open), data); }

static void release_file(const descriptor* open) { tessera_file_release(file_of(open)); }

const struct tessera_wasi_operations tessera_wasi_file = {.type = WASI_REGULAR_FILE,
                                                          .read = read_file,
                                                          .write = write_file,
                                                          .append = append_file,
                                                          .facts = file_facts,
                                                          .resize = resize_file,
                                                          .set_times = set_file_times,
                                                          .sync = sync_file,
                                                          .release = release_file};
