#include "boot/image/media.h"

#include "boot/image/grub.h"
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <system_error>
#include <vector>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kMebibyte = 1ULL << 20U;
constexpr std::uint64_t kPartitionStart = kMebibyte;  // GRUB's core image lies before it
constexpr std::size_t kPartitionTable = 446;          // in the boot sector

Result<void> run_tool(std::vector<std::string> argv) {
    const std::string name = argv.front();
    TRY_TO(const Ended ended, run_command({.argv = std::move(argv), .capture = Capture::Both}));
    if (ended.status != 0) {
        return fail(Blame::Machine, fmt::format("{} failed (status {}): {}", name, ended.status, ended.output));
    }
    return {};
}

Result<void> place(const fs::path& from, const fs::path& to) {
    std::error_code failure;
    fs::create_directories(to.parent_path(), failure);
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, failure);
    if (failure) {
        return fail(Blame::Machine,
                    fmt::format("cannot copy {} to {}: {}", from.string(), to.string(), failure.message()));
    }
    return {};
}

std::uint64_t size_of(const fs::path& file) {
    std::error_code failure;
    const std::uint64_t bytes = fs::file_size(file, failure);
    return failure ? 0 : bytes;
}

struct FatFile {
    std::string inside;
    fs::path file;
};

// A FAT file system of `bytes` at `offset` of `image`, with these files.
Result<void>
make_fat(const fs::path& image, std::uint64_t offset, std::uint64_t bytes, const std::vector<FatFile>& files) {
    const std::string where = fmt::format("{}@@{}", image.string(), offset);
    std::vector<std::string> format{
        "mformat", "-i", where, "-T", std::to_string(bytes / kSector), "-h", "64", "-s", "32", "-v", "TESSERA"};
    if (bytes >= 64 * kMebibyte) {
        format.emplace_back("-F");
    }
    format.emplace_back("::");
    TRY_VOID(run_tool(std::move(format)));
    std::vector<std::string> made;
    for (const FatFile& file : files) {
        for (std::size_t slash = file.inside.find('/', 1); slash != std::string::npos;
             slash = file.inside.find('/', slash + 1)) {
            const std::string folder = file.inside.substr(0, slash);
            if (std::ranges::find(made, folder) == made.end()) {
                TRY_VOID(run_tool({"mmd", "-i", where, "::" + folder}));
                made.push_back(folder);
            }
        }
        TRY_VOID(run_tool({"mcopy", "-i", where, file.file.string(), "::" + file.inside}));
    }
    return {};
}

Result<void> resize(const fs::path& file, std::uint64_t bytes) {
    TRY_VOID(write_file(file, ""));
    std::error_code failure;
    fs::resize_file(file, bytes, failure);
    if (failure) {
        return fail(Blame::Machine,
                    fmt::format("cannot make {} of {}: {}", file.string(), format_size(bytes), failure.message()));
    }
    return {};
}

std::string volume_label(const std::string& name) {
    std::string label = name.substr(0, 24);
    std::ranges::transform(label, label.begin(), [](unsigned char letter) {
        return std::isalnum(letter) != 0 ? static_cast<char>(std::toupper(letter)) : '_';
    });
    return label;
}

void put_little_endian(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        bytes[at + i] = static_cast<char>((value >> (8 * i)) & 0xffU);
    }
}

// Boot sector and GRUB's core image: the sectors before the partition. GRUB's own defaults expect the core image in
// the sector after the boot sector, in one piece, so nothing has to be patched but the partition table.
Result<std::string> boot_area(const fs::path& core, std::uint64_t partition_bytes) {
    TRY_TO(const std::string boot_sector, read_file(grub_bios_folder() / "boot.img"));
    TRY_TO(const std::string core_bytes, read_file(core));
    if (boot_sector.size() != kSector || core_bytes.size() + kSector > kPartitionStart) {
        return fail(Blame::Machine, "this GRUB's boot images have sizes that a disk image can't take");
    }
    std::string area = boot_sector + core_bytes;
    // One active partition of type EF: UEFI finds its program there, GRUB its files.
    std::fill_n(area.begin() + kPartitionTable, 64, '\0');
    area[kPartitionTable] = static_cast<char>(0x80);
    put_little_endian(area, kPartitionTable + 1, 0xfffffe, 3);  // cylinders, heads, sectors: beyond what they can say
    area[kPartitionTable + 4] = static_cast<char>(0xef);
    put_little_endian(area, kPartitionTable + 5, 0xfffffe, 3);
    put_little_endian(area, kPartitionTable + 8, kPartitionStart / kSector, 4);
    put_little_endian(area, kPartitionTable + 12, partition_bytes / kSector, 4);
    area[510] = static_cast<char>(0x55);
    area[511] = static_cast<char>(0xaa);
    return area;
}

