#include "boot/image/grub.h"

#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"

#include <fmt/format.h>
#include <vector>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

Result<void> make_core(std::vector<std::string> words,
                       const std::vector<std::string>& modules,
                       const std::string& script,
                       const fs::path& target) {
    const fs::path script_file = target.string() + ".cfg";
    TRY_VOID(write_file(script_file, script));
    words.insert(words.begin(), "grub-mkimage");
    for (const std::string& more : {std::string("-o"), target.string(), std::string("-c"), script_file.string()}) {
        words.push_back(more);
    }
    words.insert(words.end(), modules.begin(), modules.end());
    TRY_TO(const Ended ended, run_command({.argv = words, .capture = Capture::Both}));
    if (ended.status != 0) {
        return fail(Blame::Machine, fmt::format("grub-mkimage failed: {}", ended.output));
    }
    return {};
}

// Without `normal`, GRUB's own small parser runs these lines: plain commands only.
std::string script(const std::string& command_line, const std::string& find_root) {
    return fmt::format("echo Tessera starts. Its console is the serial line.\n{}multiboot2 {} {}\nmodule2 {}\nboot\n",
                       find_root,
                       kKernelPath,
                       command_line,
                       kBundlePath);
}

}  // namespace

fs::path grub_bios_folder() { return "/usr/lib/grub/i386-pc"; }

Result<void> make_bios_core(Medium medium, const std::string& command_line, const fs::path& target) {
    if (medium == Medium::Iso) {
        return make_core({"-O", "i386-pc-eltorito", "-p", "/boot/grub"},
                         {"biosdisk", "iso9660", "multiboot2", "boot", "echo"},
                         script(command_line, ""),
                         target);
    }
    return make_core({"-O", "i386-pc", "-p", "(,msdos1)/boot/grub"},
                     {"biosdisk", "part_msdos", "fat", "multiboot2", "boot", "echo"},
                     script(command_line, ""),
                     target);
}

Result<void> make_efi_program(Medium medium, const std::string& command_line, const fs::path& target) {
    std::vector<std::string> modules{
        "multiboot2", "boot", "echo", "search_fs_file", "part_msdos", "part_gpt", "efi_gop"};
    modules.emplace_back(medium == Medium::Iso ? "iso9660" : "fat");
    // The firmware starts us from the EFI partition, which on an ISO is not where the kernel lies.
    return make_core({"-O", "x86_64-efi", "-p", "/boot/grub"},
                     modules,
                     script(command_line, fmt::format("search.file {} root\n", kKernelPath)),
                     target);
}

}  // namespace tessera::tool
