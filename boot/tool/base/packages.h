// Which Debian packages Tessera needs, and which of them are missing.
#pragma once

#include "boot/tool/base/workspace.h"
#include "core/base/result.h"

#include <string>
#include <vector>

namespace tessera::tool {

struct Package {
    std::string purpose;  // build, test, graph or bench
    std::string name;
    bool installed = false;
};

[[nodiscard]] Result<std::vector<Package>> list_packages(const Workspace& workspace);

}  // namespace tessera::tool
