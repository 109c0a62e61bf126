// The same filter as native code, in a file of its own, so that it is called as a function of a library would be.
#include "native.h"

typedef struct {
    const uint8_t* bytes;
    size_t length;
} slice;
typedef struct {
    uint8_t* bytes;
    size_t length;
} slice_room;
static inline unsigned load8(slice s, size_t at) { return s.bytes[at]; }
static inline uint16_t load16(slice s, size_t at) {
    uint16_t value;
    __builtin_memcpy(&value, s.bytes + at, sizeof value);
    return value;
}
static inline uint32_t load32(slice s, size_t at) {
    uint32_t value;
    __builtin_memcpy(&value, s.bytes + at, sizeof value);
    return value;
}
static inline void store8(slice_room s, size_t at, uint8_t value) { s.bytes[at] = value; }
#define slice_length(s) ((s).length)
#define room_length(s) ((s).length)
#include "filter_body.h"

int native_one(const uint8_t* frame, size_t length) { return is_wanted((slice){frame, length}, 0, length); }

void native_all(
    const uint8_t* capture, size_t length, uint8_t* verdicts, size_t room, uint64_t* packets, uint64_t* wanted) {
    filter_all((slice){capture, length}, (slice_room){verdicts, room}, packets, wanted);
}
