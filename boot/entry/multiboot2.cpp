#include "boot/entry/multiboot2.h"

#include <cstring>

namespace tessera::boot {

namespace {

enum TagType : std::uint32_t {
    kEnd = 0,
    kCommandLine = 1,
    kModule = 3,
    kMemoryMap = 6,
    kRsdp1 = 14,
    kRsdp2 = 15,
};
constexpr std::uint32_t kInformationMax = 16 * 1024 * 1024;
constexpr std::uint32_t kAvailable = 1;

struct Tag {
    std::uint32_t type;
    std::uint32_t size;
};
struct ModuleTag {
    Tag tag;
    std::uint32_t start;
    std::uint32_t end;
};
struct MemoryMapTag {
    Tag tag;
    std::uint32_t entry_size;
    std::uint32_t entry_version;
};
struct MemoryMapEntry {
    std::uint64_t base;
    std::uint64_t length;
    std::uint32_t type;
    std::uint32_t reserved;
};

template <typename T>
T copy_of(const std::uint8_t* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

void read_memory_map(const std::uint8_t* tag, std::uint32_t size, Handoff& handoff) {
    const auto header = copy_of<MemoryMapTag>(tag);
    if (header.entry_size < sizeof(MemoryMapEntry)) {
        return;
    }
    for (std::uint32_t at = sizeof(MemoryMapTag);
         at + header.entry_size <= size && handoff.memory_count < Handoff::kMemoryMax;
         at += header.entry_size) {
        const auto entry = copy_of<MemoryMapEntry>(tag + at);
        if (entry.type == kAvailable && entry.length != 0 && entry.base + entry.length > entry.base) {
            handoff.memory[handoff.memory_count] = {{entry.base}, {entry.base + entry.length}};
            handoff.memory_count += 1;
        }
    }
}

}  // namespace

bool read_multiboot2(const void* information, Handoff& handoff) {
    const auto* bytes = static_cast<const std::uint8_t*>(information);
    const auto total = copy_of<std::uint32_t>(bytes);
    if (total > kInformationMax) {
        return false;
    }
    for (std::uint32_t at = 8; at + sizeof(Tag) <= total;) {
        const auto tag = copy_of<Tag>(bytes + at);
        if (tag.type == kEnd || tag.size < sizeof(Tag) || tag.size > total - at) {
            break;
        }
        const std::uint8_t* body = bytes + at + sizeof(Tag);
        const std::uint32_t body_size = tag.size - static_cast<std::uint32_t>(sizeof(Tag));
        if (tag.type == kCommandLine) {
            const std::size_t size = body_size < Handoff::kCommandLineMax ? body_size : Handoff::kCommandLineMax;
            std::memcpy(handoff.command_line, body, size);
            const void* end = std::memchr(handoff.command_line, 0, size);
            handoff.command_line_size =
                end == nullptr ? size : static_cast<std::size_t>(static_cast<const char*>(end) - handoff.command_line);
        } else if (tag.type == kModule && tag.size >= sizeof(ModuleTag) && handoff.bundle.empty()) {
            const auto module = copy_of<ModuleTag>(bytes + at);
            handoff.bundle = {{module.start}, {module.end}};
        } else if (tag.type == kMemoryMap && tag.size >= sizeof(MemoryMapTag)) {
            read_memory_map(bytes + at, tag.size, handoff);
        } else if ((tag.type == kRsdp1 && handoff.rsdp_copy_size == 0) || tag.type == kRsdp2) {
            handoff.rsdp_copy_size = body_size < Handoff::kRsdpMax ? body_size : Handoff::kRsdpMax;
            std::memcpy(handoff.rsdp_copy, body, handoff.rsdp_copy_size);
        }
        at += (tag.size + 7) / 8 * 8;
    }
    handoff.protocol = "Multiboot2";
    return handoff.memory_count != 0;
}

}  // namespace tessera::boot
