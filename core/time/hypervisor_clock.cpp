#include "core/time/hypervisor_clock.h"

#include "core/arch/cpuid.h"
#include "core/arch/instructions.h"

namespace tessera::time {

namespace {

// [linux] Documentation/virt/kvm/x86/{cpuid,msr}.rst
constexpr std::uint32_t kSignatureLeaf = 0x4000'0000;
constexpr std::uint32_t kFeatureLeaf = 0x4000'0001;
constexpr std::uint32_t kTimingLeaf = 0x4000'0010;
constexpr std::uint32_t kClockSource2 = 1 << 3;
constexpr std::uint32_t kStable = 1 << 24;
constexpr std::uint32_t kMsrWallClock = 0x4b56'4d00;
constexpr std::uint32_t kMsrSystemTime = 0x4b56'4d01;
constexpr unsigned kTriesMax = 1000;

struct SystemTime {
    std::uint32_t version;
    std::uint32_t padding;
    std::uint64_t tsc;
    std::uint64_t ns;
    std::uint32_t multiplier;
    std::int8_t shift;
    std::uint8_t flags;
    std::uint8_t padding2[2];
};
static_assert(sizeof(SystemTime) == 32);
struct WallClock {
    std::uint32_t version;
    std::uint32_t seconds;
    std::uint32_t nanoseconds;
};

// The hypervisor writes here; the image is identity mapped, so these addresses are physical ones too.
alignas(64) constinit volatile SystemTime system_time{};
alignas(16) constinit volatile WallClock wall_clock{};

}  // namespace

HypervisorClock find_hypervisor_clock() {
    if (!arch::features().hypervisor) {
        return {};
    }
    const arch::CpuidResult signature = arch::cpuid(kSignatureLeaf);
    constexpr std::uint32_t kKvmK = 0x4b4d564b;  // "KVMKVMKVM"
    if (signature.ebx != kKvmK || signature.eax < kFeatureLeaf) {
        return {};
    }
    const std::uint32_t features = arch::cpuid(kFeatureLeaf).eax;
    // Without the stable flag each core's counter has an offset of its own; then we measure instead.
    if ((features & kClockSource2) == 0 || (features & kStable) == 0) {
        return {};
    }
    // SAFETY: the identity mapped address of a static.
    arch::write_msr(kMsrSystemTime, reinterpret_cast<std::uint64_t>(&system_time) | 1);
    std::uint32_t multiplier = 0;
    std::int8_t shift = 0;
    std::uint64_t tsc = 0;
    std::uint64_t ns = 0;
    for (unsigned i = 0; i < kTriesMax; ++i) {
        const std::uint32_t before = system_time.version;
        multiplier = system_time.multiplier;
        shift = system_time.shift;
        tsc = system_time.tsc;
        ns = system_time.ns;
        if ((before & 1) == 0 && before != 0 && before == system_time.version) {
            break;
        }
    }
    arch::write_msr(kMsrSystemTime, 0);
    if (multiplier == 0 || shift > 31 || shift < -31) {
        return {};
    }
    HypervisorClock clock = {};
    clock.scale = shift >= 0 ? std::uint64_t{multiplier} << shift : std::uint64_t{multiplier} >> -shift;
    arch::write_msr(kMsrWallClock, reinterpret_cast<std::uint64_t>(&wall_clock));
    const std::uint64_t wall = wall_clock.seconds * 1'000'000'000ULL + wall_clock.nanoseconds;
    // Shifted so that it belongs to counter value 0.
    const auto at_tsc = static_cast<std::uint64_t>((static_cast<unsigned __int128>(tsc) * clock.scale) >> 32);
    clock.wall_at_boot_ns = wall == 0 ? 0 : wall + ns - at_tsc;
    clock.apic_frequency = signature.eax >= kTimingLeaf ? arch::cpuid(kTimingLeaf).ebx * 1000ULL : 0;
    if (clock.apic_frequency == 0) {
        clock.apic_frequency = 1'000'000'000;  // KVM's and QEMU's bus clock
    }
    return clock;
}

}  // namespace tessera::time
