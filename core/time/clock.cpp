#include "core/time/clock.h"

#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/base/assert.h"
#include "core/hw/local_apic.h"
#include "core/log/log.h"
#include "core/time/hypervisor_clock.h"
#include "core/time/reference.h"
#include "core/time/rtc.h"

#include <atomic>

namespace tessera::time {

namespace {

using Wide = unsigned __int128;

constexpr unsigned kScaleShift = 32;
constexpr std::uint64_t kFirstMeasure = kSecond / 1000;  // calibration window: error about a microsecond in this
constexpr unsigned kSamplesMax = 8;

// Nanoseconds = base_ns + ((tsc - base_tsc) * scale >> 32). Replaced as a whole when the frequency is known better.
struct Scale {
    std::uint64_t base_tsc;
    std::uint64_t base_ns;
    std::uint64_t scale;
};

struct Sample {
    std::uint64_t tsc;
    std::uint64_t reference;
};

constinit std::uint64_t entry{};
constinit Reference reference{};
constinit Sample first_sample{};
constinit Sample first_apic{};
constinit std::uint64_t apic_frequency{};
constinit std::atomic<std::uint32_t> version{0};  // odd while `current` changes{}; 0: not calibrated
constinit Scale current{};
constinit std::atomic<std::uint64_t> next_measure{0};
constinit arch::Spinlock lock{};
constinit std::atomic<std::uint64_t> wall_offset{0};

// Both counters at one moment: the try with the shortest distance around the reading counts.
Sample take_sample() {
    Sample best = {0, 0};
    std::uint64_t best_distance = ~std::uint64_t{0};
    for (unsigned i = 0; i < kSamplesMax; ++i) {
        const std::uint64_t before = arch::read_tsc();
        const std::uint64_t value = reference.read();
        const std::uint64_t distance = arch::read_tsc() - before;
        if (distance < best_distance) {
            best_distance = distance;
            best = {before + distance / 2, value};
        }
    }
    return best;
}

// The same for the local APIC's timer, which counts down.
Sample take_apic_sample() {
    Sample best = {0, 0};
    std::uint64_t best_distance = ~std::uint64_t{0};
    for (unsigned i = 0; i < kSamplesMax; ++i) {
        const std::uint64_t before = arch::read_tsc();
        const std::uint32_t value = hw::apic_timer_left();
        const std::uint64_t distance = arch::read_tsc() - before;
        if (distance < best_distance) {
            best_distance = distance;
            best = {before + distance / 2, value};
        }
    }
    return best;
}

std::uint64_t scale_of(std::uint64_t tsc_ticks, std::uint64_t ns) {
    return tsc_ticks == 0 ? 1 : static_cast<std::uint64_t>((Wide{ns} << kScaleShift) / tsc_ticks);
}

std::uint64_t convert(const Scale& scale, std::uint64_t tsc) {
    const std::uint64_t ticks = tsc > scale.base_tsc ? tsc - scale.base_tsc : 0;
    return scale.base_ns + static_cast<std::uint64_t>((Wide{ticks} * scale.scale) >> kScaleShift);
}

void publish(const Scale& scale) {
    const std::uint32_t old = version.load(std::memory_order_relaxed);
    ASSERT(old % 2 == 0);  // one at a time
    version.store(old + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    current = scale;
    version.store(old + 2, std::memory_order_release);
}

Scale read_scale() {
    for (;;) {
        const std::uint32_t before = version.load(std::memory_order_acquire);
        const Scale scale = current;
        std::atomic_thread_fence(std::memory_order_acquire);
        if ((before & 1) == 0 && version.load(std::memory_order_relaxed) == before) {
            return scale;
        }
        arch::relax();
    }
}

std::uint64_t reference_ns(const Sample& sample) {
    const std::uint64_t ticks = (sample.reference - first_sample.reference) & reference.mask;
    return static_cast<std::uint64_t>(Wide{ticks} * kSecond / reference.frequency);
}

// The first measurement, as long after start_clock as it takes to reach kFirstMeasure.
void calibrate() {
    const arch::IrqLock guard(lock);
    if (version.load(std::memory_order_acquire) != 0) {
        return;
    }
    Sample sample = take_sample();
    while (reference_ns(sample) < kFirstMeasure) {
        arch::relax();
        sample = take_sample();
    }
    const Sample apic = take_apic_sample();
    const std::uint64_t ns = reference_ns(sample);
    const std::uint64_t scale = scale_of(sample.tsc - first_sample.tsc, ns);
    apic_frequency = static_cast<std::uint64_t>(Wide{first_apic.reference - apic.reference} * kSecond /
                                                convert({first_apic.tsc, 0, scale}, apic.tsc));
    hw::set_apic_timer(0);
    next_measure.store(reference.lasts ? ns * 16 : arch::kNever, std::memory_order_relaxed);
    publish({entry, 0, scale});
}

// Measures again over a longer time, and goes on from the present moment with the better figure.
void refine(std::uint64_t now) {
    const arch::IrqLock guard(lock);
    if (now < next_measure.load(std::memory_order_relaxed)) {
        return;
    }
    const std::uint64_t wrap_ns = static_cast<std::uint64_t>(Wide{reference.mask} * kSecond / reference.frequency);
    if (now > wrap_ns / 4 * 3) {
        next_measure.store(arch::kNever, std::memory_order_relaxed);
        return;
    }
    next_measure.store(now * 8, std::memory_order_relaxed);
    const Sample sample = take_sample();
    const std::uint64_t scale = scale_of(sample.tsc - first_sample.tsc, reference_ns(sample));
    publish({sample.tsc, convert(current, sample.tsc), scale});
}

}  // namespace

void start_clock(std::uint64_t entry_tsc) {
    entry = entry_tsc;
    if (const HypervisorClock clock = find_hypervisor_clock(); clock.scale != 0) {
        publish({entry, 0, clock.scale});
        next_measure.store(arch::kNever, std::memory_order_relaxed);
        wall_offset.store(clock.wall_at_boot_ns == 0 ? 0 : clock.wall_at_boot_ns + convert({0, 0, clock.scale}, entry),
                          std::memory_order_relaxed);
        apic_frequency = clock.apic_frequency;
        return;
    }
    reference = find_reference();
    hw::set_apic_timer(0xffff'ffff);
    first_sample = take_sample();
    first_apic = take_apic_sample();
    if (!reference.lasts) {
        calibrate();  // before the timer is put to use
    }
}

std::uint64_t since_entry_ns() {
    if (version.load(std::memory_order_acquire) == 0) {
        if (reference.read == nullptr) {
            return 0;  // earlier than the clock
        }
        calibrate();
    }
    const std::uint64_t now = convert(read_scale(), arch::read_tsc());
    if (now >= next_measure.load(std::memory_order_relaxed)) {
        refine(now);
    }
    return now;
}

std::uint64_t ns_at(std::uint64_t tsc) {
    (void)since_entry_ns();
    return convert(read_scale(), tsc);
}

std::uint64_t tsc_at(std::uint64_t ns) {
    (void)since_entry_ns();
    const Scale scale = read_scale();
    if (ns <= scale.base_ns) {
        return scale.base_tsc;
    }
    const Wide ticks = (Wide{ns - scale.base_ns} << kScaleShift) / scale.scale;
    return ticks >= ~std::uint64_t{0} - scale.base_tsc ? ~std::uint64_t{0}
                                                       : scale.base_tsc + static_cast<std::uint64_t>(ticks) + 1;
}

std::uint64_t apic_ticks(std::uint64_t ns) { return static_cast<std::uint64_t>(Wide{ns} * apic_frequency / kSecond); }

std::uint64_t wall_ns() {
    const std::uint64_t now = since_entry_ns();
    std::uint64_t offset = wall_offset.load(std::memory_order_relaxed);
    if (offset == 0) {
        const std::uint64_t fresh = read_rtc() * kSecond - now;
        wall_offset.compare_exchange_strong(offset, fresh, std::memory_order_relaxed);
        offset = wall_offset.load(std::memory_order_relaxed);
    }
    return offset + now;
}

void report_clock() {
    (void)since_entry_ns();
    const std::uint64_t scale = read_scale().scale;
    log::verbose("clock: {}, TSC {} kHz, local APIC {} kHz",
                 reference.read == nullptr ? "hypervisor" : reference.name,
                 scale == 0 ? 0 : (kSecond << kScaleShift) / scale / 1000,
                 apic_frequency / 1000);
}

void wait_ns(std::uint64_t ns) {
    const std::uint64_t end = since_entry_ns() + ns;
    while (since_entry_ns() < end) {
        arch::relax();
    }
}

}  // namespace tessera::time

std::uint64_t tessera::log::since_entry_ns() { return time::since_entry_ns(); }
