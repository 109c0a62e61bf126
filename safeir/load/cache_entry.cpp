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
    std::string files;
    for (const auto& file : lines.files) {
        files.append(file).push_back('\0');
    }
    CacheHeader header{kCacheMagic, binding, {}, lines.rows.size(), lines.files.size(), files.size(), object.size()};
    const std::size_t rows_bytes = lines.rows.size() * sizeof(LineTable::Row);
    const std::size_t object_offset = aligned(sizeof header + rows_bytes + files.size());
    std::vector<std::byte> bytes(object_offset + object.size());
    std::memcpy(bytes.data() + sizeof header, lines.rows.data(), rows_bytes);
    std::memcpy(bytes.data() + sizeof header + rows_bytes, files.data(), files.size());
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
    const std::uint64_t size = payload.size();
    if (header.line_rows > size / sizeof(LineTable::Row) || header.file_bytes > size || header.object_bytes > size) {
        return fail(Blame::Caller, "its header is damaged");
    }
    const std::size_t rows_bytes = header.line_rows * sizeof(LineTable::Row);
    const std::size_t object_offset = aligned(sizeof header + rows_bytes + header.file_bytes);
    if (object_offset > bytes.size() || header.object_bytes != bytes.size() - object_offset) {
        return fail(Blame::Caller, "its header is damaged");
    }
    CacheEntry entry;
    entry.lines.rows.resize(header.line_rows);
    std::memcpy(entry.lines.rows.data(), payload.data(), rows_bytes);
    // SAFETY: bytes as characters, inside the entry.
    const auto* characters = reinterpret_cast<const char*>(bytes.data());
    llvm::StringRef files(characters + sizeof header + rows_bytes, header.file_bytes);
    while (!files.empty()) {
        const auto [name, rest] = files.split('\0');
        entry.lines.files.push_back(name.str());
        files = rest;
    }
    entry.object = {characters + object_offset, header.object_bytes};
    return entry;
}

Result<void> check_cache_entry(std::span<const std::byte> entry, const CheckedModule& program, Features features) {
    TRY_VOID(decode_cache_entry(entry, cache_binding(program.content_hash(), features)));
    return {};
}

}  // namespace tessera::safeir
