#include "core/mem/kernel_map.h"

#include "core/arch/instructions.h"
#include "core/arch/spinlock.h"
#include "core/base/assert.h"
#include "core/base/symbol_format.h"
#include "core/mem/frame_allocator.h"
#include "core/mem/layout.h"
#include "core/mem/page_table.h"

namespace tessera::mem {

namespace {

constinit std::uint64_t next_stack = kStackBase;
constinit arch::Spinlock lock{};

// SAFETY: addresses of the linker script.
std::uint64_t address_of(const char* symbol) { return reinterpret_cast<std::uint64_t>(symbol); }

void map_image(std::uint64_t start, std::uint64_t end, Access access) {
    const std::uint64_t from = round_down(start, kPageSize);
    const std::uint64_t to = round_up(end, kPageSize);
    ASSERT(map_range(from, {from}, to - from, access, Memory::Normal, Pages::Any));
}

}  // namespace

std::uint64_t image_end() {
    // SAFETY: the segment exists in every image, with a zero word for a header if nothing filled it.
    const auto* header = reinterpret_cast<const SymbolHeader*>(nucleus_symbols);
    const std::uint64_t bytes = header->magic == kSymbolMagic ? header->bytes : sizeof header->magic;
    return address_of(nucleus_symbols) + bytes;
}

void build_kernel_map() {
    map_image(address_of(nucleus_rodata_start), address_of(nucleus_rodata_end), Access::Read);
    map_image(address_of(nucleus_text_start), address_of(nucleus_text_end), Access::ReadExecute);
    map_image(address_of(nucleus_data_start), address_of(nucleus_data_end), Access::ReadWrite);
    map_image(address_of(nucleus_symbols), image_end(), Access::Read);
    for (const PhysRange& range : memory_ranges()) {
        ASSERT(map_range(
            kDirectBase + range.start.value, range.start, range.size(), Access::ReadWrite, Memory::Normal, Pages::Any));
    }
    arch::write_cr3(page_table_root().value);
    use_direct_map();
}

volatile void* map_device(PhysAddr physical, std::uint64_t bytes) {
    if (physical.value >= kPhysicalMax || bytes > kPhysicalMax - physical.value) {
        return nullptr;
    }
    const arch::IrqLock guard(lock);
    const std::uint64_t start = round_down(physical.value, kPageSize);
    const std::uint64_t end = round_up(physical.value + bytes, kPageSize);
    if (!map_range(kDeviceBase + start, {start}, end - start, Access::ReadWrite, Memory::Device, Pages::Small)) {
        return nullptr;
    }
    // SAFETY: just mapped.
    return reinterpret_cast<volatile void*>(kDeviceBase + physical.value);
}

const void* map_firmware(PhysAddr physical, std::uint64_t bytes) {
    if (physical.value >= kPhysicalMax || bytes > kPhysicalMax - physical.value) {
        return nullptr;
    }
    const arch::IrqLock guard(lock);
    const std::uint64_t start = round_down(physical.value, kPageSize);
    const std::uint64_t end = round_up(physical.value + bytes, kPageSize);
    const Pages pages = end - start >= kLargePageSize ? Pages::Any : Pages::Small;
    for (std::uint64_t at = start; at < end; at += kPageSize) {
        // Tables share pages, and a large one may have been mapped before.
        if (pages == Pages::Any || !look_up(kFirmwareBase + at).present) {
            const std::uint64_t size = pages == Pages::Any ? end - start : kPageSize;
            if (!map_range(kFirmwareBase + at, {at}, size, Access::Read, Memory::Normal, pages)) {
                return nullptr;
            }
            at += size - kPageSize;
        }
    }
    // SAFETY: just mapped.
    return reinterpret_cast<const void*>(kFirmwareBase + physical.value);
}

std::uint64_t allocate_stack(std::uint64_t bytes) {
    REQUIRES(bytes != 0 && bytes % kPageSize == 0);
    const arch::IrqLock guard(lock);
    const std::uint64_t start = next_stack + kPageSize;  // the guard page
    for (std::uint64_t at = start; at < start + bytes; at += kPageSize) {
        const std::optional<PhysAddr> frame = allocate_frame();
        if (!frame || !map_range(at, *frame, kPageSize, Access::ReadWrite, Memory::Normal, Pages::Small)) {
            return 0;
        }
    }
    next_stack = start + bytes;
    return start + bytes;
}

bool map_trampoline(PhysAddr code, PhysAddr data) {
    REQUIRES(code != data);
    return map_range(code.value, code, kPageSize, Access::ReadExecute, Memory::Normal, Pages::Small) &&
           map_range(data.value, data, kPageSize, Access::ReadWrite, Memory::Normal, Pages::Small);
}

void unmap_trampoline(PhysAddr code, PhysAddr data) {
    for (const PhysAddr page : {code, data}) {
        (void)map_range(page.value, page, kPageSize, Access::None, Memory::Normal, Pages::Small);
        arch::flush_page(page.value);
    }
}

}  // namespace tessera::mem
