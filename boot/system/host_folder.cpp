#include "boot/system/host_folder.h"

#include "caps/kernel/made.h"
#include "caps/schema/directory.kernel.h"
#include "core/platform/hosted/folders.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

namespace tessera::system {
namespace {

namespace hosted = platform::hosted;
using caps::Capability;
using caps::ReadSlice;
using caps::Status;
using caps::WordCall;
using caps::WriteSlice;
using hosted::Access;

// What is open, by its descriptor: an object's state is a place in here, so that making one takes no memory.
struct OpenFile {
    int file = -1;
    Access access = Access::Read;
};
struct OpenFolder {
    int file = -1;
};
constexpr std::size_t kOpenMax = 4096;
constinit std::array<OpenFile, kOpenMax> open_files{};
constinit std::array<OpenFolder, kOpenMax> open_folders{};

const caps::KernelTable& host_file_table();
const caps::KernelTable& host_folder_table();

Status status_of(std::int64_t result) {
    switch (result < 0 ? -result : 0) {
    case 0:
        return Status::Ok;
    case ENOENT:
        return Status::NotFound;
    case EEXIST:
        return Status::Exists;
    case EROFS:
        return Status::ReadOnly;
    case EACCES:
    case EPERM:
    case EXDEV:  // by openat2: it leads out of the folder
        return Status::Denied;
    case ENOTDIR:
        return Status::NotDirectory;
    case EISDIR:
        return Status::IsDirectory;
    case ENOTEMPTY:
        return Status::NotEmpty;
    case ENOSPC:
    case EDQUOT:
        return Status::NoSpace;
    case EFBIG:
        return Status::TooLarge;
    case EBUSY:
    case ETXTBSY:
        return Status::Busy;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return Status::Exhausted;
    case EIO:
        return Status::Device;
    default:
        return Status::Invalid;
    }
}

// A path as the program gives it, copied once and with a zero behind it.
class Path {
  public:
    Status read(ReadSlice from) {
        if (from.length >= text_.size()) {
            return Status::Invalid;
        }
        length_ = from.length;
        text_[length_] = '\0';
        if (tessera_copy(text_.data(), from.bytes, length_) != 0) {
            return Status::Stale;
        }
        return text().find('\0') == std::string_view::npos ? Status::Ok : Status::Invalid;
    }
    // The same, of something that has a name.
    Status read_name(ReadSlice from) {
        const auto status = read(from);
        return status != Status::Ok ? status : is_name() ? Status::Ok : Status::Invalid;
    }
    [[nodiscard]] std::string_view text() const { return {text_.data(), length_}; }
    [[nodiscard]] const char* terminated() const { return text_.data(); }

  private:
    // "." and ".." are no names.
    [[nodiscard]] bool is_name() const {
        auto rest = text();
        for (bool more = true; more;) {
            const auto slash = rest.find('/');
            const auto name = rest.substr(0, slash);
            if (name.empty() || name == "." || name == "..") {
                return false;
            }
            more = slash != std::string_view::npos;
            rest.remove_prefix(more ? slash + 1 : rest.size());
        }
        return true;
    }

