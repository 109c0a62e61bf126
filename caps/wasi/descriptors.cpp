// Reading, writing and asking about descriptors.
#include "caps/gate.h"
#include "caps/long_copy.h"
#include "caps/wait_for_input.h"
#include "caps/wasi/calls.h"
#include "caps/wasi/errno.h"
#include "caps/wasi/filestat.h"
#include "caps/wasi/state.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace tessera::caps::wasi {
namespace {

constexpr U32 kVectorsMax = 1024;
// One call writes so much and says so: vectors may name the same memory a thousand times.
constexpr U32 kWriteBytesMax = 1U << 20U;

template <typename T>
Errno put(Domain& domain, Place<T> at, const T& value) {
    return at.put(domain.arena(), value) ? kSuccess : kFault;
}

// Reads from a file at a position into the program's vectors; `done` counts.
Errno read_file(Domain& domain, const File& file, U64 position, Place<Iovec> vectors, UserCount count, U32& done) {
    const auto bytes = file.bytes();
    for (U32 i = 0; i < count.value && position < bytes.size(); ++i) {
        Iovec vector;
        if (!vectors.element(i).get(domain.arena(), vector)) {
            return kFault;
        }
        const auto part = static_cast<U32>(std::min<U64>(vector.length, bytes.size() - position));
        if (!write_long(domain.arena(), vector.offset, bytes.data() + position, part)) {
            return kFault;
        }
        position += part;
        done += part;
    }
    return kSuccess;
}

// From the console into the first vector that has room: as much as is there.
Errno read_console(Domain& domain, Console& console, Place<Iovec> vectors, UserCount count, U32& done) {
    for (U32 i = 0; i < count.value; ++i) {
        Iovec vector;
        if (!vectors.element(i).get(domain.arena(), vector)) {
            return kFault;
        }
        if (vector.length == 0) {
            continue;
        }
        std::array<std::byte, 4096> buffer;
        const auto bytes =
            wait_for_input(console, std::span(buffer).first(std::min<std::size_t>(vector.length, buffer.size())));
        done = static_cast<U32>(bytes);
        return domain.arena().write(vector.offset, buffer.data(), bytes) ? kSuccess : kFault;
    }
    return kSuccess;
}

// Gathers what the vectors hold, so that a small write reaches the console as one piece.
class Gather {
  public:
    Gather(Domain& domain, Console& console) : domain_(domain), console_(console) {}

    bool add(Iovec vector) {
        return in_parts(vector.length, buffer_.size(), [&](U64 done, U64 part) {
            if (used_ + part > buffer_.size()) {
                flush();
            }
            const bool is_there =
                domain_.arena().read(vector.offset + static_cast<U32>(done), buffer_.data() + used_, part);
            used_ += is_there ? part : 0;
            return is_there;
        });
    }
    void flush() {
        console_.write(std::span(buffer_).first(used_));
        used_ = 0;
    }

  private:
    Domain& domain_;
    Console& console_;
    std::array<std::byte, 4096> buffer_;
    std::size_t used_ = 0;
};

}  // namespace

U32 fd_close(Domain& domain, U32 fd) { return domain.wasi().close(fd); }

U32 fd_fdstat_get(Domain& domain, U32 fd, Place<Fdstat> result) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor) {
        return kBadFile;
    }
    Fdstat stat{};
    auto* object = descriptor->object.get();
    if (as<Console>(object) != nullptr) {
        stat.type = FileType::CharacterDevice;
        stat.rights = (fd == 0 ? kRightRead : kRightWrite) | kRightPoll | kRightStat;
    } else if (as<Directory>(object) != nullptr) {
        stat.type = FileType::Directory;
        stat.rights = kRightPathOpen | kRightReaddir | kRightPathStat | kRightStat;
        stat.rights_inheriting = kRightRead | kRightSeek | kRightTell | kRightStat | kRightPoll | stat.rights;
    } else {
        stat.type = FileType::RegularFile;
        stat.rights = kRightRead | kRightSeek | kRightTell | kRightStat | kRightPoll;
    }
    return put(domain, result, stat);
}

U32 fd_filestat_get(Domain& domain, U32 fd, Place<Filestat> result) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor) {
        return kBadFile;
    }
    return put(domain, result, filestat_of(*descriptor->object));
}

U32 fd_prestat_get(Domain& domain, U32 fd, Place<Prestat> result) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor || descriptor->preopen_name.empty()) {
        return kBadFile;
    }
    return put(domain, result, Prestat{0, static_cast<U32>(descriptor->preopen_name.size())});
}

