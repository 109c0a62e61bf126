// A counter of known frequency, to measure others by: HPET, ACPI's timer, or the old interval timer.
#pragma once

#include <cstdint>

namespace tessera::time {

struct Reference {
    const char* name;
    std::uint64_t frequency;
    std::uint64_t mask;  // it wraps beyond
    std::uint64_t (*read)();
    bool lasts;  // goes on counting when the local APIC's timer is put to use
};

[[nodiscard]] Reference find_reference();

}  // namespace tessera::time
