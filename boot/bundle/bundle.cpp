#include "boot/bundle/bundle.h"

#include "boot/bundle/format.h"
#include "core/base/assert.h"

#include <cstring>
#include <string>

namespace tessera::bundle {
namespace {

template <typename T>
T read_at(std::span<const std::byte> bytes, std::uint64_t offset) {
    REQUIRES(offset <= bytes.size() && sizeof(T) <= bytes.size() - offset);
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

// Names are relative paths without empty, "." or ".." parts, so that no lookup can leave its directory.
bool is_good_name(std::string_view name) {
    if (name.empty() || name.size() > kNameBytesMax || name.find('\0') != std::string_view::npos) {
        return false;
    }
    while (true) {
        const auto slash = name.find('/');
        const auto part = name.substr(0, slash);
        if (part.empty() || part == "." || part == "..") {
            return false;
        }
        if (slash == std::string_view::npos) {
            return true;
        }
        name.remove_prefix(slash + 1);
    }
}

std::string_view name_of(std::span<const std::byte> bytes, std::uint64_t names_offset, const EntryLayout& entry) {
    ASSERT(names_offset + entry.name_offset + entry.name_bytes <= bytes.size());
    // SAFETY: bytes as characters; open() checked the range.
    return {reinterpret_cast<const char*>(bytes.data()) + names_offset + entry.name_offset, entry.name_bytes};
}

EntryLayout layout_of(std::span<const std::byte> bytes, std::uint32_t index) {
    return read_at<EntryLayout>(bytes, sizeof(HeaderLayout) + std::uint64_t{index} * sizeof(EntryLayout));
}

}  // namespace

Result<Bundle> Bundle::open(std::span<const std::byte> bytes) {
    if (bytes.size() < sizeof(HeaderLayout)) {
        return fail(Blame::Caller, "the bundle is too short to be one");
    }
    const auto header = read_at<HeaderLayout>(bytes, 0);
    if (header.magic != kMagic) {
        return fail(Blame::Caller, "this is not a bundle: its first bytes are wrong");
    }
    if (header.version != kVersion) {
        return fail(Blame::Caller,
                    "the bundle has version " + std::to_string(header.version) + ", this kernel reads version " +
                        std::to_string(kVersion));
    }
    if (header.total_bytes > bytes.size()) {
        return fail(Blame::Caller,
                    "the bundle is truncated: " + std::to_string(bytes.size()) + " of " +
                        std::to_string(header.total_bytes) + " bytes");
    }
    const std::uint64_t total = header.total_bytes;
    const std::uint64_t table_end = sizeof(HeaderLayout) + std::uint64_t{header.entry_count} * sizeof(EntryLayout);
    if (header.entry_count > kEntriesMax || table_end > total || header.names_offset < table_end ||
        header.names_offset > total || header.names_bytes > total - header.names_offset) {
        return fail(Blame::Caller, "the bundle's header is damaged");
    }
    Bundle bundle;
    bundle.bytes_ = bytes.first(total);
    bundle.count_ = header.entry_count;
    bundle.names_offset_ = header.names_offset;
    std::string_view previous;
    for (std::uint32_t i = 0; i < header.entry_count; ++i) {
        const auto entry = layout_of(bytes, i);
        if (entry.offset % kPageBytes != 0 || entry.offset > total || entry.bytes > total - entry.offset ||
            std::uint64_t{entry.name_offset} + entry.name_bytes > header.names_bytes) {
            return fail(Blame::Caller, "the bundle's entry " + std::to_string(i) + " is damaged");
        }
        const auto name = name_of(bytes, header.names_offset, entry);
        if (!is_good_name(name) || (i > 0 && name <= previous)) {
            return fail(Blame::Caller, "the bundle's entry " + std::to_string(i) + " has a bad name");
        }
        previous = name;
    }
    return bundle;
}

Bundle::Entry Bundle::entry(std::uint32_t index) const {
    REQUIRES(index < count_);
    const auto layout = layout_of(bytes_, index);
    return {name_of(bytes_, names_offset_, layout), bytes_.subspan(layout.offset, layout.bytes)};
}

std::uint32_t Bundle::lower_bound(std::string_view name) const {
    std::uint32_t low = 0;
    std::uint32_t high = count_;
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (entry(middle).name < name) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    ASSERT(low <= count_);
    return low;
}

std::optional<std::span<const std::byte>> Bundle::find(std::string_view name) const {
    const auto index = lower_bound(name);
    if (index == count_ || entry(index).name != name) {
        return std::nullopt;
    }
    return entry(index).bytes;
}

Result<Manifest> Bundle::manifest() const {
    const auto bytes = find(kManifestName);
    if (!bytes) {
        return fail(Blame::Caller, "the bundle has no manifest");
    }
    // SAFETY: bytes as characters.
    return read_manifest({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
}

}  // namespace tessera::bundle
