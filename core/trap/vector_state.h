// x87, SSE and AVX registers of interrupted code, kept while a handler runs that is compiled to use them.
#pragma once

#include "core/arch/cpuid.h"

#include <cstdint>

namespace tessera::trap {

inline constexpr unsigned kVectorStateMax = 3072;  // XSAVE up to AVX-512 takes 2696

class VectorState {
  public:
    VectorState() {
        if (arch::features().xsave) {
            for (unsigned i = kHeader; i < kHeader + 8; ++i) {
                area_[i] = 0;
            }
            asm volatile("xsave %0" : "+m"(area_) : "a"(0xffff'ffffU), "d"(0xffff'ffffU));
        } else {
            asm volatile("fxsave %0" : "=m"(area_));
        }
    }
    ~VectorState() {
        if (arch::features().xsave) {
            asm volatile("xrstor %0" ::"m"(area_), "a"(0xffff'ffffU), "d"(0xffff'ffffU));
        } else {
            asm volatile("fxrstor %0" ::"m"(area_));
        }
    }
    VectorState(const VectorState&) = delete;
    VectorState& operator=(const VectorState&) = delete;

  private:
    static constexpr unsigned kHeader = 512 / 8;
    alignas(64) std::uint64_t area_[kVectorStateMax / 8];  // only what XSAVE needs of it is written
};

}  // namespace tessera::trap
