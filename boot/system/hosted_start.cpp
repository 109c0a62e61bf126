#include "boot/system/hosted_start.h"

#include "boot/bundle/command_line.h"
#include "boot/system/boot_trace.h"
#include "boot/system/host_folder.h"
#include "boot/system/kernel.h"
#include "core/platform/hosted/hosted.h"
#include "core/platform/platform.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace tessera::system {
namespace {

constexpr std::string_view kFolder = "folder:";

// `PREFIX=PATH`: what the bundle's manifest grants as the folder PREFIX is that one of the host's.
void add_folder(HostFolders& folders, const std::string& word) {
    const auto equals = word.find('=');
    const auto path = equals == std::string::npos ? "" : word.substr(equals + 1);
    auto* const folder = open_host_folder(path);
    if (folder == nullptr) {
        say("tessera: the folder " + path + " can't be opened");
        std::exit(2);
    }
    folders[word.substr(0, equals)] = folder;
}

}  // namespace

void run_hosted(int argc, char** argv, std::span<const safeir::KernelFunction> more) {
    if (argc < 2) {
        say("usage: tessera-hosted BUNDLE [timeout=5s] [no-cache] [cpus=N] [log=verbose] [folder:PREFIX=PATH] [-- "
            "arguments]");
        std::exit(2);
    }
    std::string command_line;
    HostFolders folders;
    bool are_options = true;
    for (int i = 2; i < argc; ++i) {
        const std::string word = argv[i];
        are_options = are_options && word != "--";
        if (are_options && word.starts_with(kFolder)) {
            add_folder(folders, word.substr(kFolder.size()));
            continue;
        }
        command_line += (i > 2 ? " " : "") + (std::string(argv[i]) == "--" ? "--" : bundle::kernel_word(argv[i]));
    }
    if (const auto started = platform::hosted::start(argv[1], std::move(command_line)); !started) {
        say("tessera: " + started.error().text);
        std::exit(2);
    }
    platform::shutdown(kernel_main(more, std::move(folders)));
}

}  // namespace tessera::system