    std::array<char, 4096> text_;
    std::size_t length_ = 0;
};

Status read_path(Path& path, ReadSlice from) { return from.length == 0 ? path.read(from) : path.read_name(from); }

schema::Kind kind_of(hosted::Kind kind) {
    static_assert(static_cast<int>(hosted::Kind::Device) == static_cast<int>(schema::Kind::Device) &&
                  static_cast<int>(hosted::Kind::Link) == static_cast<int>(schema::Kind::Link));
    return static_cast<schema::Kind>(kind);
}

// As caps/kernel/metadata.h does it, with all that Linux knows.
Status give(const hosted::Facts& facts, bool writable, WriteSlice into, std::uint64_t& length) {
    constexpr std::uint64_t kSixWordsOfNumbers = std::uint64_t{6} << 32U;
    constexpr unsigned kWritableBit = 16;
    const std::uint64_t links = facts.links ^ 1U;
    const auto first =
        static_cast<std::uint64_t>(kind_of(facts.kind)) | std::uint64_t{writable} << kWritableBit | links << 32U;
    const std::array<std::uint64_t, 7> words = {kSixWordsOfNumbers,
                                                first,
                                                facts.bytes,
                                                static_cast<std::uint64_t>(facts.modified_ns),
                                                static_cast<std::uint64_t>(facts.created_ns),
                                                static_cast<std::uint64_t>(facts.accessed_ns),
                                                facts.identity};
    return caps::give_bytes(std::as_bytes(std::span(words)), into, length);
}

// --- Files.

Status file_metadata(WordCall& /*call*/, OpenFile& self, WriteSlice into, std::uint64_t& length) {
    hosted::Facts facts;
    const int result = hosted::facts_of(self.file, facts);
    return result < 0 ? status_of(result) : give(facts, self.access == Access::Write, into, length);
}

Status file_size(WordCall& /*call*/, OpenFile& self, std::uint64_t& bytes) {
    hosted::Facts facts;
    const int result = hosted::facts_of(self.file, facts);
    bytes = facts.bytes;
    return status_of(result);
}

// Bytes go by here: Linux never touches a program's memory, which may go while it does.
constexpr std::size_t kPartBytes = 8192;

Status file_read(WordCall& /*call*/,
                 OpenFile& self,
                 std::uint64_t position,
                 std::uint32_t count,
                 WriteSlice into,
                 std::uint64_t& length) {
    const auto most = std::min<std::uint64_t>(count, into.length);
    std::array<std::byte, kPartBytes> part;
    while (length < most && runtime::share_core()) {
        const auto bytes =
            hosted::read_at(self.file, position + length, std::span(part).first(std::min(most - length, kPartBytes)));
        if (bytes <= 0) {
            return status_of(bytes);
        }
        const auto got = static_cast<std::uint64_t>(bytes);
        if (tessera_copy(into.bytes + length, part.data(), got) != 0) {
            return Status::Stale;
        }
        length += got;
    }
    return Status::Ok;
}

Status file_write(WordCall& /*call*/, OpenFile& self, std::uint64_t position, ReadSlice data, std::uint64_t& written) {
    if (self.access != Access::Write) {
        return Status::ReadOnly;
    }
    std::array<std::byte, kPartBytes> part;
    while (written < data.length && runtime::share_core()) {
        const auto bytes = std::min(data.length - written, kPartBytes);
        if (tessera_copy(part.data(), data.bytes + written, bytes) != 0) {
            return Status::Stale;
        }
        const auto taken = hosted::write_at(self.file, position + written, std::span(part).first(bytes));
        if (taken <= 0) {
            return written != 0 ? Status::Ok : status_of(taken);
        }
        written += static_cast<std::uint64_t>(taken);
    }
    return Status::Ok;
}

Status file_append(WordCall& call, OpenFile& self, ReadSlice data, std::uint64_t& position, std::uint64_t& written) {
    const auto status = file_size(call, self, position);
    return status != Status::Ok ? status : file_write(call, self, position, data, written);
}

Status file_resize(WordCall& /*call*/, OpenFile& self, std::uint64_t bytes) {
    return self.access == Access::Write ? status_of(hosted::resize(self.file, bytes)) : Status::ReadOnly;
}

Status file_sync(WordCall& /*call*/, OpenFile& self, std::uint32_t /*data*/) {
    return status_of(hosted::sync(self.file));
}

Status file_set_times(WordCall& /*call*/, OpenFile& self, std::int64_t accessed, std::int64_t modified) {
    return status_of(hosted::set_times(self.file, "", accessed, modified));
}

// --- Folders.

template <typename Open>
Status give_open(WordCall& call,
                 std::array<Open, kOpenMax>& places,
                 const Open& open,
                 const caps::KernelTable& table,
                 Capability& result) {
    if (static_cast<std::size_t>(open.file) >= places.size()) {
        hosted::close_descriptor(open.file);
        return Status::Exhausted;
    }
    auto& place = places[static_cast<std::size_t>(open.file)];
    place = open;
    result = caps::give_new(call, table, &place);
    return result == nullptr ? Status::Exhausted : Status::Ok;
}

Status open(WordCall& call,
            OpenFolder& self,
            ReadSlice name,
            schema::Create create,
            std::uint32_t truncate,
            Capability& result) {
    if (create > schema::Create::New) {
        return Status::Malformed;
    }
    Path path;
    if (const auto status = path.read_name(name); status != Status::Ok) {
        return status;
    }
    OpenFile made{.access = Access::Write};
    made.file =
        hosted::open_file_in(self.file, path.text(), made.access, static_cast<hosted::Make>(create), truncate != 0);
    return made.file < 0 ? status_of(made.file) : give_open(call, open_files, made, host_file_table(), result);
}

Status directory(WordCall& call, OpenFolder& self, ReadSlice name, schema::Create create, Capability& result) {
    if (create > schema::Create::New) {
        return Status::Malformed;
    }
    Path path;
    if (const auto status = path.read_name(name); status != Status::Ok) {
        return status;
    }
    if (create != schema::Create::Never) {
        const int made = hosted::make_folder_in(self.file, path.text());
        if (made < 0 && (made != -EEXIST || create == schema::Create::New)) {
            return status_of(made);
        }
    }
    const OpenFolder found{hosted::open_folder_in(self.file, path.text())};
    return found.file < 0 ? status_of(found.file) : give_open(call, open_folders, found, host_folder_table(), result);
}

Status metadata(WordCall& /*call*/,
                OpenFolder& self,
                ReadSlice name,
                std::uint32_t follow,
                WriteSlice into,
                std::uint64_t& length) {
    Path path;
    if (const auto status = read_path(path, name); status != Status::Ok) {
        return status;
    }
    hosted::Facts facts;
    const int result = hosted::facts_in(self.file, path.text(), follow != 0, facts);
    return result < 0 ? status_of(result) : give(facts, true, into, length);
}

// As caps/kernel/directory.cpp makes it, for entries whose number is not known before: room is left for as many as fit
// at least, and a list's entries lie together, so names are put from the room's end of entries on.
Status list(WordCall& /*call*/,
            OpenFolder& self,
            std::uint64_t cookie,
            std::uint32_t count_max,
            WriteSlice into,
            std::uint64_t& length,
            std::uint64_t& next) {
    constexpr std::uint64_t kWord = sizeof(std::uint64_t);
    constexpr std::uint64_t kEntryWords = 3;
    constexpr std::uint64_t kFirstEntry = 2;
    constexpr std::uint64_t kNameBytesMax = 256;
    constexpr std::uint64_t kMostWords = kEntryWords + kNameBytesMax / kWord;
    const auto room = into.length / kWord;
    if (room < kFirstEntry + kMostWords) {
        length = (kFirstEntry + kMostWords) * kWord;
        return Status::TooSmall;
    }
    const auto most = std::min<std::uint64_t>(count_max, (room - kFirstEntry) / kMostWords);
    bool failed = false;
    const auto put = [&](std::uint64_t at, const void* from, std::size_t bytes) {
        failed = failed || tessera_copy(into.bytes + at * kWord, from, bytes) != 0;
    };
    const auto put_word = [&](std::uint64_t at, std::uint64_t word) { put(at, &word, sizeof word); };
    auto names = kFirstEntry + most * kEntryWords;
    std::uint64_t count = 0;
    hosted::Listing listing(self.file, cookie);
    hosted::Entry entry{};
    int more = 0;
    std::uint64_t place = cookie;
    while ((more = listing.next(entry)) > 0 && count < most && runtime::share_core()) {
        constexpr std::uint64_t kListOfBytes = 1 | std::uint64_t{2} << 32U;
        const auto at = kFirstEntry + count * kEntryWords;
        const auto words = entry.name.size() / kWord + 1;
        put_word(at, static_cast<std::uint64_t>(kind_of(entry.kind)));
        put_word(at + 1, entry.identity);
        put_word(at + 2, kListOfBytes | (names - (at + kEntryWords)) << 2U | (entry.name.size() + 1) << 35U);
        put_word(names + words - 1, 0);
        put(names, entry.name.data(), entry.name.size());
        names += words;
        place = entry.next;
        ++count;
    }
    for (auto at = kFirstEntry + count * kEntryWords; at < kFirstEntry + most * kEntryWords; ++at) {
        put_word(at, 0);  // between entries and names
    }
    constexpr std::uint64_t kListOfStructs = 1 | std::uint64_t{7} << 32U;
    put_word(0, kListOfStructs | count * kEntryWords << 35U);
    put_word(1, count << 2U | std::uint64_t{2} << 32U | std::uint64_t{1} << 48U);
    length = names * kWord;
    next = more > 0 ? place : 0;
    return more < 0 ? status_of(more) : failed ? Status::Stale : Status::Ok;
}

Status remove(WordCall& /*call*/, OpenFolder& self, ReadSlice name, schema::Kind kind) {
    Path path;
    if (const auto status = path.read_name(name); status != Status::Ok) {
        return status;
    }
    const auto what = kind == schema::Kind::Directory ? hosted::Kind::Folder : hosted::Kind::File;
    return status_of(hosted::remove_in(self.file, path.text(), what));
}

// Two names, in this folder and in another of the host's.
template <typename Act>
Status with_both(WordCall& call, ReadSlice name, Capability to, ReadSlice new_name, Act act) {
    Path path;
    Path new_path;
    auto status = path.read_name(name);
    if (status == Status::Ok) {
        status = new_path.read_name(new_name);
    }
    if (status != Status::Ok) {
        return status;
    }
    caps::ObjectHeader* held = nullptr;
    const auto* other = static_cast<OpenFolder*>(caps::state_of(call, to, host_folder_table(), held));
    status = other == nullptr ? Status::OtherDevice : act(path.text(), other->file, new_path.text());
    caps::drop_held(held);
    return status;
}

Status
rename(WordCall& call, OpenFolder& self, ReadSlice name, Capability to, ReadSlice new_name, std::uint32_t replace) {
    return with_both(call, name, to, new_name, [&](std::string_view path, int other, std::string_view new_path) {
        const int result = hosted::rename_in(self.file, path, other, new_path, replace != 0);
        return result == -EXDEV ? Status::OtherDevice : status_of(result);
    });
}

Status sync(WordCall& /*call*/, OpenFolder& self) { return status_of(hosted::sync(self.file)); }

Status link(WordCall& call, OpenFolder& self, ReadSlice name, Capability to, ReadSlice new_name) {
    return with_both(call, name, to, new_name, [&](std::string_view path, int other, std::string_view new_path) {
        const int result = hosted::link_in(self.file, path, other, new_path);
        return result == -EXDEV ? Status::OtherDevice : status_of(result);
    });
}

Status symbolic_link(WordCall& /*call*/, OpenFolder& self, ReadSlice name, ReadSlice target) {
    Path path;
    Path where;
    auto status = path.read_name(name);
    if (status == Status::Ok) {
        status = where.read(target);
    }
    return status != Status::Ok ? status
                                : status_of(hosted::symbolic_link_in(self.file, path.text(), where.terminated()));
}

Status read_link(WordCall& /*call*/, OpenFolder& self, ReadSlice name, WriteSlice into, std::uint64_t& length) {
    Path path;
    if (const auto status = path.read_name(name); status != Status::Ok) {
        return status;
    }
    std::array<char, 4096> target;
    const auto bytes = hosted::read_link_in(self.file, path.text(), target);
    return bytes < 0 ? status_of(bytes)
                     : caps::give_bytes(
                           std::as_bytes(std::span(target).first(static_cast<std::size_t>(bytes))), into, length);
}

Status set_times(WordCall& /*call*/, OpenFolder& self, ReadSlice name, std::int64_t accessed, std::int64_t modified) {
    Path path;
    if (const auto status = path.read_name(name); status != Status::Ok) {
        return status;
    }
    return status_of(hosted::set_times(self.file, path.text(), accessed, modified));
}

// SAFETY (both): what give_open has put there.
void file_released(std::uint64_t state) { hosted::close_descriptor(reinterpret_cast<OpenFile*>(state)->file); }
void folder_released(std::uint64_t state) { hosted::close_descriptor(reinterpret_cast<OpenFolder*>(state)->file); }

const caps::KernelTable& host_file_table() {
    static constexpr auto kMethods = caps::kernel_methods<schema::File,
                                                          file_metadata,
                                                          file_size,
                                                          file_read,
                                                          file_write,
                                                          file_append,
                                                          file_resize,
                                                          file_sync,
                                                          file_set_times,
                                                          nullptr,
                                                          nullptr,
                                                          nullptr,
                                                          nullptr>();
    static constexpr std::array kInterfaces = {caps::KernelInterface{schema::File::kId, kMethods}};
    static const auto table = caps::kernel_table(kInterfaces, file_released);
    return table;
}

const caps::KernelTable& host_folder_table() {
    static constexpr auto kMethods = caps::kernel_methods<schema::Directory,
                                                          open,
                                                          directory,
                                                          metadata,
                                                          list,
                                                          remove,
                                                          rename,
                                                          sync,
                                                          link,
                                                          symbolic_link,
                                                          read_link,
                                                          set_times,
                                                          nullptr,
                                                          nullptr>();
    static constexpr std::array kInterfaces = {caps::KernelInterface{schema::Directory::kId, kMethods}};
    static const auto table = caps::kernel_table(kInterfaces, folder_released);
    return table;
}

}  // namespace

caps::ObjectHeader* open_host_folder(const std::string& path) {
    const int file = hosted::open_folder(path.c_str());
    auto* header = file < 0 || static_cast<std::size_t>(file) >= kOpenMax ? nullptr : caps::take_header();
    if (header == nullptr) {
        hosted::close_descriptor(file);
        return nullptr;
    }
    auto& place = open_folders[static_cast<std::size_t>(file)];
    place.file = file;
    (void)host_file_table();
    header->methods = &host_folder_table().table;
    // SAFETY: an address as a number.
    header->state = reinterpret_cast<std::uint64_t>(&place);
    caps::add_reference(*header);  // never dropped: it stays
    header->identity = caps::new_identity();
    return header;
}

}  // namespace tessera::system
