// WASI preview 1: numbers and layouts, as its document has them. Addresses are 32 bits wide, also where pointers
// have 64.
#ifndef TESSERA_WASI_H
#define TESSERA_WASI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t wasi_address;
typedef uint32_t wasi_errno;

// Defines a function of WASI's under the name by which the C library, Rust's std and WebAssembly modules import it.
#define WASI(name) wasi_errno __imported_wasi_snapshot_preview1_##name
#define AT(type, address) ((type*)(uintptr_t)(address))

enum {
    WASI_SUCCESS = 0,
    WASI_ACCES = 2,
    WASI_ADDRINUSE = 3,
    WASI_AGAIN = 6,
    WASI_BADF = 8,
    WASI_BUSY = 10,
    WASI_CANCELED = 11,
    WASI_CONNREFUSED = 14,
    WASI_CONNRESET = 15,
    WASI_EXIST = 20,
    WASI_FBIG = 22,
    WASI_HOSTUNREACH = 23,
    WASI_INVAL = 28,
    WASI_IO = 29,
    WASI_ISDIR = 31,
    WASI_MFILE = 33,
    WASI_NAMETOOLONG = 37,
    WASI_NOENT = 44,
    WASI_NOMEM = 48,
    WASI_NOSPC = 51,
    WASI_NOSYS = 52,
    WASI_NOTDIR = 54,
    WASI_NOTEMPTY = 55,
    WASI_NOTSOCK = 57,
    WASI_NOTSUP = 58,
    WASI_PIPE = 64,
    WASI_PROTO = 65,
    WASI_ROFS = 69,
    WASI_SPIPE = 70,
    WASI_STALE = 72,
    WASI_TIMEDOUT = 73,
    WASI_XDEV = 75,
    WASI_NOTCAPABLE = 76,
};

enum { WASI_UNKNOWN_TYPE = 0, WASI_CHARACTER_DEVICE = 2, WASI_DIRECTORY = 3, WASI_REGULAR_FILE = 4, WASI_SYMBOLIC_LINK = 7 };
enum { WASI_CREAT = 1, WASI_ONLY_DIRECTORY = 2, WASI_EXCL = 4, WASI_TRUNC = 8 };
enum { WASI_APPEND = 1 };
enum { WASI_FOLLOW = 1 };
enum { WASI_SET_ACCESSED = 1, WASI_ACCESSED_NOW = 2, WASI_SET_MODIFIED = 4, WASI_MODIFIED_NOW = 8 };

enum {
    WASI_RIGHT_READ = 1 << 1,
    WASI_RIGHT_SEEK = 1 << 2,
    WASI_RIGHT_TELL = 1 << 5,
    WASI_RIGHT_WRITE = 1 << 6,
};
#define WASI_RIGHTS_ALL ((1ULL << 29) - 1)

struct wasi_vector {
    wasi_address bytes;
    uint32_t length;
};

struct wasi_fdstat {
    uint8_t type;
    uint16_t flags;
    uint64_t rights, inheriting;
};
_Static_assert(sizeof(struct wasi_fdstat) == 24, "as in the document");

struct wasi_filestat {
    uint64_t device, inode;
    uint8_t type;
    uint64_t links, bytes;
    int64_t accessed, modified, changed;
};
_Static_assert(sizeof(struct wasi_filestat) == 64, "as in the document");

struct wasi_prestat {
    uint32_t tag;  // 0: a directory
    uint32_t name_bytes;
};

struct wasi_dirent {
    uint64_t next, inode;
    uint32_t name_bytes;
    uint8_t type;
};
_Static_assert(sizeof(struct wasi_dirent) == 24, "as in the document");

enum { WASI_CLOCK, WASI_FD_READ, WASI_FD_WRITE };
struct wasi_subscription {
    uint64_t user_data;
    uint8_t tag;
    _Alignas(8) uint32_t id;  // of the clock, or the descriptor
    uint64_t timeout, precision;
    uint16_t flags;  // 1: the timeout is a time
};
_Static_assert(sizeof(struct wasi_subscription) == 48, "as in the document");

struct wasi_event {
    uint64_t user_data;
    uint16_t error;
    uint8_t type;
    uint64_t bytes;
    uint16_t flags;
};
_Static_assert(sizeof(struct wasi_event) == 32, "as in the document");

#endif
