// Own directories as objects: `Directory`, served from a node. The object's state is the node's address; 0, which the
// object has that a program is granted, is the root.
#include "object.h"

#include <string.h>
#include <tessera/domain.h>

#define TESSERA_SERVE_TESSERA_DIRECTORY tessera_memory_directory
#include "served.h"

enum { PATH_MAX_BYTES = 4096, ENTRIES_AT_ONCE = 64 };

static tessera_memory_node* node_of(void* self) { return self != NULL ? self : tessera_memory_root(); }

// A path in memory of the program's own. What is too long becomes a path that leads nowhere.
static tessera_memory_path take_path(tessera_slice text, char* room) {
    const uint64_t bytes = tessera_slice_length(text);
    if (bytes > PATH_MAX_BYTES) {
        return (tessera_memory_path){"/", 1};
    }
    tessera_slice_read(text, 0, room, (size_t)bytes);
    return (tessera_memory_path){room, (uint32_t)bytes};
}

tessera_cap tessera_memory_directory(void) {
    tessera_memory_share();
    ++tessera_memory_root()->references;
    return tessera_directory_mint((uint64_t)(uintptr_t)tessera_memory_root());
}

void tessera_memory_serve(void) { tessera_memory_share(); }

static int32_t open_node(void* self,
                         tessera_slice path,
                         bool is_directory,
                         tessera_create create,
                         bool truncate,
                         tessera_memory_node** found) {
    char room[PATH_MAX_BYTES];
    const tessera_memory_path name = take_path(path, room);
    int32_t status = tessera_memory_lock();
    if (status == TESSERA_STATUS_OK) {
        status = tessera_memory_open(node_of(self), name, is_directory, (tessera_memory_create)create, truncate, found);
        tessera_memory_unlock();
    }
    return status;
}

int32_t tessera_memory_directory_open(
    void* self, tessera_slice path, tessera_create create, bool truncate, tessera_file* file) {
    tessera_memory_node* node = NULL;
    const int32_t status = open_node(self, path, false, create, truncate, &node);
    if (status == TESSERA_STATUS_OK) {
        *file = tessera_memory_file_object(node);
    }
    return status;
}

int32_t tessera_memory_directory_directory(void* self,
                                           tessera_slice path,
                                           tessera_create create,
                                           tessera_directory* directory) {
    tessera_memory_node* node = NULL;
    const int32_t status = open_node(self, path, true, create, false, &node);
    if (status == TESSERA_STATUS_OK) {
        directory->handle = tessera_cap_to_handle(tessera_directory_mint((uint64_t)(uintptr_t)node));
    }
    return status;
}

int32_t tessera_memory_directory_metadata(
    void* self, tessera_slice path, bool follow, tessera_slice metadata, uint64_t* length) {
    (void)follow;
    char room[PATH_MAX_BYTES];
    const tessera_memory_path name = take_path(path, room);
    int32_t status = tessera_memory_lock();
    if (status == TESSERA_STATUS_OK) {
        tessera_memory_node* node = NULL;
        status = tessera_memory_find(node_of(self), name, &node);
        if (status == TESSERA_STATUS_OK) {
            status = tessera_memory_give_metadata(node, metadata, length);
        }
        tessera_memory_unlock();
    }
    return status;
}

// A list as a message's root.
static tessera_list_builder init_entries(tessera_builder* builder, uint32_t count) {
    enum { DATA_WORDS = 2, POINTERS = 1, BYTES = 8 * (DATA_WORDS + POINTERS) };
    const uint64_t words = (uint64_t)count * (DATA_WORDS + POINTERS);
    const tessera_spot root = {builder, 0};
    const uint32_t at = tessera_allocate(root, words + 1, 1 | (uint64_t)TESSERA_COMPOSITE << 32 | words << 35, true);
    tessera_store64(builder->begin + at, (uint64_t)count << 2 | (uint64_t)DATA_WORDS << 32 | (uint64_t)POINTERS << 48);
    const tessera_list_builder list = {builder, at + 8, count, BYTES, 8 * DATA_WORDS};
    return list;
}

static void write_entry(tessera_list_builder list, uint32_t index, const tessera_memory_node* node) {
    const tessera_entry_builder entry = tessera_entry_built(list, index);
    tessera_entry_set_name(entry, node->name, node->name_bytes);
    tessera_entry_set_kind(entry, node->is_directory ? TESSERA_KIND_DIRECTORY : TESSERA_KIND_FILE);
    tessera_entry_set_identity(entry, node->number);
}

