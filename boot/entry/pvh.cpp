#include "boot/entry/pvh.h"

#include <cstring>

namespace tessera::boot {

namespace {

constexpr std::uint32_t kMagic = 0x336e'c578;
constexpr std::uint32_t kMemoryUsable = 1;
constexpr std::uint64_t kReachable = 0x1'0000'0000;  // what the boot tables map

struct StartInfo {
    std::uint32_t magic;
    std::uint32_t version;
    std::uint32_t flags;
    std::uint32_t module_count;
    std::uint64_t modules;
    std::uint64_t command_line;
    std::uint64_t rsdp;
    std::uint64_t memory_map;  // version 1 on
    std::uint32_t memory_map_entries;
    std::uint32_t reserved;
};
struct Module {
    std::uint64_t address;
    std::uint64_t size;
    std::uint64_t command_line;
    std::uint64_t reserved;
};
struct MemoryMapEntry {
    std::uint64_t address;
    std::uint64_t size;
    std::uint32_t type;
    std::uint32_t reserved;
};
static_assert(sizeof(StartInfo) == 56 && sizeof(Module) == 32 && sizeof(MemoryMapEntry) == 24);

// A structure that the loader left below 4 GiB; null if it can't be there.
template <typename T>
const T* at(std::uint64_t address, std::uint64_t count) {
    if (address == 0 || address >= kReachable || count > (kReachable - address) / sizeof(T)) {
        return nullptr;
    }
    // SAFETY: identity mapped by the boot tables.
    return reinterpret_cast<const T*>(address);
}

}  // namespace

bool read_pvh(const void* start_info, Handoff& handoff) {
    StartInfo info;
    std::memcpy(&info, start_info, sizeof info);
    if (info.magic != kMagic || info.version < 1) {
        return false;
    }
    handoff.protocol = "PVH";
    handoff.rsdp = info.rsdp;
    const auto* map = at<MemoryMapEntry>(info.memory_map, info.memory_map_entries);
    for (std::uint32_t i = 0;
         map != nullptr && i < info.memory_map_entries && handoff.memory_count < Handoff::kMemoryMax;
         ++i) {
        if (map[i].type == kMemoryUsable && map[i].size != 0 && map[i].address + map[i].size > map[i].address) {
            handoff.memory[handoff.memory_count] = {{map[i].address}, {map[i].address + map[i].size}};
            handoff.memory_count += 1;
        }
    }
    if (const auto* module = info.module_count != 0 ? at<Module>(info.modules, 1) : nullptr) {
        handoff.bundle = {{module->address}, {module->address + module->size}};
    }
    if (const char* text = at<char>(info.command_line, 1)) {
        while (handoff.command_line_size < Handoff::kCommandLineMax && text[handoff.command_line_size] != '\0') {
            handoff.command_line[handoff.command_line_size] = text[handoff.command_line_size];
            handoff.command_line_size += 1;
        }
    }
    return handoff.memory_count != 0;
}

}  // namespace tessera::boot
