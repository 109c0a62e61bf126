// Paths below pre-opened directories. There are no links in a bundle, so ".." is the path's own affair, and resolution
// keeps the directories on the way: it can't leave the one that it began in.
#include "caps/gate.h"
#include "caps/wasi/calls.h"
#include "caps/wasi/errno.h"
#include "caps/wasi/filestat.h"
#include "caps/wasi/state.h"

#include <array>
#include <string>
#include <vector>

namespace tessera::caps::wasi {
namespace {

constexpr U32 kPathBytesMax = 4096;
enum OpenFlags : U32 { kCreate = 1, kDirectoryOnly = 2, kExclusive = 4, kTruncate = 8 };

struct Resolved {
    Errno error = kSuccess;
    ObjectRef object;
};

Resolved resolve(const ObjectRef& start, std::string_view path) {
    if (path.empty()) {
        return {kNoEntry, nullptr};
    }
    if (path.front() == '/') {
        return {kNotCapable, nullptr};
    }
    std::vector<ObjectRef> way{start};
    bool directory_wanted = path.back() == '/';
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto part = path.substr(0, slash);
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
        auto* directory = as<Directory>(way.back().get());
        if (directory == nullptr) {
            return {kNotDirectory, nullptr};
        }
        if (part.empty() || part == ".") {
            continue;
        }
        if (part == "..") {
            if (way.size() == 1) {
                return {kNotCapable, nullptr};
            }
            way.pop_back();
            continue;
        }
        auto next = directory->open(part);
        if (next == nullptr) {
            return {kNoEntry, nullptr};
        }
        way.push_back(std::move(next));
    }
    if (directory_wanted && as<Directory>(way.back().get()) == nullptr) {
        return {kNotDirectory, nullptr};
    }
    return {kSuccess, way.back()};
}

Resolved resolve(Domain& domain, U32 fd, Bytes path, UserLength length) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor) {
        return {kBadFile, nullptr};
    }
    if (as<Directory>(descriptor->object.get()) == nullptr) {
        return {kNotDirectory, nullptr};
    }
    if (length.bytes > kPathBytesMax) {
        return {kNameTooLong, nullptr};
    }
    std::string text(length.bytes, '\0');
    if (!domain.arena().read(path.offset, text.data(), length.bytes)) {
        return {kFault, nullptr};
    }
    return resolve(descriptor->object, text);
}

struct OpenRequest {
    U32 open_flags;
    U64 rights;
    U32 flags;
};

// Everything that speaks against opening what was found that way.
Errno refuse_opening(const Resolved& found, const OpenRequest& request) {
    constexpr U32 kAppend = 1;
    if (found.error == kNoEntry && (request.open_flags & kCreate) != 0) {
        return kReadOnly;
    }
    if (found.error != kSuccess) {
        return found.error;
    }
    const bool is_directory = as<Directory>(found.object.get()) != nullptr;
    if (!is_directory && (request.open_flags & kDirectoryOnly) != 0) {
        return kNotDirectory;
    }
    // WASI has no "open for writing": asking for the right, to truncate or to append is it.
    if ((request.open_flags & (kTruncate | kExclusive)) != 0 || (request.flags & kAppend) != 0 ||
        (!is_directory && (request.rights & kRightWrite) != 0)) {
        return is_directory ? kIsDirectory : kReadOnly;
    }
    return kSuccess;
}

}  // namespace

U32 fd_readdir(Domain& domain, U32 fd, Bytes buffer, UserLength length, U64 cookie, Place<U32> result) {
    const auto descriptor = domain.wasi().get(fd);
    if (!descriptor) {
        return kBadFile;
    }
    auto* directory = as<Directory>(descriptor->object.get());
    if (directory == nullptr) {
        return kNotDirectory;
    }
    // Cookies: 0 and 1 are "." and "..", an entry's is its index plus 2. A last entry that does not fit is cut off.
    U32 used = 0;
    while (used < length.bytes && runtime::share_core()) {
        Directory::Entry entry{cookie == 0 ? "." : "..", true, directory->number()};
        if (cookie >= 2) {
            const auto next = directory->entry(static_cast<U32>(std::min<U64>(cookie - 2, 0xFFFFFFFF)));
            if (!next) {
                break;
            }
            entry = *next;
        }
        ++cookie;
        Dirent dirent{};
        dirent.next = cookie;
        dirent.inode = entry.number;
        dirent.name_bytes = static_cast<U32>(entry.name.size());
        dirent.type = entry.is_directory ? FileType::Directory : FileType::RegularFile;
        const auto head = std::min<U32>(sizeof dirent, length.bytes - used);
        if (!domain.arena().write(buffer.offset + used, &dirent, head)) {
            return kFault;
        }
        used += head;
        const auto name = std::min<U32>(dirent.name_bytes, length.bytes - used);
        if (!domain.arena().write(buffer.offset + used, entry.name.data(), name)) {
            return kFault;
        }
        used += name;
    }
    return result.put(domain.arena(), used) ? kSuccess : kFault;
}

U32 path_filestat_get(Domain& domain, U32 fd, U32 /*flags*/, Bytes path, UserLength length, Place<Filestat> result) {
    const auto found = resolve(domain, fd, path, length);
    if (found.error != kSuccess) {
        return found.error;
    }
    return result.put(domain.arena(), filestat_of(*found.object)) ? kSuccess : kFault;
}

U32 path_open(Domain& domain,
              U32 fd,
              U32 /*lookup*/,
              Bytes path,
              UserLength length,
              U32 open_flags,
              U64 rights,
              U64 /*inheriting*/,
              U32 flags,
              Place<U32> result) {
    const auto found = resolve(domain, fd, path, length);
    if (const auto error = refuse_opening(found, {open_flags, rights, flags}); error != kSuccess) {
        return error;
    }
    const auto opened = domain.wasi().add({found.object, 0, {}});
    if (!opened) {
        return kTooManyFiles;
    }
    if (!result.put(domain.arena(), *opened)) {
        (void)domain.wasi().close(*opened);
        return kFault;
    }
    return kSuccess;
}

}  // namespace tessera::caps::wasi
