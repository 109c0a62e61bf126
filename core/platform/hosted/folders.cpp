#include "core/platform/hosted/folders.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tessera::platform::hosted {
namespace {

constexpr std::size_t kPathRoom = 4096;
constexpr std::int64_t kNanoseconds = 1'000'000'000;

template <typename T>
T or_error(T result) {
    return result < 0 ? static_cast<T>(-errno) : result;
}

int open_in(int folder, std::string_view path, int flags, mode_t mode = 0) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
    how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    const char* name = path.empty() ? "." : path.data();
    return static_cast<int>(or_error(syscall(SYS_openat2, folder, name, &how, sizeof how)));
}

// The folder that a path's last name is in, opened, and that name.
class Place {
  public:
    Place(int folder, std::string_view path) {
        const auto slash = path.rfind('/');
        name_ = slash == std::string_view::npos ? path.data() : path.data() + slash + 1;
        std::array<char, kPathRoom> parent;
        const auto bytes = slash == std::string_view::npos ? 0 : slash;
        if (bytes >= parent.size()) {
            folder_ = -ENAMETOOLONG;
            return;
        }
        std::memcpy(parent.data(), path.data(), bytes);
        parent[bytes] = '\0';
        folder_ = open_in(folder, {parent.data(), bytes}, O_PATH | O_DIRECTORY);
    }
    ~Place() { close_descriptor(folder_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    [[nodiscard]] int folder() const { return folder_; }  // or an error
    [[nodiscard]] const char* name() const { return name_; }

  private:
    int folder_;
    const char* name_;
};

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * kNanoseconds + time.tv_nsec; }

timespec time_of(std::int64_t ns) {
    auto seconds = ns / kNanoseconds;
    auto rest = ns % kNanoseconds;
    if (rest < 0) {
        rest += kNanoseconds;
        --seconds;
    }
    return {seconds, rest};
}

Kind kind_of(mode_t mode) {
    return S_ISREG(mode)                      ? Kind::File
           : S_ISDIR(mode)                    ? Kind::Folder
           : S_ISLNK(mode)                    ? Kind::Link
           : S_ISFIFO(mode) || S_ISSOCK(mode) ? Kind::Stream
                                              : Kind::Device;
}

}  // namespace

int open_folder(const char* path) { return or_error(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)); }

int open_folder_in(int folder, std::string_view path) { return open_in(folder, path, O_PATH | O_DIRECTORY); }

int open_file_in(int folder, std::string_view path, Access& access, Make make, bool cut) {
    // Without O_NONBLOCK, opening a pipe waits for its other end.
    constexpr int kAlways = O_NONBLOCK | O_NOCTTY;
    constexpr mode_t kMode = 0666;
    const int making = make == Make::Never ? 0 : make == Make::Missing ? O_CREAT : O_CREAT | O_EXCL;
    int file =
        access == Access::Write ? open_in(folder, path, kAlways | O_RDWR | making, making != 0 ? kMode : 0) : -EACCES;
    if ((file == -EACCES || file == -EROFS || file == -ETXTBSY) && making == 0 && !cut) {
        access = Access::Read;
        file = open_in(folder, path, kAlways | O_RDONLY);
    }
    struct stat status{};
    if (file < 0) {
        return file;
    }
    int error = fstat(file, &status) != 0 ? errno
                : S_ISREG(status.st_mode) ? 0
                : S_ISDIR(status.st_mode) ? EISDIR
                                          : EINVAL;
    if (error == 0 && cut && ftruncate(file, 0) != 0) {
        error = errno;
    }
    if (error != 0) {
        close_descriptor(file);
        return -error;
    }
    return file;
}

void close_descriptor(int file) {
    if (file >= 0) {
        close(file);
    }
}

int facts_of(int file, Facts& facts) {
    struct stat status{};
    if (fstat(file, &status) != 0) {
        return -errno;
    }
    facts = {.kind = kind_of(status.st_mode),
             .bytes = static_cast<std::uint64_t>(status.st_size),
             .modified_ns = nanoseconds(status.st_mtim),
             .created_ns = nanoseconds(status.st_ctim),
             .accessed_ns = nanoseconds(status.st_atim),
             .links = static_cast<std::uint32_t>(status.st_nlink),
             .identity = status.st_ino};
    return 0;
}

