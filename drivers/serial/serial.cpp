#include "drivers/serial/serial.h"

#include "core/arch/instructions.h"
#include "core/log/console.h"

#include <cstdint>

namespace tessera::drivers {

namespace {

// [ns16550] register offsets
constexpr std::uint16_t kPort = 0x3f8;
constexpr std::uint16_t kData = kPort;
constexpr std::uint16_t kInterrupts = kPort + 1;
constexpr std::uint16_t kFifo = kPort + 2;
constexpr std::uint16_t kLine = kPort + 3;
constexpr std::uint16_t kModem = kPort + 4;
constexpr std::uint16_t kStatus = kPort + 5;
constexpr std::uint16_t kScratch = kPort + 7;
constexpr std::uint8_t kDivisorAccess = 0x80;
constexpr std::uint8_t k8N1 = 0x03;
constexpr std::uint8_t kDataReady = 0x01;
constexpr std::uint8_t kTransmitEmpty = 0x20;
constexpr unsigned kFifoSize = 16;
constexpr unsigned kWaitMax = 100'000;  // a port that never gets ready must not hang the kernel

// Bytes that an empty transmitter takes without asking again.
constinit unsigned burst = 1;

void write(std::span<const std::byte> bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        for (unsigned i = 0; i < kWaitMax && (arch::in8(kStatus) & kTransmitEmpty) == 0; ++i) {
            arch::relax();
        }
        for (unsigned i = 0; i < burst && done < bytes.size(); ++i, ++done) {
            arch::out8(kData, static_cast<std::uint8_t>(bytes[done]));
        }
    }
}

std::ptrdiff_t read(std::span<std::byte> into) {
    std::size_t got = 0;
    while (got < into.size() && (arch::in8(kStatus) & kDataReady) != 0) {
        into[got] = static_cast<std::byte>(arch::in8(kData));
        got += 1;
    }
    return static_cast<std::ptrdiff_t>(got);
}

bool is_present() {
    for (const std::uint8_t pattern : {std::uint8_t{0x5a}, std::uint8_t{0xa5}}) {
        arch::out8(kScratch, pattern);
        if (arch::in8(kScratch) != pattern) {
            return false;
        }
    }
    return true;
}

}  // namespace

void start_serial() {
    if (!is_present()) {
        return;
    }
    arch::out8(kInterrupts, 0);
    arch::out8(kLine, kDivisorAccess);
    arch::out8(kData, 1);  // 115200 baud
    arch::out8(kInterrupts, 0);
    arch::out8(kLine, k8N1);
    // Switching the FIFOs on clears them, so input that is already waiting (a pipe) has to do without.
    if ((arch::in8(kStatus) & kDataReady) == 0) {
        arch::out8(kFifo, 0x07);  // on, both cleared
        burst = kFifoSize;
    }
    arch::out8(kModem, 0x03);
    log::attach({"serial", write, read});
}

}  // namespace tessera::drivers