U32 fd_prestat_dir_name(Domain& domain, U32 fd, Bytes name, UserLength length) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor || descriptor->preopen_name.empty()) {
        return kBadFile;
    }
    if (length.bytes < descriptor->preopen_name.size()) {
        return kNameTooLong;
    }
    return domain.arena().write(name.offset, descriptor->preopen_name.data(), descriptor->preopen_name.size())
               ? kSuccess
               : kFault;
}

U32 fd_pread(Domain& domain, U32 fd, Place<Iovec> vectors, UserCount count, U64 position, Place<U32> result) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor) {
        return kBadFile;
    }
    if (count.value > kVectorsMax) {
        return kInvalid;
    }
    const auto* file = as<File>(descriptor->object.get());
    if (file == nullptr) {
        return as<Directory>(descriptor->object.get()) != nullptr ? kIsDirectory : kIllegalSeek;
    }
    U32 done = 0;
    const auto error = read_file(domain, *file, position, vectors, count, done);
    return error != kSuccess ? error : put(domain, result, done);
}

U32 fd_read(Domain& domain, U32 fd, Place<Iovec> vectors, UserCount count, Place<U32> result) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor) {
        return kBadFile;
    }
    if (count.value > kVectorsMax) {
        return kInvalid;
    }
    U32 done = 0;
    Errno error = kSuccess;
    if (auto* console = as<Console>(descriptor->object.get())) {
        error = fd == 0 ? read_console(domain, *console, vectors, count, done) : kNotCapable;
    } else if (const auto* file = as<File>(descriptor->object.get())) {
        error = read_file(domain, *file, descriptor->position, vectors, count, done);
        if (error == kSuccess) {
            error = domain.wasi().set_position(fd, descriptor->position + done);
        }
    } else {
        error = kIsDirectory;
    }
    return error != kSuccess ? error : put(domain, result, done);
}

U32 fd_write(Domain& domain, U32 fd, Place<Iovec> vectors, UserCount count, Place<U32> result) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor) {
        return kBadFile;
    }
    if (count.value > kVectorsMax) {
        return kInvalid;
    }
    auto* console = as<Console>(descriptor->object.get());
    if (console == nullptr || fd == 0) {
        return kNotCapable;
    }
    Gather gather(domain, *console);
    U32 done = 0;
    for (U32 i = 0; i < count.value && done < kWriteBytesMax; ++i) {
        Iovec vector;
        if (!vectors.element(i).get(domain.arena(), vector)) {
            return kFault;
        }
        vector.length = std::min(vector.length, kWriteBytesMax - done);
        if (!gather.add(vector)) {
            return kFault;
        }
        done += vector.length;
    }
    gather.flush();
    return put(domain, result, done);
}

U32 fd_seek(Domain& domain, U32 fd, U64 offset, U32 whence, Place<std::int64_t> result) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor) {
        return kBadFile;
    }
    const auto* file = as<File>(descriptor->object.get());
    if (file == nullptr) {
        return kIllegalSeek;
    }
    std::int64_t start = 0;
    if (whence == 1) {
        start = static_cast<std::int64_t>(descriptor->position);
    } else if (whence == 2) {
        start = static_cast<std::int64_t>(file->bytes().size());
    } else if (whence != 0) {
        return kInvalid;
    }
    std::int64_t position = 0;
    if (__builtin_add_overflow(start, static_cast<std::int64_t>(offset), &position) || position < 0) {
        return kInvalid;
    }
    if (const auto error = domain.wasi().set_position(fd, static_cast<U64>(position)); error != kSuccess) {
        return error;
    }
    return put(domain, result, position);
}

U32 fd_tell(Domain& domain, U32 fd, Place<U64> result) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor) {
        return kBadFile;
    }
    return as<File>(descriptor->object.get()) == nullptr ? kIllegalSeek : put(domain, result, descriptor->position);
}

U32 fd_renumber(Domain& domain, U32 from, U32 to) { return domain.wasi().renumber(from, to); }

U32 fd_sync(Domain& domain, U32 fd) { return domain.wasi().get(fd) ? kSuccess : kBadFile; }

U32 fd_advise(Domain& domain, U32 fd, U64 /*offset*/, U64 /*length*/, U32 /*advice*/) {
    return domain.wasi().get(fd) ? kSuccess : kBadFile;
}

}  // namespace tessera::caps::wasi
