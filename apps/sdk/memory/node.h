// A file system in the program's own memory: a tree of directories and files. Functions give a status of status.capnp.
//
// It takes its memory from the arena itself, not from malloc: once its directories are handed to other programs, their
// calls come on any core beside what the program does. Paths are names with "/" between, without "." and "..".
#ifndef TESSERA_MEMORY_NODE_H
#define TESSERA_MEMORY_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TESSERA_MEMORY_BLOCK = 4096,
    TESSERA_MEMORY_NAME_MAX = 255,
    TESSERA_MEMORY_DIRECT = 24,
    TESSERA_MEMORY_IN_BLOCK = TESSERA_MEMORY_BLOCK / 4,
    TESSERA_MEMORY_NODE_BYTES = 512,
};

// A file or directory. Blocks of a file are 32-bit addresses, 0 where nothing was written, which reads as zeros.
typedef struct tessera_memory_node {
    struct tessera_memory_node* parent;  // null: the root, or removed
    struct tessera_memory_node* first;   // of a directory's entries, by growing cookie
    struct tessera_memory_node* last;
    struct tessera_memory_node* next;
    struct tessera_memory_node* previous;
    uint64_t cookie;  // of its entry in its directory
    uint64_t number;
    uint64_t bytes;
    int64_t modified, created, accessed;
    uint32_t references;  // beside its name
    uint32_t hash;        // of the name
    bool is_directory, is_root;
    bool touched;  // written to since `modified` was set
    uint8_t name_bytes;
    char name[TESSERA_MEMORY_NAME_MAX];
    uint32_t direct[TESSERA_MEMORY_DIRECT];
    uint32_t single;  // a block of addresses of blocks
    uint32_t twice;   // a block of addresses of those
} tessera_memory_node;
_Static_assert(sizeof(tessera_memory_node) <= TESSERA_MEMORY_NODE_BYTES, "a node has outgrown its place");

// ---- blocks.c ----
void* tessera_memory_take_block(void);  // zeros; null: there is no memory
void tessera_memory_give_block(void* block);
tessera_memory_node* tessera_memory_take_node(void);  // zeros; null: there is no memory
void tessera_memory_give_node(tessera_memory_node* node);

// ---- file.c ----
// Where the bytes from `position` on are that lie together, at most *bytes; null: nothing was written there, or, with
// `make`, there is no room.
unsigned char* tessera_memory_piece(tessera_memory_node* file, uint64_t position, uint64_t* bytes, bool make);
int32_t tessera_memory_resize(tessera_memory_node* file, uint64_t bytes);
// How much was read, or written: less than wanted only at the end, or where there is no more room.
uint64_t tessera_memory_read(tessera_memory_node* file, uint64_t position, void* into, uint64_t bytes);
uint64_t tessera_memory_write(tessera_memory_node* file, uint64_t position, const void* from, uint64_t bytes);
// For who moves bytes otherwise: how many from `position` on there are, how many a file may hold, and that they were
// written.
uint64_t tessera_memory_readable(const tessera_memory_node* file, uint64_t position, uint64_t bytes);
uint64_t tessera_memory_writable(uint64_t position, uint64_t bytes);
void tessera_memory_written(tessera_memory_node* file, uint64_t end);

// ---- tree.c ----
typedef struct {
    const char* text;
    uint32_t bytes;
} tessera_memory_path;
typedef enum { TESSERA_MEMORY_FIND, TESSERA_MEMORY_MAKE_MISSING, TESSERA_MEMORY_MAKE_NEW } tessera_memory_create;

tessera_memory_node* tessera_memory_root(void);
// What is found or made has one reference more, the caller's.
int32_t tessera_memory_open(tessera_memory_node* directory,
                            tessera_memory_path path,
                            bool is_directory,
                            tessera_memory_create create,
                            bool truncate,
                            tessera_memory_node** found);
int32_t tessera_memory_find(tessera_memory_node* directory, tessera_memory_path path, tessera_memory_node** found);
int32_t tessera_memory_remove(tessera_memory_node* directory, tessera_memory_path path, bool is_directory);
int32_t tessera_memory_rename(tessera_memory_node* directory,
                              tessera_memory_path path,
                              tessera_memory_node* to,
                              tessera_memory_path new_path,
                              bool replace);
// The first entry behind a cookie; null: there is none.
tessera_memory_node* tessera_memory_entry(tessera_memory_node* directory, uint64_t after);
void tessera_memory_release(tessera_memory_node* node);

// ---- time.c ----
// Set by whoever has a clock: nanoseconds since 1970.
extern int64_t (*tessera_memory_clock)(void);
int64_t tessera_memory_now(void);
// What was written gets its time when somebody looks or lets go: a clock asked at each write would cost more than the
// write.
void tessera_memory_stamp(tessera_memory_node* node);
void tessera_memory_set_times(tessera_memory_node* node, int64_t accessed, int64_t modified);

// ---- lock.c ----
// Held around all of the above once others may call. 0, or the status to give up with.
int32_t tessera_memory_lock(void);
void tessera_memory_unlock(void);
void tessera_memory_share(void);

#endif
