// Directories: names to nodes.
#include "node.h"

#include <string.h>
#include <tessera/status.tessera.h>

static uint64_t cookies = 1;
static uint64_t numbers = 1;

tessera_memory_node* tessera_memory_root(void) {
    static tessera_memory_node root = {.is_directory = true, .is_root = true, .references = 1, .number = 1};
    return &root;
}

static uint32_t hash_of(const char* name, uint32_t bytes) {
    uint32_t hash = 2166136261U;
    for (uint32_t i = 0; i < bytes; ++i) {
        hash = (hash ^ (unsigned char)name[i]) * 16777619U;
    }
    return hash;
}

static tessera_memory_node* look_up(const tessera_memory_node* directory, const char* name, uint32_t bytes) {
    const uint32_t hash = hash_of(name, bytes);
    for (tessera_memory_node* node = directory->first; node != NULL; node = node->next) {
        if (node->hash == hash && node->name_bytes == bytes && memcmp(node->name, name, bytes) == 0) {
            return node;
        }
    }
    return NULL;
}

static void unlink_node(tessera_memory_node* node) {
    tessera_memory_node* directory = node->parent;
    *(node->previous != NULL ? &node->previous->next : &directory->first) = node->next;
    *(node->next != NULL ? &node->next->previous : &directory->last) = node->previous;
    node->parent = node->next = node->previous = NULL;
    directory->touched = true;
}

static void link_node(tessera_memory_node* node, tessera_memory_node* directory, const char* name, uint32_t bytes) {
    memmove(node->name, name, bytes);
    node->name_bytes = (uint8_t)bytes;
    node->hash = hash_of(name, bytes);
    node->parent = directory;
    node->cookie = ++cookies;
    node->previous = directory->last;
    node->next = NULL;
    *(directory->last != NULL ? &directory->last->next : &directory->first) = node;
    directory->last = node;
    directory->touched = true;
}

static void free_if_gone(tessera_memory_node* node) {
    if (node->parent == NULL && !node->is_root && node->references == 0) {
        (void)tessera_memory_resize(node, 0);
        tessera_memory_give_node(node);
    }
}

void tessera_memory_release(tessera_memory_node* node) {
    tessera_memory_stamp(node);
    --node->references;
    free_if_gone(node);
}

// The directory that the last name of a path is in, and that name.
struct place {
    tessera_memory_node* directory;
    const char* name;
    uint32_t bytes;
};

static int32_t find_place(tessera_memory_node* directory, tessera_memory_path path, struct place* place) {
    if (!directory->is_directory) {
        return TESSERA_STATUS_NOT_DIRECTORY;
    }
    while (true) {
        uint32_t bytes = 0;
        while (bytes < path.bytes && path.text[bytes] != '/') {
            if (path.text[bytes++] == '\0') {
                return TESSERA_STATUS_INVALID;
            }
        }
        const bool dots = (bytes == 1 || bytes == 2) && path.text[0] == '.' && path.text[bytes - 1] == '.';
        if (bytes == 0 || bytes > TESSERA_MEMORY_NAME_MAX || dots) {
            return TESSERA_STATUS_INVALID;
        }
        *place = (struct place){directory, path.text, bytes};
        if (bytes == path.bytes) {
            return TESSERA_STATUS_OK;
        }
        directory = look_up(directory, path.text, bytes);
        if (directory == NULL || !directory->is_directory) {
            return directory == NULL ? TESSERA_STATUS_NOT_FOUND : TESSERA_STATUS_NOT_DIRECTORY;
        }
        path = (tessera_memory_path){path.text + bytes + 1, path.bytes - bytes - 1};
    }
}

int32_t tessera_memory_find(tessera_memory_node* directory, tessera_memory_path path, tessera_memory_node** found) {
    *found = directory;
    if (path.bytes == 0) {
        return TESSERA_STATUS_OK;
    }
    struct place place;
    const int32_t status = find_place(directory, path, &place);
    if (status != TESSERA_STATUS_OK) {
        return status;
    }
    *found = look_up(place.directory, place.name, place.bytes);
    return *found != NULL ? TESSERA_STATUS_OK : TESSERA_STATUS_NOT_FOUND;
}

static int32_t make_node(const struct place* place, bool is_directory, tessera_memory_node** made) {
    if (place->directory->parent == NULL && !place->directory->is_root) {
        return TESSERA_STATUS_NOT_FOUND;  // it was removed, and lives on for those who have it
    }
    tessera_memory_node* node = tessera_memory_take_node();
    if (node == NULL) {
        return TESSERA_STATUS_NO_SPACE;
    }
    node->is_directory = is_directory;
    node->number = ++numbers;
    node->created = node->modified = node->accessed = tessera_memory_now();
    link_node(node, place->directory, place->name, place->bytes);
    *made = node;
    return TESSERA_STATUS_OK;
}

