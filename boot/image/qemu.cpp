#include "boot/image/qemu.h"

#include "boot/tool/base/process.h"

#include <fmt/format.h>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUefiFirmware[] = {
    "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/ovmf/OVMF.fd", "/usr/share/qemu/OVMF.fd"};

Result<std::string> uefi_firmware() {
    for (const char* file : kUefiFirmware) {
        std::error_code ignored;
        if (fs::exists(file, ignored)) {
            return std::string(file);
        }
    }
    return fail(Blame::Machine, "no UEFI firmware for QEMU is installed; mend it by: apt-get install ovmf");
}

// QEMU reads commas in option values as separators.
std::string escaped(const fs::path& path) {
    std::string text;
    for (const char letter : path.string()) {
        text += letter == ',' ? ",," : std::string(1, letter);
    }
    return text;
}

// The ports that drivers/host looks for.
void add_host(std::vector<std::string>& words, const Machine::Host& host) {
    const unsigned mark =
        0x50U + (host.input_terminal ? 1U : 0U) + (host.output_terminal ? 2U : 0U) + (host.errors_terminal ? 4U : 0U);
    const auto file = [](const char* name, const fs::path& path) {
        return fmt::format("file,id={},path={},append=on", name, escaped(path));
    };
    for (const std::string& word : {std::string("-device"),
                                    std::string("virtio-serial-pci"),
                                    std::string("-device"),
                                    std::string("virtconsole,chardev=console"),
                                    std::string("-chardev"),
                                    file("errors", host.errors),
                                    std::string("-device"),
                                    std::string("isa-debugcon,iobase=0xe9,readback=0xe9,chardev=errors"),
                                    std::string("-chardev"),
                                    file("status", host.status),
                                    std::string("-device"),
                                    fmt::format("isa-debugcon,iobase=0xea,readback={},chardev=status", mark),
                                    std::string("-chardev"),
                                    file("serial", host.errors),
                                    std::string("-serial"),
                                    std::string("chardev:serial")}) {
        words.push_back(word);
    }
}

}  // namespace

bool kvm_works() {
    std::ifstream info("/proc/cpuinfo");
    std::string line;
    while (std::getline(info, line)) {
        if (line.starts_with("flags")) {
            const std::string padded = line + " ";
            const bool has = padded.find(" vmx ") != std::string::npos || padded.find(" svm ") != std::string::npos;
            return has && ::access("/dev/kvm", R_OK | W_OK) == 0;
        }
    }
    return false;
}

Result<std::vector<std::string>> qemu_command(const Machine& machine) {
    std::vector<std::string> words{"qemu-system-x86_64"};
    const auto add = [&words](std::initializer_list<std::string> more) { words.insert(words.end(), more); };
    if (machine.acceleration == Acceleration::Auto && kvm_works()) {
        add({"-accel", "kvm", "-cpu", "host"});
    } else {
        add({"-accel", "tcg,thread=multi", "-cpu", "max"});
    }
    add({"-m", fmt::format("{}M", machine.memory_bytes >> 20U), "-smp", std::to_string(machine.cpus)});
    add({"-nodefaults", "-no-user-config", "-display", "none", "-vga", "none", "-no-reboot"});
    add({"-chardev", "stdio,id=console,signal=on"});
    if (machine.host) {
        add_host(words, *machine.host);
    } else {
        add({"-serial", "chardev:console"});
    }
    add({"-device", "isa-debug-exit,iobase=0xf4,iosize=4"});
    if (machine.firmware == Firmware::Uefi) {
        TRY_TO(const std::string firmware, uefi_firmware());
        add({"-drive", fmt::format("if=pflash,format=raw,unit=0,readonly=on,file={}", firmware)});
    }
    if (!machine.cdrom.empty()) {
        add({"-drive",
             fmt::format("media=cdrom,format=raw,readonly=on,file={}", escaped(machine.cdrom)),
             "-boot",
             "d"});
    } else if (!machine.disk.empty()) {
        add({"-drive",
             fmt::format("format={},snapshot=on,file={}",
                         machine.disk.extension() == ".qcow2" ? "qcow2" : "raw",
                         escaped(machine.disk))});
    } else {
        add({"-kernel", machine.kernel.string(), "-initrd", escaped(machine.bundle), "-append", machine.command_line});
    }
    words.insert(words.end(), machine.extra.begin(), machine.extra.end());
    return words;
}

std::optional<int> guest_status(int qemu_status) {
    if (qemu_status == 0) {
        return 0;
    }
    // isa-debug-exit makes (value << 1) | 1 of what the guest writes: odd. QEMU's own failures are 1, too, but come
    // with a message on standard error, which the caller has seen.
    if ((qemu_status & 1) == 1 && qemu_status < 256) {
        return qemu_status >> 1;
    }
    return std::nullopt;
}

}  // namespace tessera::tool
