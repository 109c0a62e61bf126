// tessera schema, decode and encode: what reads schemas and messages is a process of its own.
#include "boot/tool/base/progress.h"
#include "boot/tool/commands/commands.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <string_view>
#include <unistd.h>

namespace tessera::tool {

int become_schema_tool(const Workspace& workspace, char** argv) {
    const std::string file = workspace.schema_tool().string();
    // Where a schema's import "/tessera/..." leads.
    ::setenv("TESSERA_SCHEMAS", workspace.schemas().c_str(), 1);
    // `schema check` is the program's `check`.
    char** const words = std::string_view(argv[1]) == "schema" ? argv + 1 : argv;
    words[0] = const_cast<char*>(file.c_str());  // execv's old signature; it does not write
    ::execv(file.c_str(), words);
    say_error(fmt::format("cannot start {}: {}", file, std::strerror(errno)));
    return 1;
}

}  // namespace tessera::tool