int32_t tessera_memory_open(tessera_memory_node* directory,
                            tessera_memory_path path,
                            bool is_directory,
                            tessera_memory_create create,
                            bool truncate,
                            tessera_memory_node** found) {
    struct place place;
    int32_t status = TESSERA_STATUS_OK;
    tessera_memory_node* node = directory;
    if (path.bytes != 0) {
        status = find_place(directory, path, &place);
        node = status == TESSERA_STATUS_OK ? look_up(place.directory, place.name, place.bytes) : NULL;
    }
    if (status != TESSERA_STATUS_OK) {
        return status;
    }
    if (node == NULL) {
        status = create != TESSERA_MEMORY_FIND ? make_node(&place, is_directory, &node) : TESSERA_STATUS_NOT_FOUND;
    } else if (create == TESSERA_MEMORY_MAKE_NEW) {
        status = TESSERA_STATUS_EXISTS;
    } else if (node->is_directory != is_directory) {
        status = is_directory ? TESSERA_STATUS_NOT_DIRECTORY : TESSERA_STATUS_IS_DIRECTORY;
    } else if (truncate) {
        status = tessera_memory_resize(node, 0);
    }
    if (status != TESSERA_STATUS_OK) {
        return status;
    }
    ++node->references;
    *found = node;
    return TESSERA_STATUS_OK;
}

int32_t tessera_memory_remove(tessera_memory_node* directory, tessera_memory_path path, bool is_directory) {
    tessera_memory_node* node = NULL;
    const int32_t status = tessera_memory_find(directory, path, &node);
    if (status != TESSERA_STATUS_OK) {
        return status;
    }
    if (node->is_directory != is_directory) {
        return is_directory ? TESSERA_STATUS_NOT_DIRECTORY : TESSERA_STATUS_IS_DIRECTORY;
    }
    if (node == directory || node->parent == NULL) {
        return TESSERA_STATUS_BUSY;  // a directory can't be removed through itself
    }
    if (node->first != NULL) {
        return TESSERA_STATUS_NOT_EMPTY;
    }
    unlink_node(node);
    free_if_gone(node);
    return TESSERA_STATUS_OK;
}

static bool is_inside(const tessera_memory_node* directory, const tessera_memory_node* of) {
    while (directory != NULL && directory != of) {
        directory = directory->parent;
    }
    return directory == of;
}

// What makes way for the node. 0: it may be taken away, or there is nothing.
static int32_t refuse_replacing(const tessera_memory_node* node, const tessera_memory_node* there, bool replace) {
    if (there == NULL) {
        return TESSERA_STATUS_OK;
    }
    if (!replace) {
        return TESSERA_STATUS_EXISTS;
    }
    if (node->is_directory != there->is_directory) {
        return there->is_directory ? TESSERA_STATUS_IS_DIRECTORY : TESSERA_STATUS_NOT_DIRECTORY;
    }
    return there->first != NULL ? TESSERA_STATUS_NOT_EMPTY : TESSERA_STATUS_OK;
}

int32_t tessera_memory_rename(tessera_memory_node* directory,
                              tessera_memory_path path,
                              tessera_memory_node* to,
                              tessera_memory_path new_path,
                              bool replace) {
    tessera_memory_node* node = NULL;
    struct place place;
    int32_t status = tessera_memory_find(directory, path, &node);
    if (status == TESSERA_STATUS_OK) {
        status = node == directory || node->parent == NULL ? TESSERA_STATUS_INVALID : find_place(to, new_path, &place);
    }
    if (status != TESSERA_STATUS_OK) {
        return status;
    }
    if (is_inside(place.directory, node)) {
        return TESSERA_STATUS_INVALID;
    }
    if (place.directory->parent == NULL && !place.directory->is_root) {
        return TESSERA_STATUS_NOT_FOUND;
    }
    tessera_memory_node* there = look_up(place.directory, place.name, place.bytes);
    if (there == node) {
        return TESSERA_STATUS_OK;
    }
    status = refuse_replacing(node, there, replace);
    if (status != TESSERA_STATUS_OK) {
        return status;
    }
    if (there != NULL) {
        unlink_node(there);
        free_if_gone(there);
    }
    unlink_node(node);
    link_node(node, place.directory, place.name, place.bytes);
    return TESSERA_STATUS_OK;
}

tessera_memory_node* tessera_memory_entry(tessera_memory_node* directory, uint64_t after) {
    tessera_memory_node* node = directory->first;
    while (node != NULL && node->cookie <= after) {
        node = node->next;
    }
    return node;
}
