#include "boot/image/grub.h"

#include "boot/bundle/command_line.h"
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

// What GRUB does to a word before the kernel sees it: drops an empty one, leaves a tab unquoted, and passes on "\x41"
// with its backslash unquoted.
bool grub_keeps(const std::string& word) {
    bool keeps = !word.empty() && word.find_first_of("\n\r\t") == std::string::npos;
    for (std::size_t at = word.find("\\x"); keeps && at != std::string::npos; at = word.find("\\x", at + 1)) {
        const std::string digits = word.substr(at + 2, 2);
        keeps = digits.size() < 2 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos;
    }
    return keeps;
}

// Without `normal`, GRUB's own small parser runs these lines: plain commands only.
Result<std::string> script(const std::string& command_line, const std::string& find_root) {
    TRY_TO(const std::string words, grub_words(command_line));
    return fmt::format("echo Tessera starts. Its console is the serial line.\n{}multiboot2 {} {}\nmodule2 {}\nboot\n",
                       find_root,
                       kKernelPath,
                       words,
                       kBundlePath);
}

}  // namespace

fs::path grub_bios_folder() { return "/usr/lib/grub/i386-pc"; }

Result<std::string> grub_words(const std::string& command_line) {
    std::string text;
    for (const std::string& word : bundle::split_words(command_line)) {
        if (!grub_keeps(word)) {
            return fail(
                Blame::Caller,
                fmt::format("a boot loader can't hand over the word \"{}\": it may not be empty, nor have tabs, line "
                            "ends or \\x and two digits; give it by the manifest's args",
                            word));
        }
        text += text.empty() ? "'" : " '";
        for (const char letter : word) {
            text += letter == '\'' ? "'\\''" : std::string(1, letter);
        }
        text += '\'';
    }
    return text;
}

Result<void> make_bios_core(Medium medium, const std::string& command_line, const fs::path& target) {
    TRY_TO(const std::string lines, script(command_line, ""));
    if (medium == Medium::Iso) {
        return make_core({"-O", "i386-pc-eltorito", "-p", "/boot/grub"},
                         {"biosdisk", "iso9660", "multiboot2", "boot", "echo"},
                         lines,
                         target);
    }
    return make_core({"-O", "i386-pc", "-p", "(,msdos1)/boot/grub"},
                     {"biosdisk", "part_msdos", "fat", "multiboot2", "boot", "echo"},
                     lines,
                     target);
}

Result<void> make_efi_program(Medium medium, const std::string& command_line, const fs::path& target) {
    std::vector<std::string> modules{
        "multiboot2", "boot", "echo", "search_fs_file", "part_msdos", "part_gpt", "efi_gop"};
    modules.emplace_back(medium == Medium::Iso ? "iso9660" : "fat");
    TRY_TO(const std::string lines, script(command_line, fmt::format("search.file {} root\n", kKernelPath)));
    // The firmware starts us from the EFI partition, which on an ISO is not where the kernel lies.
    return make_core({"-O", "x86_64-efi", "-p", "/boot/grub"}, modules, lines, target);
}

}  // namespace tessera::tool
