#include "drivers/host/host.h"

#include "core/arch/instructions.h"
#include "core/arch/stop.h"
#include "core/log/console.h"
#include "drivers/debug_exit/debug_exit.h"

#include <cstdint>

namespace tessera::drivers {

namespace {

// boot/image/qemu.cpp has them, too.
constexpr std::uint16_t kErrorsPort = 0xe9;
constexpr std::uint16_t kStatusPort = 0xea;
constexpr std::uint8_t kErrorsMark = 0xe9;
constexpr std::uint8_t kStatusMark = 0x50;  // in the upper half; the lower: what is a terminal
constexpr std::uint8_t kUpperHalf = 0xf0;
constexpr std::uint8_t kInputTerminal = 1;
constexpr std::uint8_t kOutputTerminal = 2;
constexpr std::uint8_t kErrorsTerminal = 4;

void write_errors(std::span<const std::byte> bytes) {
    for (const std::byte each : bytes) {
        arch::out8(kErrorsPort, static_cast<std::uint8_t>(each));
    }
}

void exit_with(int status) {
    arch::out8(kStatusPort, static_cast<std::uint8_t>(status));
    exit_by_debug_port(status);  // at once, if that device is there
}

}  // namespace

void start_host() {
    const std::uint8_t mark = arch::in8(kStatusPort);
    if ((mark & kUpperHalf) != kStatusMark || arch::in8(kErrorsPort) != kErrorsMark) {
        return;
    }
    log::attach_host({.write_errors = write_errors,
                      .input_terminal = (mark & kInputTerminal) != 0,
                      .output_terminal = (mark & kOutputTerminal) != 0,
                      .errors_terminal = (mark & kErrorsTerminal) != 0});
    arch::set_status_device(exit_with);
}

}  // namespace tessera::drivers
