#include "caps/kernel/metadata.h"

#include <string_view>

namespace tessera::caps {
namespace {

constexpr std::size_t kPathBytesMax = 4096;

// A path as the program gives it, copied once: it may change while it is looked at.
class Path {
  public:
    Status read(ReadSlice from) {
        if (from.length > text_.size()) {
            return Status::Invalid;
        }
        length_ = from.length;
        return tessera_copy(text_.data(), from.bytes, from.length) == 0 ? Status::Ok : Status::Stale;
    }
    [[nodiscard]] std::string_view text() const { return {text_.data(), length_}; }

  private:
    std::array<char, kPathBytesMax> text_;
    std::size_t length_ = 0;
};

// What the path leads to from there; the tree keeps it. An empty path leads nowhere else.
Status walk(Directory& from, std::string_view path, Object*& found) {
    found = &from;
    for (bool more = !path.empty(); more;) {
        auto* directory = as<Directory>(found);
        if (directory == nullptr) {
            return Status::NotDirectory;
        }
        const auto slash = path.find('/');
        const auto name = path.substr(0, slash);
        if (name.empty() || name == "." || name == "..") {
            return Status::Invalid;
        }
        found = directory->open(name).get();
        if (found == nullptr) {
            return Status::NotFound;
        }
        more = slash != std::string_view::npos;
        path.remove_prefix(more ? slash + 1 : path.size());
    }
    return Status::Ok;
}

// What `open` and `directory` do where nothing can be made.
Status find(Directory& from, ReadSlice name, schema::Create create, Object*& found) {
    if (create > schema::Create::New) {
        return Status::Malformed;
    }
    Path path;
    if (const auto status = path.read(name); status != Status::Ok) {
        return status;
    }
    if (path.text().empty()) {
        return Status::Invalid;
    }
    const auto status = walk(from, path.text(), found);
    if (status == Status::NotFound && create != schema::Create::Never) {
        return Status::ReadOnly;
    }
    return status == Status::Ok && create == schema::Create::New ? Status::Exists : status;
}

Status open(WordCall& /*call*/,
            Directory& self,
            ReadSlice path,
            schema::Create create,
            std::uint32_t truncate,
            ObjectHeader*& result) {
    Object* found = nullptr;
    if (const auto status = find(self, path, create, found); status != Status::Ok) {
        return status;
    }
    if (as<File>(found) == nullptr) {
        return Status::IsDirectory;
    }
    if (truncate != 0) {
        return Status::ReadOnly;
    }
    result = &found->header();
    return Status::Ok;
}

Status directory(WordCall& /*call*/, Directory& self, ReadSlice path, schema::Create create, ObjectHeader*& result) {
    Object* found = nullptr;
    if (const auto status = find(self, path, create, found); status != Status::Ok) {
        return status;
    }
    if (as<Directory>(found) == nullptr) {
        return Status::NotDirectory;
    }
    result = &found->header();
    return Status::Ok;
}

Status metadata(WordCall& /*call*/,
                Directory& self,
                ReadSlice name,
                std::uint32_t /*follow*/,
                WriteSlice into,
                std::uint64_t& length) {
    Path path;
    Object* found = nullptr;
    if (const auto status = path.read(name); status != Status::Ok) {
        return status;
    }
    if (const auto status = walk(self, path.text(), found); status != Status::Ok) {
        return status;
    }
    if (const auto* file = as<File>(found)) {
        return give_metadata(schema::Kind::File, file->bytes().size(), file->number(), into, length);
    }
    return give_metadata(schema::Kind::Directory, 0, as<Directory>(found)->number(), into, length);
}

// A list of entries as a message of one segment: its pointer, a tag, a struct for each, then their names. Each word of
// it is given out as it is made.
class EntryList {
  public:
    static constexpr std::uint64_t kNumberWords = 2;
    static constexpr std::uint64_t kEntryWords = kNumberWords + 1;
    static constexpr std::uint64_t kFirstEntry = 2;
    static std::uint64_t name_words(const Directory::Entry& entry) {
        return entry.name.size() / sizeof(std::uint64_t) + 1;  // with a zero behind it
    }

    EntryList(WriteSlice into, std::uint64_t count) : into_(into), names_(kFirstEntry + count * kEntryWords) {
        constexpr std::uint64_t kListOfStructs = 1 | std::uint64_t{7} << 32U;
        put(0, kListOfStructs | count * kEntryWords << 35U);
        put(1, count << 2U | kNumberWords << 32U | std::uint64_t{1} << 48U);
    }

