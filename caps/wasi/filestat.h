// What WASI says about a file.
#pragma once

#include "caps/object.h"
#include "caps/wasi/errno.h"

namespace tessera::caps::wasi {

[[nodiscard]] inline Filestat filestat_of(Object& object) {
    Filestat stat{};
    stat.device = 1;
    stat.links = 1;
    if (const auto* file = as<File>(&object)) {
        stat.type = FileType::RegularFile;
        stat.inode = file->number();
        stat.size = file->bytes().size();
    } else if (const auto* directory = as<Directory>(&object)) {
        stat.type = FileType::Directory;
        stat.inode = directory->number();
    } else {
        stat.type = FileType::CharacterDevice;
        stat.device = 2;
    }
    return stat;
}

}  // namespace tessera::caps::wasi
