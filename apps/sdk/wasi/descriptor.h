// What a descriptor stands for: an object of somebody's, or a file of the program's own, behind one table of functions.
// These give a status of status.capnp; errors.c makes WASI's number of it.
#ifndef TESSERA_WASI_DESCRIPTOR_H
#define TESSERA_WASI_DESCRIPTOR_H

#include "wasi.h"

#include <tessera/call.h>
#include <tessera/status.tessera.h>

typedef struct tessera_wasi_descriptor descriptor;

struct tessera_wasi_facts {
    bool is_directory, writable;
    uint64_t bytes, identity;
    uint32_t links;
    int64_t accessed, modified, created;
};

struct tessera_wasi_path {
    const char* text;  // names with "/" between; empty: the directory itself
    uint32_t bytes;
};

// Called for each name of a directory; false: no more of them.
typedef bool (*tessera_wasi_take_entry)(
    void* list, const char* name, uint32_t bytes, bool is_directory, uint64_t identity);

// What paths can be looked up in.
struct tessera_wasi_directory {
    // `wanted` says what; what is found fills in `found`.
    int32_t (*open)(const descriptor*, struct tessera_wasi_path, uint32_t how, descriptor* found);
    int32_t (*open_directory)(const descriptor*, struct tessera_wasi_path, bool make, descriptor* found);
    int32_t (*facts)(const descriptor*, struct tessera_wasi_path, bool follow, struct tessera_wasi_facts*);
    int32_t (*set_times)(const descriptor*, struct tessera_wasi_path, int64_t accessed, int64_t modified);
    int32_t (*list)(const descriptor*, tessera_wasi_take_entry, void* list);
    int32_t (*remove)(const descriptor*, struct tessera_wasi_path, bool is_directory);
    // `to` is of the same kind.
    int32_t (*rename)(const descriptor*, struct tessera_wasi_path, const descriptor* to, struct tessera_wasi_path);
    int32_t (*link)(const descriptor*, struct tessera_wasi_path, const descriptor* to, struct tessera_wasi_path);
    int32_t (*symbolic_link)(const descriptor*, struct tessera_wasi_path, const char* target, uint32_t bytes);
    int32_t (*read_link)(const descriptor*, struct tessera_wasi_path, char* into, uint32_t room, uint32_t* bytes);
};

// A stream has no positions, nor what is null.
struct tessera_wasi_operations {
    uint8_t type;
    const struct tessera_wasi_directory* directory;  // null: it is none
    int32_t (*read)(const descriptor*, uint64_t position, void* into, uint32_t bytes, uint32_t* done);
    int32_t (*write)(const descriptor*, uint64_t position, const void* from, uint32_t bytes, uint32_t* done);
    int32_t (*append)(const descriptor*, const void* from, uint32_t bytes, uint64_t* position, uint32_t* done);
    int32_t (*facts)(const descriptor*, struct tessera_wasi_facts*);
    int32_t (*resize)(const descriptor*, uint64_t bytes);
    int32_t (*set_times)(const descriptor*, int64_t accessed, int64_t modified);
    int32_t (*sync)(const descriptor*, bool data);
    void (*release)(const descriptor*);
};

struct tessera_wasi_listing;

struct tessera_wasi_descriptor {
    const struct tessera_wasi_operations* is;
    uint32_t others;  // numbers that stand for it, but for one
    uint32_t object;  // a handle, or the address of a node of the program's own
    uint16_t flags;
    uint64_t position;
    uint64_t rights;
    const char* granted_as;                // the name of a directory that is there from the start
    struct tessera_wasi_listing* listing;  // of a directory that is being read
};

// ---- table.c ----
// Null: it is not open.
descriptor* tessera_wasi_get(uint32_t fd);
// The lowest number that is free; 0xffffffff: there is none.
uint32_t tessera_wasi_add(const descriptor* opened);
// Another number for the same one, from there on; 0xffffffff: there is none, or it is not open.
uint32_t tessera_wasi_duplicate(uint32_t fd, uint32_t from);
bool tessera_wasi_duplicate_as(uint32_t fd, uint32_t to);  // which is closed first
void tessera_wasi_close(uint32_t fd);                      // one that is open

// ---- pipe.c ----
// The end that is read, and the one that is written. False: no memory, or no numbers.
bool tessera_wasi_pipe(uint32_t ends[2]);

// ---- errors.c ----
wasi_errno tessera_wasi_error(int32_t status);

// ---- grants.c ----
// The first thing of that interface that the program was granted; 0: nothing. The handle stays.
tessera_handle tessera_wasi_grant(uint64_t interface);

// ---- preopens.c ----
// Puts the directories that are there from the start behind the standard descriptors, if that was not done yet.
void tessera_wasi_preopen(void);

// ---- stream.c, devices.c, remote_file.c, remote_directory.c, memory_file.c, memory_directory.c ----
extern const struct tessera_wasi_operations tessera_wasi_stream;
extern const struct tessera_wasi_operations tessera_wasi_terminal;
extern const struct tessera_wasi_operations tessera_wasi_devices;
extern const struct tessera_wasi_operations tessera_wasi_file;
extern const struct tessera_wasi_operations tessera_wasi_remote_directory;
extern const struct tessera_wasi_operations tessera_wasi_memory_file;
extern const struct tessera_wasi_operations tessera_wasi_memory_directory;

// ---- stream.c ----
void tessera_wasi_nobody_reads(void);

// ---- readdir.c ----
void tessera_wasi_forget_listing(descriptor* open);

// ---- clock.c ----
// False: no clock was granted.
bool tessera_wasi_monotonic(uint64_t* nanoseconds);
bool tessera_wasi_wall(int64_t* nanoseconds);

#endif
