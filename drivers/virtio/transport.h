// A modern virtio device on PCI: finding it, agreeing on features, starting its queues. [virtio 1.2] 4.1, 3.1
#pragma once

#include "core/hw/pci.h"

#include <cstdint>
#include <optional>

namespace tessera::drivers::virtio {

inline constexpr std::uint64_t kFeatureVersion1 = std::uint64_t{1} << 32;

enum class DeviceType : std::uint16_t { Network = 1, Block = 2, Console = 3, Entropy = 4 };

// The registers that the device lays out through its capabilities.
class Transport {
  public:
    // The first device of this type that is there; nullopt also if its registers make no sense.
    [[nodiscard]] static std::optional<Transport> find(DeviceType type);

    // Resets the device and takes those of `wanted` that it offers. False if it insists on something else.
    [[nodiscard]] bool negotiate(std::uint64_t wanted);
    // Queue `index` with `size` descriptors; false if the device has none or a smaller one.
    [[nodiscard]] bool start_queue(std::uint16_t index,
                                   std::uint16_t size,
                                   mem::PhysAddr descriptors,
                                   mem::PhysAddr available,
                                   mem::PhysAddr used);
    void start();  // after the queues
    void notify(std::uint16_t queue) const;
    void reset() const;

  private:
    volatile char* common_ = nullptr;
    volatile char* notify_ = nullptr;
    std::uint32_t notify_step_ = 0;
    std::uint32_t notify_size_ = 0;
    std::uint32_t notify_offset_[4] = {};

    template <typename T>
    void set(unsigned offset, T value) const;
    template <typename T>
    [[nodiscard]] T get(unsigned offset) const;
    void set_status(std::uint8_t bits) const;
    [[nodiscard]] bool read_capabilities(hw::PciAddress at);
};

}  // namespace tessera::drivers::virtio
