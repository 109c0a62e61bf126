// A split virtqueue of fixed size in one frame, polled. [virtio 1.2] 2.7
#pragma once

#include "core/mem/address.h"

#include <atomic>
#include <cstdint>
#include <optional>

namespace tessera::drivers::virtio {

class Queue {
  public:
    static constexpr std::uint16_t kSize = 16;

    // Takes a frame; false without memory.
    [[nodiscard]] bool create();
    [[nodiscard]] mem::PhysAddr descriptors() const;
    [[nodiscard]] mem::PhysAddr available() const;
    [[nodiscard]] mem::PhysAddr used() const;

    enum class Direction : std::uint8_t { ToDevice, FromDevice };
    // Descriptor `index` becomes this buffer and goes to the device.
    void offer(std::uint16_t index, mem::PhysAddr buffer, std::uint32_t size, Direction direction);

    struct Done {
        std::uint16_t index;
        std::uint32_t bytes;  // written by the device, not yet checked against the buffer's size
    };
    // The next buffer that the device has given back.
    [[nodiscard]] std::optional<Done> take();

  private:
    struct Layout;
    Layout* layout_ = nullptr;
    mem::PhysAddr frame_;
    std::uint16_t offered_ = 0;
    std::uint16_t taken_ = 0;
};

}  // namespace tessera::drivers::virtio
