// The virtual machine that `tessera run` and the tests start: one description, turned into QEMU's command line.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tessera::tool {

enum class Firmware : std::uint8_t { Bios, Uefi };
enum class Acceleration : std::uint8_t { Auto, Emulated };

struct Machine {
    // Direct boot: kernel, bundle and command line. Otherwise one of the two media.
    std::filesystem::path kernel{};
    std::filesystem::path bundle{};
    std::string command_line{};
    std::filesystem::path cdrom{};
    std::filesystem::path disk{};
    Firmware firmware = Firmware::Bios;
    Acceleration acceleration = Acceleration::Auto;
    std::uint64_t memory_bytes = 512ULL << 20U;
    unsigned cpus = 1;
    std::vector<std::string> extra{};  // further words for QEMU, as they are
    // Whoever started it: where its messages about errors and its exit status go (drivers/host). Standard input is
    // framed then (Command::frames_input). Without: all of it on the serial line.
    struct Host {
        std::filesystem::path errors{};
        std::filesystem::path status{};
        bool input_terminal = false;
        bool output_terminal = false;
        bool errors_terminal = false;
    };
    std::optional<Host> host{};
};

// Whether the processor has virtualisation and this user may use it: /dev/kvm alone says neither.
[[nodiscard]] bool kvm_works();

[[nodiscard]] Result<std::vector<std::string>> qemu_command(const Machine& machine);

// What the guest meant by QEMU's exit status: its own exit status (7 bits), or nothing if QEMU itself failed.
// 0 means that the guest switched the machine off without a word, as after a plain `poweroff`.
[[nodiscard]] std::optional<int> guest_status(int qemu_status);

}  // namespace tessera::tool
