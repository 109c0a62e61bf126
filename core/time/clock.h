// Time since the kernel was entered, and the time of day.
#pragma once

#include <cstdint>

namespace tessera::time {

inline constexpr std::uint64_t kSecond = 1'000'000'000;

// Remembers where the counters stood. The time stamp counter is calibrated when the time is first asked for, against
// what ran meanwhile, so that booting need not wait. Needs ACPI's findings and the first core's local APIC.
void start_clock(std::uint64_t entry_tsc);

[[nodiscard]] std::uint64_t since_entry_ns();  // never goes back, any core, any context
[[nodiscard]] std::uint64_t wall_ns();         // since 1970, UTC
[[nodiscard]] std::uint64_t tsc_at(std::uint64_t since_entry_ns);
[[nodiscard]] std::uint64_t ns_at(std::uint64_t tsc);
[[nodiscard]] std::uint64_t apic_ticks(std::uint64_t ns);
void wait_ns(std::uint64_t ns);
void report_clock();  // verbose

}  // namespace tessera::time
