// From the loader's handover to the C library's start code: every part of the nucleus is brought up here, in order.
// Runs on the boot stack, with interrupts off; nothing here or below may use the C library or thread-local storage.
#include "boot/entry/multiboot2.h"
#include "boot/entry/pvh.h"
#include "core/acpi/tables.h"
#include "core/arch/control.h"
#include "core/arch/cpuid.h"
#include "core/arch/instructions.h"
#include "core/hw/local_apic.h"
#include "core/linux/startup.h"
#include "core/log/log.h"
#include "core/mem/address_space.h"
#include "core/mem/frame_allocator.h"
#include "core/mem/kernel_map.h"
#include "core/mem/layout.h"
#include "core/platform/handoff.h"
#include "core/platform/pc/boot.h"
#include "core/smp/cores.h"
#include "core/time/clock.h"
#include "core/time/timer.h"
#include "drivers/debug_exit/debug_exit.h"
#include "drivers/host/host.h"
#include "drivers/serial/serial.h"
#include "drivers/virtio/console.h"

#include <string_view>

namespace tessera::boot {

namespace {

constinit Handoff handoff{};

// What follows "--" are a program's arguments.
bool has_option(std::string_view line, std::string_view option) {
    while (!line.empty()) {
        const std::size_t space = line.find(' ');
        const std::string_view word = line.substr(0, space);
        if (word == option || word == "--") {
            return word == option;
        }
        line = space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
    }
    return false;
}

// How long each step took, for log=verbose.
struct Mark {
    const char* step;
    std::uint64_t tsc;
};
constexpr unsigned kMarkMax = 16;
constinit Mark marks[kMarkMax]{};
constinit unsigned mark_count{};

void mark(const char* step) {
    if (mark_count < kMarkMax) {
        marks[mark_count] = {step, arch::read_tsc()};
        mark_count += 1;
    }
}

std::string_view command_line() { return {handoff.command_line, handoff.command_line_size}; }

void read_options() {
    log::set_verbose(has_option(command_line(), "log=verbose"));
    if (has_option(command_line(), "exit=isa-debug")) {
        drivers::start_debug_exit();
    }
    drivers::start_host();
}

void find_memory() {
    // SAFETY: addresses of the linker script.
    const mem::PhysRange image = {{reinterpret_cast<std::uint64_t>(mem::nucleus_image_start)}, {mem::image_end()}};
    const mem::PhysRange reserved[] = {image, handoff.bundle};
    mem::add_memory({handoff.memory, handoff.memory_count}, reserved);
}

void publish_boot_info() {
    const void* bundle =
        handoff.bundle.empty() ? nullptr : mem::map_firmware(handoff.bundle.start, handoff.bundle.size());
    platform::set_boot_info({
        .command_line = command_line(),
        .bundle = {static_cast<const std::byte*>(bundle), bundle == nullptr ? 0 : handoff.bundle.size()},
        .entry = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(0)),  // the clock counts from there
    });
}

void report() {
    if (!log::is_verbose()) {
        return;
    }
    for (unsigned i = 0; i < mark_count; ++i) {
        log::verbose("{} done at {} us", marks[i].step, time::ns_at(marks[i].tsc) / 1000);
    }
    time::report_clock();
    log::verbose("entered by {}, command line \"{}\"", handoff.protocol, command_line());
    for (const mem::PhysRange& range : mem::memory_ranges()) {
        log::verbose("memory {x} to {x}", range.start.value, range.end.value);
    }
    log::verbose("bundle {x} to {x}", handoff.bundle.start.value, handoff.bundle.end.value);
}

[[noreturn]] void start(std::uint32_t magic, const void* information, std::uint64_t entry_tsc) {
    smp::adopt_boot_core();
    drivers::start_serial();
    const bool understood =
        magic == kMultiboot2Magic ? read_multiboot2(information, handoff) : read_pvh(information, handoff);
    if (!understood) {
        log::panic("the loader's handover is neither Multiboot2 with a memory map nor PVH");
    }
    handoff.entry_tsc = entry_tsc;
    read_options();
    mark("handover");

    arch::read_features();
    arch::enable_features();
    find_memory();
    mem::build_kernel_map();
    mark("page table");
    if (!smp::allocate_core_stacks(0)) {
        log::panic("no memory for the first core's stacks");
    }
    arch::build_interrupt_table();
    arch::load_interrupt_table();
    arch::enable_syscall();
    mem::create_address_space();
    mark("address space");

    acpi::read_tables(handoff);
    mark("ACPI");
    hw::silence_legacy_interrupts();
    if (!hw::find_local_apic()) {
        log::panic("no memory to map the interrupt controller");
    }
    hw::enable_local_apic();
    time::start_clock(entry_tsc);
    time::start_timer();
    mark("interrupt controller and clock");
    smp::start_cores(handoff);
    mark("starting other cores");
    drivers::start_virtio_console();
    mark("looking for a virtio-console");
    publish_boot_info();
    mark("bundle");
    report();
    log::verbose("starting the program");
    libc::start_program();
}

}  // namespace
}  // namespace tessera::boot

extern "C" [[noreturn]] void nucleus_start(std::uint32_t magic, std::uint32_t information, std::uint64_t entry_tsc) {
    // SAFETY: the loader's structure, identity mapped by the boot tables.
    tessera::boot::start(magic, reinterpret_cast<const void*>(std::uint64_t{information}), entry_tsc);
}