Result<void> overwrite_start(const fs::path& file, const std::string& bytes) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream) {
        return fail(Blame::Machine, fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
    }
    return {};
}

Result<void> move_into_place(const fs::path& from, const fs::path& target) {
    std::error_code failure;
    fs::rename(from, target, failure);
    if (failure) {  // another file system
        fs::copy_file(from, target, fs::copy_options::overwrite_existing, failure);
    }
    if (failure) {
        return fail(Blame::Machine, fmt::format("cannot write {}: {}", target.string(), failure.message()));
    }
    return {};
}

}  // namespace

Result<void> make_iso(const MediaContent& content, const fs::path& target) {
    TRY_TO(const ScratchFolder scratch, ScratchFolder::create());
    const fs::path tree = scratch.path() / "iso";
    TRY_VOID(place(content.kernel, tree / "boot/tessera.elf"));
    TRY_VOID(place(content.bundle, tree / "boot/app.bundle"));
    TRY_VOID(make_bios_core(Medium::Iso, content.command_line, scratch.path() / "bios.img"));
    TRY_VOID(place(scratch.path() / "bios.img", tree / "boot/grub/bios.img"));
    TRY_VOID(make_efi_program(Medium::Iso, content.command_line, scratch.path() / "bootx64.efi"));
    const fs::path efi = tree / "boot/grub/efi.img";
    const std::uint64_t efi_bytes = (size_of(scratch.path() / "bootx64.efi") / kMebibyte + 2) * kMebibyte;
    TRY_VOID(resize(efi, efi_bytes));
    TRY_VOID(make_fat(efi, 0, efi_bytes, {{"/EFI/BOOT/BOOTX64.EFI", scratch.path() / "bootx64.efi"}}));
    const fs::path iso = scratch.path() / "app.iso";
    TRY_VOID(run_tool({"xorriso",
                       "-as",
                       "mkisofs",
                       "-quiet",
                       "-o",
                       iso.string(),
                       "-R",
                       "-J",
                       "-V",
                       volume_label(content.label),
                       // BIOS: CD by El Torito, stick by the hybrid boot sector
                       "-b",
                       "boot/grub/bios.img",
                       "-no-emul-boot",
                       "-boot-load-size",
                       "4",
                       "-boot-info-table",
                       "--grub2-boot-info",
                       "--grub2-mbr",
                       (grub_bios_folder() / "boot_hybrid.img").string(),
                       // UEFI: CD and stick
                       "-eltorito-alt-boot",
                       "-e",
                       "boot/grub/efi.img",
                       "-no-emul-boot",
                       "-isohybrid-gpt-basdat",
                       tree.string()}));
    return move_into_place(iso, target);
}

Result<void> make_raw_disk(const MediaContent& content, const fs::path& target) {
    TRY_TO(const ScratchFolder scratch, ScratchFolder::create());
    const fs::path core = scratch.path() / "core.img";
    const fs::path efi = scratch.path() / "bootx64.efi";
    TRY_VOID(make_bios_core(Medium::Disk, content.command_line, core));
    TRY_VOID(make_efi_program(Medium::Disk, content.command_line, efi));
    const std::uint64_t content_bytes = size_of(content.kernel) + size_of(content.bundle) + size_of(efi);
    // FAT32 needs some 33 MiB to be one; room for its tables and for small files beside ours.
    const std::uint64_t partition = std::max<std::uint64_t>(64, content_bytes / kMebibyte * 102 / 100 + 8) * kMebibyte;
    const fs::path image = scratch.path() / "app.img";
    TRY_VOID(resize(image, kPartitionStart + partition));
    TRY_VOID(make_fat(image,
                      kPartitionStart,
                      partition,
                      {{"/EFI/BOOT/BOOTX64.EFI", efi}, {kKernelPath, content.kernel}, {kBundlePath, content.bundle}}));
    TRY_TO(const std::string area, boot_area(core, partition));
    TRY_VOID(overwrite_start(image, area));
    return move_into_place(image, target);
}

Result<void> make_qcow2_disk(const MediaContent& content, const fs::path& target) {
    TRY_TO(const ScratchFolder scratch, ScratchFolder::create());
    const fs::path raw = scratch.path() / "app.img";
    TRY_VOID(make_raw_disk(content, raw));
    TRY_VOID(run_tool(
        {"qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.string(), (scratch.path() / "app.qcow2").string()}));
    return move_into_place(scratch.path() / "app.qcow2", target);
}

}  // namespace tessera::tool
