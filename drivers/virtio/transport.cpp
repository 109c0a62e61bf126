#include "drivers/virtio/transport.h"

#include "core/arch/instructions.h"
#include "core/mem/kernel_map.h"

namespace tessera::drivers::virtio {

namespace {

constexpr std::uint16_t kVendor = 0x1af4;
constexpr std::uint16_t kModernBase = 0x1040;
constexpr std::uint16_t kTransitionalBase = 0x1000;
constexpr std::uint8_t kVendorCapability = 9;
constexpr unsigned kCapabilityMax = 32;

// Capability: kind at 3, register at 4, offset at 8, length at 12, and for notifications the step at 16.
constexpr std::uint8_t kCommon = 1;
constexpr std::uint8_t kNotify = 2;
constexpr std::uint32_t kCommonSize = 56;
constexpr std::uint32_t kRegionMax = 1 << 20;

// Common configuration. [virtio 1.2] 4.1.4.3
constexpr unsigned kDeviceFeatureSelect = 0;
constexpr unsigned kDeviceFeature = 4;
constexpr unsigned kDriverFeatureSelect = 8;
constexpr unsigned kDriverFeature = 12;
constexpr unsigned kDeviceStatus = 20;
constexpr unsigned kQueueSelect = 22;
constexpr unsigned kQueueSize = 24;
constexpr unsigned kQueueEnable = 28;
constexpr unsigned kQueueNotifyOffset = 30;
constexpr unsigned kQueueDescriptors = 32;
constexpr unsigned kQueueAvailable = 40;
constexpr unsigned kQueueUsed = 48;

constexpr std::uint8_t kAcknowledge = 1;
constexpr std::uint8_t kDriver = 2;
constexpr std::uint8_t kDriverOk = 4;
constexpr std::uint8_t kFeaturesOk = 8;
constexpr unsigned kResetPollMax = 1'000'000;
constexpr std::uint16_t kQueueIndexMax = 4;

// Transitional devices: type by PCI subsystem, and ids of their own for the first types.
bool is_type(hw::PciAddress at, DeviceType type) {
    const auto number = static_cast<std::uint16_t>(type);
    const std::uint16_t device = hw::pci_read16(at, 2);
    constexpr std::uint16_t kTransitional[] = {0, 0, 1, 3, 5};  // by type
    return hw::pci_read16(at, 0) == kVendor &&
           (device == kModernBase + number || device == kTransitionalBase + kTransitional[number]);
}

}  // namespace

template <typename T>
void Transport::set(unsigned offset, T value) const {
    // SAFETY: inside the common configuration, whose size was checked.
    *reinterpret_cast<volatile T*>(common_ + offset) = value;
}
template <typename T>
T Transport::get(unsigned offset) const {
    // SAFETY: as above.
    return *reinterpret_cast<volatile T*>(common_ + offset);
}
void Transport::set_status(std::uint8_t bits) const {
    set<std::uint8_t>(kDeviceStatus, static_cast<std::uint8_t>(get<std::uint8_t>(kDeviceStatus) | bits));
}

std::optional<Transport> Transport::find(DeviceType type) {
    struct Search {
        DeviceType type;
        Transport transport;
    } search = {type, {}};
    const auto visit = [](hw::PciAddress at, void* argument) {
        auto* wanted = static_cast<Search*>(argument);
        return is_type(at, wanted->type) && wanted->transport.read_capabilities(at);
    };
    return hw::pci_scan(visit, &search) ? std::optional(search.transport) : std::nullopt;
}

bool Transport::read_capabilities(hw::PciAddress at) {
    hw::pci_enable(at);
    unsigned capability = hw::pci_next_capability(at, kVendorCapability, 0);
    for (unsigned i = 0; i < kCapabilityMax && capability != 0; ++i) {
        const std::uint8_t kind = hw::pci_read8(at, capability + 3);
        const std::uint32_t offset = hw::pci_read(at, capability + 8);
        const std::uint32_t length = hw::pci_read(at, capability + 12);
        const auto bar = hw::pci_memory_bar(at, hw::pci_read8(at, capability + 4));
        if ((kind == kCommon || kind == kNotify) && bar && length <= kRegionMax && offset <= 0x4000'0000) {
            auto* region = static_cast<volatile char*>(mem::map_device(*bar + offset, length));
            if (kind == kCommon && length >= kCommonSize && common_ == nullptr) {
                common_ = region;
            } else if (kind == kNotify && notify_ == nullptr) {
                notify_ = region;
                notify_size_ = length;
                notify_step_ = hw::pci_read(at, capability + 16);
            }
        }
        capability = hw::pci_next_capability(at, kVendorCapability, capability);
    }
    return common_ != nullptr && notify_ != nullptr;
}

void Transport::reset() const { set<std::uint8_t>(kDeviceStatus, 0); }

bool Transport::negotiate(std::uint64_t wanted) {
    reset();
    for (unsigned i = 0; i < kResetPollMax && get<std::uint8_t>(kDeviceStatus) != 0; ++i) {
        arch::relax();
    }
    set_status(kAcknowledge);
    set_status(kDriver);
    std::uint64_t offered = 0;
    for (std::uint32_t half = 0; half < 2; ++half) {
        set<std::uint32_t>(kDeviceFeatureSelect, half);
        offered |= std::uint64_t{get<std::uint32_t>(kDeviceFeature)} << (half * 32);
    }
    const std::uint64_t taken = offered & (wanted | kFeatureVersion1);
    for (std::uint32_t half = 0; half < 2; ++half) {
        set<std::uint32_t>(kDriverFeatureSelect, half);
        set<std::uint32_t>(kDriverFeature, static_cast<std::uint32_t>(taken >> (half * 32)));
    }
    set_status(kFeaturesOk);
    return (taken & kFeatureVersion1) != 0 && (get<std::uint8_t>(kDeviceStatus) & kFeaturesOk) != 0;
}

bool Transport::start_queue(
    std::uint16_t index, std::uint16_t size, mem::PhysAddr descriptors, mem::PhysAddr available, mem::PhysAddr used) {
    set<std::uint16_t>(kQueueSelect, index);
    const std::uint32_t offset = std::uint32_t{get<std::uint16_t>(kQueueNotifyOffset)} * notify_step_;
    if (index >= kQueueIndexMax || get<std::uint16_t>(kQueueSize) < size || offset > notify_size_ ||
        notify_size_ - offset < 2) {
        return false;
    }
    notify_offset_[index] = offset;
    set<std::uint16_t>(kQueueSize, size);
    const auto set_address = [&](unsigned at, mem::PhysAddr address) {
        set<std::uint32_t>(at, static_cast<std::uint32_t>(address.value));
        set<std::uint32_t>(at + 4, static_cast<std::uint32_t>(address.value >> 32));
    };
    set_address(kQueueDescriptors, descriptors);
    set_address(kQueueAvailable, available);
    set_address(kQueueUsed, used);
    set<std::uint16_t>(kQueueEnable, 1);
    return true;
}

void Transport::start() { set_status(kDriverOk); }

void Transport::notify(std::uint16_t queue) const {
    // SAFETY: inside the notification region, checked when the queue was started.
    *reinterpret_cast<volatile std::uint16_t*>(notify_ + notify_offset_[queue]) = queue;
}

}  // namespace tessera::drivers::virtio
