// What programs expect below /dev, of what they were granted: nothing of it reaches further.
#include "descriptor.h"

#include <string.h>
#include <tessera/random.tessera.h>

static int32_t read_nothing(const descriptor* from, uint64_t position, void* into, uint32_t bytes, uint32_t* done) {
    (void)from, (void)position, (void)into, (void)bytes;
    *done = 0;
    return TESSERA_STATUS_OK;
}
static int32_t read_zeros(const descriptor* from, uint64_t position, void* into, uint32_t bytes, uint32_t* done) {
    (void)from, (void)position;
    memset(into, 0, bytes);
    *done = bytes;
    return TESSERA_STATUS_OK;
}
static int32_t read_random(const descriptor* from, uint64_t position, void* into, uint32_t bytes, uint32_t* done) {
    (void)position;
    const tessera_random random = {from->object};
    size_t length = 0;
    const int32_t status = tessera_random_bytes(random, bytes, into, bytes, &length);
    *done = (uint32_t)length;
    return status;
}
static int32_t take_all(const descriptor* to, uint64_t position, const void* from, uint32_t bytes, uint32_t* done) {
    (void)to, (void)position, (void)from;
    *done = bytes;
    return TESSERA_STATUS_OK;
}
static int32_t take_none(const descriptor* to, uint64_t position, const void* from, uint32_t bytes, uint32_t* done) {
    (void)to, (void)position, (void)from, (void)bytes;
    *done = 0;
    return TESSERA_STATUS_NO_SPACE;
}
static int32_t device_facts(const descriptor* device, struct tessera_wasi_facts* facts) {
    (void)device;
    *facts = (struct tessera_wasi_facts){.links = 1, .writable = true};
    return TESSERA_STATUS_OK;
}
static void keep(const descriptor* device) { (void)device; }

#define DEVICE(reads, writes)                                                                                          \
    {WASI_UNKNOWN_TYPE, .read = (reads), .write = (writes), .facts = device_facts, .release = keep}

static const struct device {
    const char* name;
    struct tessera_wasi_operations is;
} devices[] = {
    {"null", DEVICE(read_nothing, take_all)},
    {"zero", DEVICE(read_zeros, take_all)},
    {"full", DEVICE(read_zeros, take_none)},
    {"random", DEVICE(read_random, take_all)},
    {"urandom", DEVICE(read_random, take_all)},
};
enum { DEVICES = sizeof devices / sizeof devices[0] };

static const struct standard {
    const char* name;
    uint32_t fd;
} standards[] = {{"stdin", 0}, {"stdout", 1}, {"stderr", 2}, {"fd/0", 0}, {"fd/1", 1}, {"fd/2", 2}};
enum { STANDARDS = sizeof standards / sizeof standards[0] };

static bool is_called(struct tessera_wasi_path path, const char* name) {
    return strlen(name) == path.bytes && memcmp(name, path.text, path.bytes) == 0;
}

static int32_t open_device(const descriptor* in, struct tessera_wasi_path path, uint32_t how, descriptor* found) {
    (void)in, (void)how;
    for (uint32_t i = 0; i < STANDARDS; ++i) {
        const descriptor* standard = is_called(path, standards[i].name) ? tessera_wasi_get(standards[i].fd) : NULL;
        if (standard != NULL && standard->is->release != NULL && standard->is->directory == NULL) {
            found->is = standard->is;
            found->object = standard->object;
            return standard->is == &tessera_wasi_stream || standard->is == &tessera_wasi_terminal
                       ? TESSERA_STATUS_OK
                       : TESSERA_STATUS_NOT_FOUND;
        }
    }
    for (uint32_t i = 0; i < DEVICES; ++i) {
        if (is_called(path, devices[i].name)) {
            found->is = &devices[i].is;
            found->object = devices[i].is.read == read_random ? tessera_wasi_grant(TESSERA_RANDOM_ID) : 0;
            return devices[i].is.read == read_random && found->object == 0 ? TESSERA_STATUS_DENIED : TESSERA_STATUS_OK;
        }
    }
    return path.bytes == 0 ? TESSERA_STATUS_IS_DIRECTORY : TESSERA_STATUS_NOT_FOUND;
}

static int32_t open_devices(const descriptor* in, struct tessera_wasi_path path, bool make, descriptor* found) {
    if (make || path.bytes != 0) {
        return make ? TESSERA_STATUS_READ_ONLY : TESSERA_STATUS_NOT_FOUND;
    }
    found->is = in->is;
    found->object = 0;
    return TESSERA_STATUS_OK;
}

static int32_t
facts_of(const descriptor* in, struct tessera_wasi_path path, bool follow, struct tessera_wasi_facts* facts) {
    (void)follow;
    descriptor found = {0};
    const int32_t status = open_device(in, path, 0, &found);
    *facts = (struct tessera_wasi_facts){
        .links = 1, .is_directory = status == TESSERA_STATUS_IS_DIRECTORY, .writable = true};
    return facts->is_directory ? TESSERA_STATUS_OK : status;
}

static int32_t list_devices(const descriptor* in, tessera_wasi_take_entry take, void* list) {
    (void)in;
    for (uint32_t i = 0; i < DEVICES; ++i) {
        if (!take(list, devices[i].name, (uint32_t)strlen(devices[i].name), false, i + 1)) {
            break;
        }
    }
    return TESSERA_STATUS_OK;
}

static int32_t refuse_times(const descriptor* in, struct tessera_wasi_path path, int64_t accessed, int64_t modified) {
    (void)in, (void)path, (void)accessed, (void)modified;
    return TESSERA_STATUS_READ_ONLY;
}
static int32_t refuse_remove(const descriptor* in, struct tessera_wasi_path path, bool is_directory) {
    (void)in, (void)path, (void)is_directory;
    return TESSERA_STATUS_READ_ONLY;
}
static int32_t
refuse_rename(const descriptor* in, struct tessera_wasi_path path, const descriptor* to, struct tessera_wasi_path as) {
    (void)in, (void)path, (void)to, (void)as;
    return TESSERA_STATUS_READ_ONLY;
}
static int32_t
refuse_symbolic_link(const descriptor* in, struct tessera_wasi_path path, const char* target, uint32_t bytes) {
    (void)in, (void)path, (void)target, (void)bytes;
    return TESSERA_STATUS_READ_ONLY;
}
static int32_t
no_link(const descriptor* in, struct tessera_wasi_path path, char* into, uint32_t room, uint32_t* bytes) {
    (void)in, (void)path, (void)into, (void)room;
    *bytes = 0;
    return TESSERA_STATUS_INVALID;
}

static int32_t folder_facts(const descriptor* folder, struct tessera_wasi_facts* facts) {
    return facts_of(folder, (struct tessera_wasi_path){"", 0}, false, facts);
}

static const struct tessera_wasi_directory in_devices = {.open = open_device,
                                                         .open_directory = open_devices,
                                                         .facts = facts_of,
                                                         .set_times = refuse_times,
                                                         .list = list_devices,
                                                         .remove = refuse_remove,
                                                         .rename = refuse_rename,
                                                         .link = refuse_rename,
                                                         .symbolic_link = refuse_symbolic_link,
                                                         .read_link = no_link};

const struct tessera_wasi_operations tessera_wasi_devices = {
    .type = WASI_DIRECTORY, .directory = &in_devices, .facts = folder_facts, .release = keep};
