// The C library's calls on directories that Rust's std makes, over WASI.
#include "wasi.h"

#include <stdlib.h>
#include <string.h>

typedef uint32_t (*path_function)(uint32_t folder, wasi_address path, uint32_t bytes);

static int by_path(const char* path, path_function act) {
    const char* rest = NULL;
    const int folder = tessera_folder_of(path, &rest);
    const uint32_t error = folder >= 0 ? act((uint32_t)folder, at(rest), (uint32_t)strlen(rest)) : 0;
    return folder < 0 ? -1 : error != 0 ? (int)tessera_failed(error) : 0;
}

int mkdir(const char* path, unsigned mode) {
    (void)mode;
    return by_path(path, wasi_path_create_directory);
}
int unlink(const char* path) { return by_path(path, wasi_path_unlink_file); }
int rmdir(const char* path) { return by_path(path, wasi_path_remove_directory); }

int rename(const char* path, const char* new_path) {
    const char* rest = NULL;
    const char* new_rest = NULL;
    const int folder = tessera_folder_of(path, &rest);
    const int new_folder = tessera_folder_of(new_path, &new_rest);
    if (folder < 0 || new_folder < 0) {
        return -1;
    }
    const uint32_t error = wasi_path_rename((uint32_t)folder,
                                            at(rest),
                                            (uint32_t)strlen(rest),
                                            (uint32_t)new_folder,
                                            at(new_rest),
                                            (uint32_t)strlen(new_rest));
    return error != 0 ? (int)tessera_failed(error) : 0;
}

// An entry as WASI has it, and as glibc does.
struct wasi_entry {
    uint64_t next, inode;
    uint32_t name_bytes;
    uint8_t type;
};
struct linux_entry {
    uint64_t inode;
    int64_t next;
    uint16_t bytes;
    uint8_t type;
    char name[256];
};

enum { BUFFER_BYTES = 4096 };
struct open_directory {
    int fd;
    uint32_t used, at;
    uint64_t cookie;
    struct linux_entry entry;
    char buffer[BUFFER_BYTES];
};

int open64(const char* path, int flags, int mode);
int close(int fd);

void* opendir(const char* path) {
    enum { DIRECTORY = 0200000 };
    const int fd = open64(path, DIRECTORY, 0);
    if (fd < 0) {
        return NULL;
    }
    struct open_directory* directory = calloc(1, sizeof *directory);
    if (directory == NULL) {
        (void)close(fd);
        return tessera_refused(LINUX_ENOMEM), NULL;
    }
    directory->fd = fd;
    return directory;
}

int closedir(void* opened) {
    struct open_directory* directory = opened;
    const int status = close(directory->fd);
    free(directory);
    return status;
}

int dirfd(void* opened) { return ((struct open_directory*)opened)->fd; }

// The next entry that is whole in the buffer; null: there is none.
static const char* whole_entry(struct open_directory* directory, struct wasi_entry* entry) {
    const uint32_t left = directory->used - directory->at;
    if (left < sizeof *entry) {
        return NULL;
    }
    memcpy(entry, directory->buffer + directory->at, sizeof *entry);
    return left - sizeof *entry >= entry->name_bytes ? directory->buffer + directory->at + sizeof *entry : NULL;
}

// Null at the end, with errno as it was, or with an error.
struct linux_entry* readdir64(void* opened) {
    enum { WASI_FOLDER = 3, LINUX_FOLDER = 4, LINUX_FILE = 8 };
    struct open_directory* directory = opened;
    struct wasi_entry entry;
    const char* name = whole_entry(directory, &entry);
    if (name == NULL) {
        directory->at = 0;
        const uint32_t error = wasi_fd_readdir(
            (uint32_t)directory->fd, at(directory->buffer), BUFFER_BYTES, directory->cookie, at(&directory->used));
        if (error != 0) {
            return tessera_failed(error), NULL;
        }
        name = whole_entry(directory, &entry);
    }
    if (name == NULL) {
        return NULL;
    }
    const uint32_t bytes = entry.name_bytes < sizeof directory->entry.name ? entry.name_bytes : 255;
    directory->entry = (struct linux_entry){.inode = entry.inode,
                                            .next = (int64_t)entry.next,
                                            .bytes = sizeof directory->entry,
                                            .type = entry.type == WASI_FOLDER ? LINUX_FOLDER : LINUX_FILE};
    memcpy(directory->entry.name, name, bytes);
    directory->at += (uint32_t)sizeof entry + entry.name_bytes;
    directory->cookie = entry.next;
    return &directory->entry;
}
