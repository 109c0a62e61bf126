// core/platform/platform.h on bare metal: each function in terms of the nucleus.
#include "core/platform/platform.h"

#include "core/acpi/power.h"
#include "core/arch/cpu.h"
#include "core/arch/instructions.h"
#include "core/arch/stop.h"
#include "core/hw/random.h"
#include "core/linux/abort.h"
#include "core/log/console.h"
#include "core/mem/address_space.h"
#include "core/mem/frame_allocator.h"
#include "core/platform/pc/boot.h"
#include "core/smp/cores.h"
#include "core/time/clock.h"
#include "core/time/timer.h"
#include "core/trap/trap.h"

namespace tessera::platform {

namespace {
constinit BootInfo info{};

void set_deadline(std::uint64_t deadline) {
    const std::uint64_t flags = arch::save_flags_interrupts_off();
    arch::this_cpu().timer_deadline = deadline;
    time::program_timer();
    arch::restore_flags(flags);
}
}  // namespace

void set_boot_info(const BootInfo& boot) { info = boot; }
const BootInfo& boot_info() { return info; }

void set_trap_handler(TrapHandler handler) { trap::set_handler(handler); }
void set_abort_handler(AbortHandler handler) { libc::set_abort_handler(handler); }
void set_timer_handler(TimerHandler handler) { trap::set_timer_handler(handler); }

void arm_timer(std::chrono::nanoseconds from_now) {
    const std::int64_t count = from_now.count();
    set_deadline(time::since_entry_ns() + (count > 0 ? static_cast<std::uint64_t>(count) : 0));
}
void disarm_timer() { set_deadline(arch::kNever); }

bool stop_requested() { return false; }
void set_stop_handler(StopHandler /*handler*/) {}

unsigned cpu_count() { return smp::core_count(); }
void prepare_thread(unsigned /*core*/) {}  // a thread is a core: stacks and timer are there already

std::size_t console_write(Output output, std::span<const std::byte> bytes, std::uint64_t& mark) {
    output == Output::Errors ? log::write(bytes) : log::write_output(bytes);
    mark = 0;
    return bytes.size();
}
Delivery console_delivery(Output /*output*/, std::uint64_t /*mark*/) { return Delivery::Done; }
std::ptrdiff_t console_read(std::span<std::byte> into) {
    const std::ptrdiff_t got = log::read(into);
    return got < 0 ? kEndOfInput : got;
}
// Without a host: whoever is at the other end of the line.
Terminals console_terminals() {
    const log::Host* host = log::host();
    return host == nullptr ? Terminals{true, true, true}
                           : Terminals{host->input_terminal, host->output_terminal, host->errors_terminal};
}

// What calls the nucleus' memory without a system call does so on its own stack, of which pages may be missing: under
// the lock that a missing page needs, that would be for ever. So they come in before.
[[gnu::always_inline]] static inline void touch_stack() {
    constexpr std::size_t kTouchedBytes = 2 * mem::kPageSize;  // the calls below need less than one
    // SAFETY: below the frame, inside the stack: whoever runs kernel code has more than this left.
    const auto* frame = static_cast<const volatile std::byte*>(__builtin_frame_address(0));
    for (std::size_t bytes = mem::kPageSize; bytes <= kTouchedBytes; bytes += mem::kPageSize) {
        (void)frame[-static_cast<std::ptrdiff_t>(bytes)];
    }
}

MemoryUse memory_use() {
    touch_stack();
    return {mem::available_frames() * mem::kPageSize, mem::total_frames() * mem::kPageSize};
}

// Not by system calls: a trap handler may have interrupted one.
bool commit_pages(std::uintptr_t from, std::size_t bytes) {
    touch_stack();
    if (mem::protect(from, bytes, mem::Access::ReadWrite)) {
        return true;
    }
    release_pages(from, bytes);  // a part may have been done
    return false;
}

void release_pages(std::uintptr_t from, std::size_t bytes) {
    touch_stack();
    (void)mem::map({.address = from, .bytes = bytes, .access = mem::Access::None, .fixed = true});
}

void random_bytes(std::span<std::byte> into) { hw::fill_random(into); }

void shutdown(int status) { arch::stop_machine(status); }
void reboot() {
    arch::stop_other_cores();
    acpi::restart();
}

}  // namespace tessera::platform
