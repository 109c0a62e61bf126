// tessera bench: placeholder until the rounds are written.
#include "boot/image/commands.h"
#include "boot/image/progress.h"

namespace tessera::tool {

int bench_command(const Workspace&, const BenchOptions& options) {
    say_error("there is no bench " + options.name);
    return 1;
}

}  // namespace tessera::tool
