#include "safeir/load/cache_entry.h"

#include "safeir/load/cache.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/Support/BLAKE3.h"

#include <cstring>

namespace tessera::safeir {
namespace {

constexpr std::size_t kObjectAlign = 16;
constexpr std::size_t aligned(std::size_t bytes) { return (bytes + kObjectAlign - 1) / kObjectAlign * kObjectAlign; }

Hash hash_of(std::span<const std::byte> bytes) {
    // SAFETY: bytes as the hash's idea of bytes.
    return llvm::BLAKE3::hash<32>({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace

Hash cache_binding(const ContentHash& program, Features features) {
    llvm::BLAKE3 hasher;
    const auto add = [&hasher](std::string_view text) {
        hasher.update(llvm::StringRef(text.data(), text.size()));
        hasher.update(llvm::StringRef("\0", 1));
    };
    add("tessera code");
    hasher.update(llvm::ArrayRef<std::uint8_t>(program));
    add(LLVM_VERSION_STRING);
    add(features_name(features));
    add(std::to_string(kCodeVersion));
    return hasher.final<32>();
}

std::vector<std::byte> encode_cache_entry(const Hash& binding, const LineTable& lines, llvm::StringRef object) {
    const auto packed = lines.pack();
    CacheHeader header{kCacheMagic, binding, {}, packed.size(), object.size()};
    const std::size_t object_offset = aligned(sizeof header + packed.size());
    std::vector<std::byte> bytes(object_offset + object.size());
    std::memcpy(bytes.data() + sizeof header, packed.data(), packed.size());
    std::memcpy(bytes.data() + object_offset, object.data(), object.size());
    header.payload = hash_of(std::span(bytes).subspan(sizeof header));
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
}

bool is_bound_to(std::span<const std::byte> bytes, const Hash& binding) {
    CacheHeader header;
    if (bytes.size() < sizeof header) {
        return false;
    }
    std::memcpy(&header, bytes.data(), sizeof header);
    return header.binding == binding;
}

Result<CacheEntry> decode_cache_entry(std::span<const std::byte> bytes, const Hash& binding) {
    CacheHeader header;
    if (bytes.size() < sizeof header) {
        return fail(Blame::Caller, "it is too short");
    }
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.magic != kCacheMagic) {
        return fail(Blame::Caller, "it is no generated code");
    }
    if (header.binding != binding) {
        return fail(Blame::Caller, "it was made from another program or for another compiler, processor or version");
    }
    const auto payload = bytes.subspan(sizeof header);
    if (header.payload != hash_of(payload)) {
        return fail(Blame::Caller, "it is damaged");
    }
    // The hash says that these numbers are what encode_cache_entry wrote; they are checked all the same.
    if (header.line_bytes > payload.size()) {
        return fail(Blame::Caller, "its header is damaged");
    }
    const std::size_t object_offset = aligned(sizeof header + header.line_bytes);
    if (object_offset > bytes.size() || header.object_bytes != bytes.size() - object_offset) {
        return fail(Blame::Caller, "its header is damaged");
    }
    // SAFETY: bytes as characters, inside the entry.
    const auto* object = reinterpret_cast<const char*>(bytes.data()) + object_offset;
    return CacheEntry{payload.first(header.line_bytes), {object, header.object_bytes}};
}

Result<void> check_cache_entry(std::span<const std::byte> entry, const CheckedModule& program, Features features) {
    TRY_VOID(decode_cache_entry(entry, cache_binding(program.content_hash(), features)));
    return {};
}

}  // namespace tessera::safeir
