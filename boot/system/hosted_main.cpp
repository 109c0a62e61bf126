// tessera-hosted BUNDLE [options] [-- arguments]: the kernel as a Linux process.
#include "boot/system/boot_trace.h"
#include "boot/system/kernel.h"
#include "core/platform/hosted/hosted.h"
#include "core/platform/platform.h"

#include <string>

namespace {

// A word of the command line, so that the kernel's parser gives it back as it was.
std::string quoted(const std::string& word) {
    std::string text = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\') {
            text += '\\';
        }
        text += c;
    }
    return text + "\"";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        tessera::system::say(
            "usage: tessera-hosted BUNDLE [timeout=5s] [no-cache] [cpus=N] [log=verbose] [-- arguments]");
        return 2;
    }
    std::string command_line;
    for (int i = 2; i < argc; ++i) {
        command_line += (i > 2 ? " " : "") + (std::string(argv[i]) == "--" ? "--" : quoted(argv[i]));
    }
    if (const auto started = tessera::platform::hosted::start(argv[1], std::move(command_line)); !started) {
        tessera::system::say("tessera: " + started.error().text);
        return 2;
    }
    tessera::platform::shutdown(tessera::system::kernel_main());
}