// As many entries as fit into the caller's room, which says what the next one begins with.
static int32_t list_entries(tessera_memory_node* directory,
                            uint64_t cookie,
                            uint32_t count,
                            tessera_slice entries,
                            uint64_t* length,
                            uint64_t* next) {
    enum { ENTRY_WORDS = 3, NAME_WORDS = (TESSERA_MEMORY_NAME_MAX + 8) / 8, FIRST_WORDS = 2 };
    static uint64_t words[FIRST_WORDS + ENTRIES_AT_ONCE * (ENTRY_WORDS + NAME_WORDS)];
    uint64_t used = FIRST_WORDS;
    uint32_t some = 0;
    const tessera_memory_node* first = tessera_memory_entry(directory, cookie);
    const tessera_memory_node* end = first;
    const uint64_t room = tessera_slice_length(entries) / 8;
    while (end != NULL && some < count && some < ENTRIES_AT_ONCE) {
        const uint64_t more = ENTRY_WORDS + (end->name_bytes + 8U) / 8;
        if (some != 0 && used + more > room) {
            break;
        }
        used += more;
        ++some;
        *next = end->cookie;
        end = end->next;
    }
    *next = end != NULL && some != 0 ? *next : 0;
    tessera_builder builder = tessera_builder_of(words, sizeof words);
    const tessera_list_builder list = init_entries(&builder, some);
    for (uint32_t i = 0; i < some; ++i, first = first->next) {
        write_entry(list, i, first);
    }
    return tessera_memory_give_message(words, tessera_builder_length(&builder), entries, length);
}

int32_t tessera_memory_directory_list(
    void* self, uint64_t cookie, uint32_t count, tessera_slice entries, uint64_t* length, uint64_t* next) {
    int32_t status = tessera_memory_lock();
    if (status == TESSERA_STATUS_OK) {
        status = list_entries(node_of(self), cookie, count, entries, length, next);
        tessera_memory_unlock();
    }
    return status;
}

int32_t tessera_memory_directory_remove(void* self, tessera_slice path, tessera_kind kind) {
    char room[PATH_MAX_BYTES];
    const tessera_memory_path name = take_path(path, room);
    int32_t status = tessera_memory_lock();
    if (status == TESSERA_STATUS_OK) {
        status = tessera_memory_remove(node_of(self), name, kind == TESSERA_KIND_DIRECTORY);
        tessera_memory_unlock();
    }
    return status;
}

int32_t
tessera_memory_directory_rename(void* self, tessera_slice path, tessera_cap to, tessera_slice new_path, bool replace) {
    const uint64_t state = tessera_domain_own_state(to, TESSERA_DIRECTORY_ID);
    if (state == TESSERA_NOT_OWN) {
        return TESSERA_STATUS_OTHER_DEVICE;
    }
    char room[PATH_MAX_BYTES];
    char new_room[PATH_MAX_BYTES];
    const tessera_memory_path name = take_path(path, room);
    const tessera_memory_path new_name = take_path(new_path, new_room);
    int32_t status = tessera_memory_lock();
    if (status == TESSERA_STATUS_OK) {
        status = tessera_memory_rename(node_of(self), name, node_of((void*)(uintptr_t)state), new_name, replace);
        tessera_memory_unlock();
    }
    return status;
}

int32_t tessera_memory_directory_set_times(void* self, tessera_slice path, int64_t accessed, int64_t modified) {
    char room[PATH_MAX_BYTES];
    const tessera_memory_path name = take_path(path, room);
    int32_t status = tessera_memory_lock();
    if (status == TESSERA_STATUS_OK) {
        tessera_memory_node* node = NULL;
        status = tessera_memory_find(node_of(self), name, &node);
        if (status == TESSERA_STATUS_OK) {
            tessera_memory_set_times(node, accessed, modified);
        }
        tessera_memory_unlock();
    }
    return status;
}

// Nothing here survives a loss of power, so there is nothing to wait for.
int32_t tessera_memory_directory_sync(void* self) {
    (void)self;
    return TESSERA_STATUS_OK;
}

int32_t tessera_memory_directory_link(void* self, tessera_slice path, tessera_cap to, tessera_slice new_path) {
    (void)self, (void)path, (void)to, (void)new_path;
    return TESSERA_STATUS_UNSUPPORTED;
}

int32_t tessera_memory_directory_symbolic_link(void* self, tessera_slice path, tessera_slice target) {
    (void)self, (void)path, (void)target;
    return TESSERA_STATUS_UNSUPPORTED;
}

int32_t tessera_memory_directory_read_link(void* self, tessera_slice path, tessera_slice target, uint64_t* length) {
    (void)self, (void)path, (void)target, (void)length;
    return TESSERA_STATUS_UNSUPPORTED;
}

int32_t tessera_memory_directory_watch(void* self, tessera_slice path, tessera_watch* watch) {
    (void)self, (void)path, (void)watch;
    return TESSERA_STATUS_UNSUPPORTED;
}

int32_t tessera_memory_directory_space(void* self, uint64_t* total, uint64_t* free) {
    (void)self, (void)total, (void)free;
    return TESSERA_STATUS_UNSUPPORTED;
}

void tessera_memory_directory_released(void* self) {
    if (self != NULL) {
        tessera_memory_let_go(self);
    }
}
