// What the processor can do. Read once, at entry; all cores are taken to be alike.
#pragma once

#include <cstdint>

namespace tessera::arch {

struct CpuidResult {
    std::uint32_t eax, ebx, ecx, edx;
};
[[nodiscard]] inline CpuidResult cpuid(std::uint32_t leaf, std::uint32_t subleaf = 0) {
    CpuidResult r;
    asm volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf));
    return r;
}

struct Features {
    bool no_execute;
    bool xsave;
    bool x2apic;
    bool tsc_deadline;
    bool invariant_tsc;
    bool smep;
    bool smap;
    bool umip;
    bool fsgsbase;
    bool rdrand;
    bool rdseed;
    bool hypervisor;
    std::uint64_t xcr0;        // state components that are enabled
    std::uint32_t xsave_size;  // bytes of an XSAVE area for them
    std::uint32_t hwcap;       // CPUID 1 edx, for AT_HWCAP
};

void read_features();
[[nodiscard]] const Features& features();

}  // namespace tessera::arch
