// A read-only tree of files that lie in memory, and the Directory objects over it.
#pragma once

#include "caps/object.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace tessera::caps {

struct TreeFile {
    std::string_view path;  // relative, "a/b.txt"; no empty, "." or ".." parts
    std::span<const std::byte> bytes;
};

// The root of a tree. The files are sorted by path (byte order); names and bytes must outlive every object over them.
[[nodiscard]] ObjectRef make_directory(std::vector<TreeFile> files);

}  // namespace tessera::caps