int facts_in(int folder, std::string_view path, bool follow, Facts& facts) {
    const int file = open_in(folder, path, O_PATH | (follow ? 0 : O_NOFOLLOW));
    const int result = file < 0 ? file : facts_of(file, facts);
    close_descriptor(file);
    return result;
}

std::int64_t read_at(int file, std::uint64_t position, std::span<std::byte> into) {
    return or_error<std::int64_t>(pread(file, into.data(), into.size(), static_cast<off_t>(position)));
}

std::int64_t write_at(int file, std::uint64_t position, std::span<const std::byte> from) {
    return or_error<std::int64_t>(pwrite(file, from.data(), from.size(), static_cast<off_t>(position)));
}

int resize(int file, std::uint64_t bytes) { return or_error(ftruncate(file, static_cast<off_t>(bytes))); }

int sync(int file) {
    // Of a folder that is open by its path alone there is nothing that could be waited for.
    const int result = or_error(fsync(file));
    return result == -EBADF ? 0 : result;
}

int set_times(int folder, std::string_view path, std::int64_t accessed_ns, std::int64_t modified_ns) {
    const timespec times[] = {time_of(accessed_ns), time_of(modified_ns)};
    if (path.empty()) {
        return or_error(futimens(folder, times));
    }
    const Place place(folder, path);
    return place.folder() < 0 ? place.folder()
                              : or_error(utimensat(place.folder(), place.name(), times, AT_SYMLINK_NOFOLLOW));
}

int make_folder_in(int folder, std::string_view path) {
    const Place place(folder, path);
    return place.folder() < 0 ? place.folder() : or_error(mkdirat(place.folder(), place.name(), 0777));
}

int remove_in(int folder, std::string_view path, Kind kind) {
    const Place place(folder, path);
    return place.folder() < 0
               ? place.folder()
               : or_error(unlinkat(place.folder(), place.name(), kind == Kind::Folder ? AT_REMOVEDIR : 0));
}

int rename_in(int folder, std::string_view path, int to, std::string_view new_path, bool replace) {
    const Place from(folder, path);
    const Place into(to, new_path);
    if (from.folder() < 0 || into.folder() < 0) {
        return from.folder() < 0 ? from.folder() : into.folder();
    }
    return or_error(
        renameat2(from.folder(), from.name(), into.folder(), into.name(), replace ? 0U : unsigned{RENAME_NOREPLACE}));
}

int link_in(int folder, std::string_view path, int to, std::string_view new_path) {
    const Place from(folder, path);
    const Place into(to, new_path);
    if (from.folder() < 0 || into.folder() < 0) {
        return from.folder() < 0 ? from.folder() : into.folder();
    }
    return or_error(linkat(from.folder(), from.name(), into.folder(), into.name(), 0));
}

int symbolic_link_in(int folder, std::string_view path, const char* target) {
    const Place place(folder, path);
    return place.folder() < 0 ? place.folder() : or_error(symlinkat(target, place.folder(), place.name()));
}

std::int64_t read_link_in(int folder, std::string_view path, std::span<char> into) {
    const Place place(folder, path);
    return place.folder() < 0
               ? place.folder()
               : or_error<std::int64_t>(readlinkat(place.folder(), place.name(), into.data(), into.size()));
}

Listing::Listing(int folder, std::uint64_t place) : file_(open_in(folder, "", O_RDONLY | O_DIRECTORY)) {
    if (file_ >= 0 && place != 0 && lseek(file_, static_cast<off_t>(place), SEEK_SET) < 0) {
        close_descriptor(file_);
        file_ = -errno;
    }
}

Listing::~Listing() { close_descriptor(file_); }

int Listing::next(Entry& entry) {
    if (file_ < 0) {
        return file_;
    }
    do {
        if (at_ == end_) {
            const auto read = or_error(syscall(SYS_getdents64, file_, room_.data(), room_.size()));
            if (read <= 0) {
                return static_cast<int>(read);
            }
            at_ = 0;
            end_ = static_cast<std::size_t>(read);
        }
        // SAFETY: what Linux has put there, aligned.
        const auto& found = *reinterpret_cast<const dirent64*>(room_.data() + at_);
        entry = {.name = found.d_name,
                 .kind = kind_of(static_cast<mode_t>(DTTOIF(found.d_type))),
                 .identity = found.d_ino,
                 .next = static_cast<std::uint64_t>(found.d_off)};
        at_ += found.d_reclen;
    } while (entry.name == "." || entry.name == "..");
    return 1;
}

}  // namespace tessera::platform::hosted
