#include "caps/kernel/tables.h"
#include "caps/schema/time.kernel.h"

#include <chrono>
#include <limits>

namespace tessera::caps {
namespace {

using std::chrono::nanoseconds;
using Time = std::chrono::steady_clock::time_point;

Status now(WordCall& /*call*/, Clock& clock, std::uint64_t& result) {
    result = static_cast<std::uint64_t>(clock.monotonic_ns());
    return Status::Ok;
}

Status wall(WordCall& /*call*/, Clock& clock, std::int64_t& result) {
    result = clock.wall_ns();
    return Status::Ok;
}

Status resolution(WordCall& /*call*/, Clock& /*clock*/, std::uint64_t& result) {
    result = 1;
    return Status::Ok;
}

// Returns early if the program is to be stopped, which sees nothing of it.
Status sleep_until(WordCall& call, Clock& clock, std::uint64_t deadline, std::uint64_t& result) {
    constexpr auto kLatest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    runtime::sleep_until(Time(nanoseconds(std::min(deadline, kLatest))));
    return now(call, clock, result);
}

Status sleep(WordCall& call, Clock& clock, std::uint64_t time, std::uint64_t& result) {
    const auto begin = static_cast<std::uint64_t>(clock.monotonic_ns());
    return sleep_until(call, clock, begin + std::min(time, ~begin), result);
}

}  // namespace

const KernelTable& clock_table() {
    static constexpr auto kClock = kernel_methods<schema::Clock, now, wall, resolution>();
    static constexpr auto kTimer = kernel_methods<schema::Timer, sleep_until, sleep>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Clock::kId, kClock},
                                               KernelInterface{schema::Timer::kId, kTimer}};
    static const auto table = kernel_table(kInterfaces);
    return table;
}

}  // namespace tessera::caps
