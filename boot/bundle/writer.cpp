#include "boot/bundle/writer.h"

#include "boot/bundle/bundle.h"
#include "boot/bundle/format.h"
#include "core/base/assert.h"

#include <cstring>

namespace tessera::bundle {
namespace {

constexpr std::uint64_t page_aligned(std::uint64_t value) { return (value + kPageBytes - 1) / kPageBytes * kPageBytes; }

std::vector<std::byte> bytes_of(const std::string& text) {
    std::vector<std::byte> bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

}  // namespace

void Writer::add_file(std::string name, std::vector<std::byte> bytes) {
    if (!files_.emplace(name, std::move(bytes)).second) {
        duplicate_ = std::move(name);
    }
}

void Writer::add_program(Program program, std::vector<std::byte> sir, std::vector<std::vector<std::byte>> caches) {
    const std::string stem = "programs/" + std::to_string(manifest_.programs.size());
    program.file = stem + "/program.sir";
    program.caches.clear();
    add_file(program.file, std::move(sir));
    for (std::size_t i = 0; i < caches.size(); ++i) {
        program.caches.push_back(stem + "/code." + std::to_string(i));
        add_file(program.caches.back(), std::move(caches[i]));
    }
    manifest_.programs.push_back(std::move(program));
}

void Writer::add_module(const std::string& name,
                        std::vector<std::byte> sir,
                        std::vector<std::vector<std::byte>> codes) {
    add_file("modules/" + name, std::move(sir));
    for (std::size_t i = 0; i < codes.size(); ++i) {
        add_file("codes/" + name + "/" + std::to_string(i), std::move(codes[i]));
    }
}

Result<std::vector<std::byte>> Writer::finish() const {
    if (!duplicate_.empty()) {
        return fail(Blame::Caller, "the file " + duplicate_ + " is in the bundle twice");
    }
    auto files = files_;
    if (!files.emplace(kManifestName, bytes_of(write_manifest(manifest_))).second) {
        return fail(Blame::Caller, "a bundle's file can't be named manifest");
    }
    std::string names;
    std::vector<EntryLayout> entries;
    const std::uint64_t names_offset = sizeof(HeaderLayout) + files.size() * sizeof(EntryLayout);
    for (const auto& [name, bytes] : files) {
        entries.push_back(
            {0, bytes.size(), static_cast<std::uint32_t>(names.size()), static_cast<std::uint32_t>(name.size())});
        names += name;
    }
    std::uint64_t end = page_aligned(names_offset + names.size());
    for (auto& entry : entries) {
        entry.offset = end;
        end = page_aligned(end + entry.bytes);
    }
    const HeaderLayout header{
        kMagic, kVersion, static_cast<std::uint32_t>(entries.size()), end, names_offset, names.size()};
    ASSERT(end % kPageBytes == 0 && entries.size() == files.size());
    std::vector<std::byte> bundle(end);
    std::memcpy(bundle.data(), &header, sizeof header);
    std::memcpy(bundle.data() + sizeof header, entries.data(), entries.size() * sizeof(EntryLayout));
    std::memcpy(bundle.data() + names_offset, names.data(), names.size());
    std::size_t index = 0;
    for (const auto& [name, bytes] : files) {
        ASSERT(entries[index].offset + bytes.size() <= end);
        if (!bytes.empty()) {
            std::memcpy(bundle.data() + entries[index].offset, bytes.data(), bytes.size());
        }
        ++index;
    }
    if (auto opened = Bundle::open(bundle); !opened) {
        return fail(Blame::Caller, "a file's name can't be in a bundle (" + opened.error().text + ")");
    }
    return bundle;
}

}  // namespace tessera::bundle
