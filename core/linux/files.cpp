// Standard input, output and error are the console; there are no other files.
#include "core/linux/syscalls.h"
#include "core/log/console.h"
#include "core/time/clock.h"

#include <cstddef>
#include <cstring>
#include <span>

namespace tessera::libc::calls {

namespace {

constexpr std::uint64_t kStandardFiles = 3;
constexpr std::uint64_t kAtEmptyPath = 0x1000;
constexpr std::uint64_t kGetAttributes = 0x5401;  // TCGETS
constexpr std::uint64_t kAttributesSize = 36;
constexpr std::uint64_t kGetFlags = 3;
constexpr std::int64_t kReadWrite = 2;
constexpr std::uint64_t kReadPollNs = 1'000'000;

struct IoVector {
    std::byte* start;
    std::uint64_t size;
};

// Linux's struct stat.
struct FileStatus {
    std::uint64_t device, inode, links;
    std::uint32_t mode, uid, gid, padding;
    std::uint64_t rdev, size, block_size, blocks, times[6], reserved[3];
};
static_assert(sizeof(FileStatus) == 144);

std::int64_t console_status(FileStatus* status) {
    constexpr std::uint32_t kCharacterDevice = 0020620;
    *status = {};
    status->mode = kCharacterDevice;
    status->links = 1;
    status->block_size = 1024;
    status->rdev = 0x8800;
    return 0;
}

void put(std::uint64_t file, std::span<const std::byte> bytes) {
    file == 2 ? log::write(bytes) : log::write_output(bytes);
}

}  // namespace

std::int64_t write(const Call& call) {
    if (call.a[0] != 1 && call.a[0] != 2) {
        return -kEbadf;
    }
    put(call.a[0], {call.pointer<const std::byte>(1), call.a[2]});
    return static_cast<std::int64_t>(call.a[2]);
}

std::int64_t writev(const Call& call) {
    if (call.a[0] != 1 && call.a[0] != 2) {
        return -kEbadf;
    }
    std::int64_t written = 0;
    for (const IoVector& part : std::span(call.pointer<const IoVector>(1), call.a[2])) {
        put(call.a[0], {part.start, part.size});
        written += static_cast<std::int64_t>(part.size);
    }
    return written;
}

std::int64_t read(const Call& call) {
    if (call.a[0] != 0) {
        return -kEbadf;
    }
    for (;;) {
        const std::ptrdiff_t got = log::read({call.pointer<std::byte>(1), call.a[2]});
        if (got != 0 || call.a[2] == 0) {
            return got < 0 ? 0 : got;
        }
        if (block(time::since_entry_ns() + kReadPollNs) == Woken::ByTimer) {
            return -kEintr;
        }
    }
}

std::int64_t readv(const Call& call) {
    const auto* part = call.pointer<const IoVector>(1);
    if (call.a[2] == 0) {
        return 0;
    }
    // SAFETY: the caller's own buffer, passed on as the plain call would.
    return read({{call.a[0], reinterpret_cast<std::uint64_t>(part->start), part->size, 0, 0, 0}, call.frame});
}

std::int64_t close(const Call& call) { return call.a[0] < kStandardFiles ? 0 : -kEbadf; }
std::int64_t lseek(const Call& call) { return call.a[0] < kStandardFiles ? -kEspipe : -kEbadf; }

std::int64_t fstat(const Call& call) {
    return call.a[0] < kStandardFiles ? console_status(call.pointer<FileStatus>(1)) : -kEbadf;
}

std::int64_t newfstatat(const Call& call) {
    if ((call.a[3] & kAtEmptyPath) != 0 && *call.pointer<const char>(1) == '\0') {
        return call.a[0] < kStandardFiles ? console_status(call.pointer<FileStatus>(2)) : -kEbadf;
    }
    return -kEnoent;
}

std::int64_t ioctl(const Call& call) {
    if (call.a[0] >= kStandardFiles || call.a[1] != kGetAttributes) {
        return -kEnotty;
    }
    // A terminal: so glibc writes line by line.
    std::memset(call.pointer<void>(2), 0, kAttributesSize);
    return 0;
}

std::int64_t fcntl(const Call& call) {
    if (call.a[0] >= kStandardFiles) {
        return -kEbadf;
    }
    return call.a[1] == kGetFlags ? kReadWrite : -kEinval;
}

std::int64_t getcwd(const Call& call) {
    if (call.a[1] < 2) {
        return -kErange;
    }
    std::memcpy(call.pointer<char>(0), "/", 2);
    return 2;
}

std::int64_t no_entry(const Call& /*call*/) { return -kEnoent; }

}  // namespace tessera::libc::calls
