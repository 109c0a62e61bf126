// Stands before directories: what is behind can be looked at, opened and read, and everything that would change it is
// readOnly, in files and directories that come of it, too.
#include <memory>
#include <tessera/directory.tessera.hpp>
#include <tessera/message.tessera.hpp>
#include <tessera/message/message.hpp>
#include <tessera/status.tessera.hpp>
#include <utility>

namespace {

using tessera::Create;
using tessera::Directory;
using tessera::Error;
using tessera::File;
using tessera::Metadata;
using tessera::Output;
using tessera::Result;

constexpr Error kReadOnly{static_cast<std::int32_t>(tessera::Status::ReadOnly)};

// What is said of it, but that it can be written.
Result<void> give(const Result<std::span<const std::byte>>& said, Output& metadata) {
    if (!said) {
        return said.error();
    }
    tessera::message::MessageReader reader(*said);
    const auto from = reader.root<Metadata>();
    std::byte room[256];
    tessera::message::MessageBuilder builder{std::span<std::byte>(room)};
    auto to = builder.init_root<Metadata>();
    to.set_kind(from.kind());
    to.set_bytes(from.bytes());
    to.set_modified(from.modified());
    to.set_created(from.created());
    to.set_accessed(from.accessed());
    to.set_links(from.links());
    to.set_identity(from.identity());
    if (!reader.ok() || !builder.ok()) {
        return Error{static_cast<std::int32_t>(tessera::Status::Malformed)};
    }
    if (!metadata.write(builder.bytes())) {
        return Error{tessera::kTooSmall};
    }
    return {};
}

class ReadOnlyFile final : public File::Server {
  public:
    explicit ReadOnlyFile(File file) : file_(std::move(file)) {}

    Result<void> metadata(Output& metadata) override {
        std::byte room[256];
        return give(file_.metadata(room), metadata);
    }
    Result<std::uint64_t> size() override { return file_.size(); }
    Result<void> read(std::uint64_t position, std::uint32_t count, Output& data) override {
        const auto got = file_.read(position, count, data.room);
        if (!got) {
            data.length = got.error().needed;
            return got.error();
        }
        data.length = got->size();
        return {};
    }
    Result<std::uint64_t> write(std::uint64_t, std::span<const std::byte>) override { return kReadOnly; }
    Result<AppendResults> append(std::span<const std::byte>) override { return kReadOnly; }
    Result<void> resize(std::uint64_t) override { return kReadOnly; }
    Result<void> sync(bool) override { return {}; }
    Result<void> set_times(std::int64_t, std::int64_t) override { return kReadOnly; }
    Result<std::uint64_t> write_parts(std::uint64_t, std::span<const std::byte>) override { return kReadOnly; }
    Result<void> allocate(std::uint64_t, std::uint64_t) override { return kReadOnly; }

  private:
    File file_;
};

class ReadOnlyDirectory final : public Directory::Server {
  public:
    explicit ReadOnlyDirectory(Directory directory) : directory_(std::move(directory)) {}

    Result<File> open(std::string_view path, Create create, bool truncate) override {
        if (truncate || create == Create::New) {
            return kReadOnly;
        }
        auto file = directory_.open(path, Create::Never, false);
        if (!file) {
            // It would have been made.
            const bool is_missing = file.status() == static_cast<std::int32_t>(tessera::Status::NotFound);
            return is_missing && create == Create::Missing ? kReadOnly : file.error();
        }
        return File::serve(std::make_unique<ReadOnlyFile>(std::move(*file)));
    }
    Result<Directory> directory(std::string_view path, Create create) override {
        if (create != Create::Never) {
            return kReadOnly;
        }
        auto directory = directory_.directory(path, Create::Never);
        if (!directory) {
            return directory.error();
        }
        return Directory::serve(std::make_unique<ReadOnlyDirectory>(std::move(*directory)));
    }
    Result<void> metadata(std::string_view path, bool follow, Output& metadata) override {
        std::byte room[256];
        return give(directory_.metadata(path, follow, room), metadata);
    }
    Result<std::uint64_t> list(std::uint64_t cookie, std::uint32_t count, Output& entries) override {
        const auto got = directory_.list(cookie, count, entries.room);
        if (!got) {
            entries.length = got.error().needed;
            return got.error();
        }
        entries.length = got->entries.size();
        return got->next;
    }
    Result<void> remove(std::string_view, tessera::Kind) override { return kReadOnly; }
    Result<void> rename(std::string_view, Directory, std::string_view, bool) override { return kReadOnly; }
    Result<void> sync() override { return {}; }
    Result<void> link(std::string_view, Directory, std::string_view) override { return kReadOnly; }
    Result<void> symbolic_link(std::string_view, std::string_view) override { return kReadOnly; }
    Result<void> set_times(std::string_view, std::int64_t, std::int64_t) override { return kReadOnly; }

  private:
    Directory directory_;
};

class ReadsOnly final : public tessera::Interposer::Server {
  public:
    Result<tessera::Object> wrap(tessera::Object object) override {
        auto made = Directory::serve(std::make_unique<ReadOnlyDirectory>(Directory(object.take_handle())));
        return tessera::Object(made.take_handle());
    }
};

}  // namespace

extern "C" int tessera_main() {
    tessera::Interposer::serve_granted(std::make_unique<ReadsOnly>());
    return 0;
}
