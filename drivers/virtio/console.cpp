#include "drivers/virtio/console.h"

#include "core/arch/instructions.h"
#include "core/log/console.h"
#include "core/log/log.h"
#include "core/mem/frame_allocator.h"
#include "drivers/virtio/queue.h"
#include "drivers/virtio/transport.h"

#include <cstring>

namespace tessera::drivers {

namespace {

using virtio::Queue;

constexpr std::uint16_t kReceive = 0;
constexpr std::uint16_t kTransmit = 1;
constexpr std::uint32_t kReceiveSize = mem::kPageSize;
constexpr unsigned kTransmitPollMax = 100'000'000;

constinit virtio::Transport device;
constinit Queue receive_queue;
constinit Queue transmit_queue;
constinit mem::PhysAddr receive_frames[Queue::kSize];  // one for each descriptor
constinit mem::PhysAddr transmit_frame;                // one write at a time
constinit bool broken{};

// The buffer that is being read, and how much of it has been.
constinit Queue::Done current{};
constinit std::uint32_t current_taken{};

char* pointer(mem::PhysAddr frame) { return static_cast<char*>(mem::frame_pointer(frame)); }

void offer_receive(std::uint16_t index) {
    receive_queue.offer(index, receive_frames[index], kReceiveSize, Queue::Direction::FromDevice);
}

void write(std::span<const std::byte> bytes) {
    while (!bytes.empty() && !broken) {
        const std::size_t size = bytes.size() < mem::kPageSize ? bytes.size() : mem::kPageSize;
        std::memcpy(pointer(transmit_frame), bytes.data(), size);
        transmit_queue.offer(0, transmit_frame, static_cast<std::uint32_t>(size), Queue::Direction::ToDevice);
        device.notify(kTransmit);
        unsigned polls = 0;
        while (!transmit_queue.take()) {
            arch::relax();
            polls += 1;
            if (polls == kTransmitPollMax) {
                broken = true;  // a host that takes nothing must not hang the kernel
                return;
            }
        }
        bytes = bytes.subspan(size);
    }
}

std::ptrdiff_t read(std::span<std::byte> into) {
    if (current.bytes == 0) {
        const std::optional<Queue::Done> done = receive_queue.take();
        if (!done || done->bytes == 0) {
            return 0;
        }
        current = *done;
        current.bytes = current.bytes < kReceiveSize ? current.bytes : kReceiveSize;
        current_taken = 0;
    }
    const std::size_t left = current.bytes - current_taken;
    const std::size_t size = left < into.size() ? left : into.size();
    std::memcpy(into.data(), pointer(receive_frames[current.index]) + current_taken, size);
    current_taken += static_cast<std::uint32_t>(size);
    if (current_taken == current.bytes) {
        current.bytes = 0;
        offer_receive(current.index);
        device.notify(kReceive);
    }
    return static_cast<std::ptrdiff_t>(size);
}

bool start_queue(std::uint16_t index, Queue& queue) {
    return queue.create() &&
           device.start_queue(index, Queue::kSize, queue.descriptors(), queue.available(), queue.used());
}

}  // namespace

void start_virtio_console() {
    const std::optional<virtio::Transport> found = virtio::Transport::find(virtio::DeviceType::Console);
    if (!found) {
        return;
    }
    device = *found;
    const auto transmit = mem::allocate_frame();
    bool has_frames = transmit.has_value();
    for (mem::PhysAddr& each : receive_frames) {
        const auto frame = mem::allocate_frame();
        has_frames = has_frames && frame.has_value();
        each = frame.value_or(mem::PhysAddr{});
    }
    if (!has_frames || !device.negotiate(0) || !start_queue(kReceive, receive_queue) ||
        !start_queue(kTransmit, transmit_queue)) {
        device.reset();
        log::verbose("virtio-console: there, but it can't be used");
        return;
    }
    transmit_frame = *transmit;
    device.start();
    for (std::uint16_t i = 0; i < Queue::kSize; ++i) {
        offer_receive(i);
    }
    device.notify(kReceive);
    log::attach({"virtio", write, read});
    log::verbose("virtio-console attached");
}

}  // namespace tessera::drivers
