#include "core/arch/cpuid.h"

namespace tessera::arch {

namespace {

constinit Features found{};

constexpr std::uint64_t kX87 = 1;
constexpr std::uint64_t kSse = 2;
constexpr std::uint64_t kAvx = 4;
constexpr std::uint64_t kAvx512 = 0xe0;  // opmask and the two upper halves: all or none
constexpr std::uint32_t kLegacyAreaSize = 512;
constexpr std::uint32_t kHeaderSize = 64;

constexpr bool bit(std::uint32_t word, unsigned index) { return ((word >> index) & 1) != 0; }

// The XSAVE area of the standard format that holds the components of `mask`. Not CPUID 0xd's own figure,
// which depends on what XCR0 holds right now.
std::uint32_t area_size(std::uint64_t mask) {
    std::uint32_t size = kLegacyAreaSize + kHeaderSize;
    for (unsigned component = 2; component < 32; ++component) {
        if (((mask >> component) & 1) != 0) {
            const CpuidResult r = cpuid(0xd, component);
            if (r.ebx + r.eax > size) {
                size = r.ebx + r.eax;
            }
        }
    }
    return size;
}

}  // namespace

void read_features() {
    const std::uint32_t leaf_max = cpuid(0).eax;
    const CpuidResult one = cpuid(1);
    found.hwcap = one.edx;
    found.xsave = bit(one.ecx, 26);
    found.x2apic = bit(one.ecx, 21);
    found.tsc_deadline = bit(one.ecx, 24);
    found.rdrand = bit(one.ecx, 30);
    found.hypervisor = bit(one.ecx, 31);
    if (leaf_max >= 7) {
        const CpuidResult seven = cpuid(7);
        found.fsgsbase = bit(seven.ebx, 0);
        found.smep = bit(seven.ebx, 7);
        found.rdseed = bit(seven.ebx, 18);
        found.smap = bit(seven.ebx, 20);
        found.umip = bit(seven.ecx, 2);
    }
    const std::uint32_t extended_max = cpuid(0x8000'0000).eax;
    if (extended_max >= 0x8000'0001) {
        found.no_execute = bit(cpuid(0x8000'0001).edx, 20);
    }
    if (extended_max >= 0x8000'0007) {
        found.invariant_tsc = bit(cpuid(0x8000'0007).edx, 8);
    }
    found.xcr0 = kX87 | kSse;
    found.xsave_size = kLegacyAreaSize;
    if (found.xsave && leaf_max >= 0xd) {
        const CpuidResult d = cpuid(0xd);
        const std::uint64_t supported = (std::uint64_t{d.edx} << 32) | d.eax;
        if ((supported & kAvx) != 0) {
            found.xcr0 |= kAvx;
            if ((supported & kAvx512) == kAvx512) {
                found.xcr0 |= kAvx512;
            }
        }
        found.xsave_size = area_size(found.xcr0);
    } else {
        found.xsave = false;
    }
}

const Features& features() { return found; }

}  // namespace tessera::arch