    void add(const Directory::Entry& entry) {
        constexpr std::uint64_t kListOfBytes = 1 | std::uint64_t{2} << 32U;
        const auto kind = entry.is_directory ? schema::Kind::Directory : schema::Kind::File;
        const auto at = kFirstEntry + added_++ * kEntryWords;
        put(at, static_cast<std::uint64_t>(kind));
        put(at + 1, entry.number);
        put(at + 2, kListOfBytes | (names_ - (at + kEntryWords)) << 2U | (entry.name.size() + 1) << 35U);
        put(names_ + name_words(entry) - 1, 0);
        copy(names_, entry.name.data(), entry.name.size());
        names_ += name_words(entry);
    }

    [[nodiscard]] std::uint64_t bytes() const { return names_ * sizeof(std::uint64_t); }
    [[nodiscard]] bool failed() const { return failed_; }

  private:
    void put(std::uint64_t at, std::uint64_t word) { copy(at, &word, sizeof word); }
    void copy(std::uint64_t at, const void* from, std::size_t bytes) {
        failed_ = failed_ || tessera_copy(into_.bytes + at * sizeof(std::uint64_t), from, bytes) != 0;
    }

    WriteSlice into_;
    std::uint64_t names_;  // where the next name is put
    std::uint64_t added_ = 0;
    bool failed_ = false;
};

// Cookies are places in the order of names. As many entries as fit are given.
Status list(WordCall& /*call*/,
            Directory& self,
            std::uint64_t cookie,
            std::uint32_t count_max,
            WriteSlice into,
            std::uint64_t& length,
            std::uint64_t& next) {
    const auto first = static_cast<std::uint32_t>(std::min<std::uint64_t>(cookie, ~std::uint32_t{0} - 1));
    std::uint64_t words = EntryList::kFirstEntry;
    std::uint32_t count = 0;
    auto entry = self.entry(first);
    for (; entry && count < count_max && runtime::share_core(); entry = self.entry(first + count)) {
        const auto with_it = words + EntryList::kEntryWords + EntryList::name_words(*entry);
        if (with_it * sizeof(std::uint64_t) > into.length) {
            break;
        }
        words = with_it;
        ++count;
    }
    if (words * sizeof(std::uint64_t) > into.length || (entry && count == 0 && count_max != 0)) {
        const auto more = entry ? EntryList::kEntryWords + EntryList::name_words(*entry) : 0;
        length = (words + more) * sizeof(std::uint64_t);
        return Status::TooSmall;
    }
    EntryList made(into, count);
    for (std::uint32_t i = 0; i < count && runtime::share_core(); ++i) {
        made.add(*self.entry(first + i));
    }
    length = made.bytes();
    next = entry ? first + count : 0;
    return made.failed() ? Status::Stale : Status::Ok;
}

Status remove(WordCall& /*call*/, Directory& /*self*/, ReadSlice /*path*/, schema::Kind /*kind*/) {
    return Status::ReadOnly;
}

Status rename(WordCall& /*call*/,
              Directory& /*self*/,
              ReadSlice /*path*/,
              Capability /*to*/,
              ReadSlice /*new_path*/,
              std::uint32_t /*replace*/) {
    return Status::ReadOnly;
}

Status sync(WordCall& /*call*/, Directory& /*self*/) { return Status::Ok; }

Status link(WordCall& /*call*/, Directory& /*self*/, ReadSlice /*path*/, Capability /*to*/, ReadSlice /*new_path*/) {
    return Status::ReadOnly;
}

Status symbolic_link(WordCall& /*call*/, Directory& /*self*/, ReadSlice /*path*/, ReadSlice /*target*/) {
    return Status::ReadOnly;
}

Status set_times(
    WordCall& /*call*/, Directory& /*self*/, ReadSlice /*path*/, std::int64_t /*accessed*/, std::int64_t /*modified*/) {
    return Status::ReadOnly;
}

}  // namespace

const KernelTable& directory_table() {
    static constexpr auto kMethods = kernel_methods<schema::Directory,
                                                    open,
                                                    directory,
                                                    metadata,
                                                    list,
                                                    remove,
                                                    rename,
                                                    sync,
                                                    link,
                                                    symbolic_link,
                                                    nullptr,
                                                    set_times,
                                                    nullptr,
                                                    nullptr>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Directory::kId, kMethods}};
    static const auto table = kernel_table(kInterfaces);
    return table;
}

}  // namespace tessera::caps
