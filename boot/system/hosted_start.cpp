#include "boot/system/hosted_start.h"

#include "boot/bundle/command_line.h"
#include "boot/system/boot_trace.h"
#include "boot/system/kernel.h"
#include "core/platform/hosted/hosted.h"
#include "core/platform/platform.h"

#include <cstdlib>
#include <string>

namespace tessera::system {
void run_hosted(int argc, char** argv, std::span<const safeir::KernelFunction> more) {
    if (argc < 2) {
        say("usage: tessera-hosted BUNDLE [timeout=5s] [no-cache] [cpus=N] [log=verbose] [-- arguments]");
        std::exit(2);
    }
    std::string command_line;
    for (int i = 2; i < argc; ++i) {
        command_line += (i > 2 ? " " : "") + (std::string(argv[i]) == "--" ? "--" : bundle::kernel_word(argv[i]));
    }
    if (const auto started = platform::hosted::start(argv[1], std::move(command_line)); !started) {
        say("tessera: " + started.error().text);
        std::exit(2);
    }
    platform::shutdown(kernel_main(more));
}

}  // namespace tessera::system
