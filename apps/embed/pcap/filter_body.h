// The filter itself, the same source for the verified program and for native code: DNS, and TCP to port 443, over IPv4,
// as libpcap's compiler understands FILTER_EXPRESSION. Each access is inside [at, end) by the conditions before it, so
// that neither needs a check of its own.
//
// Whoever includes this says what a slice is: `slice`, load8, load16 and load32 (as they lie in memory), slice_length.
#include <stddef.h>
#include <stdint.h>

enum { kEthernetBytes = 14, kFileBytes = 24, kRecordBytes = 16, kTcp = 6, kUdp = 17 };

static inline unsigned port_at(slice s, size_t at) { return __builtin_bswap16(load16(s, at)); }

static inline int is_wanted(slice s, size_t at, size_t end) {
    if (end - at < kEthernetBytes + 10 || port_at(s, at + 12) != 0x0800) {
        return 0;
    }
    const unsigned protocol = load8(s, at + 23);
    const int is_first_fragment = (port_at(s, at + 20) & 0x1fff) == 0;
    if (!is_first_fragment || (protocol != kTcp && protocol != kUdp)) {
        return 0;
    }
    const size_t ports = at + kEthernetBytes + (load8(s, at + 14) & 15u) * 4;
    if (protocol == kTcp) {
        return end - at >= ports - at + 4 && port_at(s, ports + 2) == 443;
    }
    if (end - at >= ports - at + 2 && port_at(s, ports) == 53) {
        return 1;
    }
    return end - at >= ports - at + 4 && port_at(s, ports + 2) == 53;
}

// A capture file in the byte order of the machine. What is behind the last whole record is passed over.
static inline void filter_all(slice capture, slice_room verdicts, uint64_t* packets, uint64_t* wanted) {
    const size_t length = slice_length(capture);
    const size_t room = room_length(verdicts);
    uint64_t count = 0;
    uint64_t good = 0;
    for (size_t at = kFileBytes; at <= length && length - at >= kRecordBytes;) {
        const size_t bytes = load32(capture, at + 8);
        at += kRecordBytes;
        if (bytes > length - at) {
            break;
        }
        const int verdict = is_wanted(capture, at, at + bytes);
        if (count < room) {
            store8(verdicts, count, (uint8_t)verdict);
        }
        ++count;
        good += (unsigned)verdict;
        at += bytes;
    }
    *packets = count;
    *wanted = good;
}
