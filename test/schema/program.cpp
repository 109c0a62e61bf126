// A program that calls a directory and a console, and serves a file.
#include <tessera/arguments.tessera.hpp>
#include <tessera/device.tessera.hpp>
#include <tessera/directory.tessera.hpp>
#include <tessera/domain.tessera.hpp>
#include <tessera/network.tessera.hpp>
#include <tessera/random.tessera.hpp>
#include <tessera/service.tessera.hpp>
#include <tessera/status.tessera.hpp>
#include <tessera/stream.tessera.hpp>
#include <tessera/time.tessera.hpp>

namespace {

class Greeting final : public tessera::File::Server {
  public:
    tessera::Result<void> metadata(tessera::Output&) override { return {}; }
    tessera::Result<std::uint64_t> size() override { return 5; }
    tessera::Result<void> read(std::uint64_t, std::uint32_t, tessera::Output& data) override {
        data.write("hello");
        return {};
    }
    tessera::Result<std::uint64_t> write(std::uint64_t, std::span<const std::byte>) override { return kReadOnly; }
    tessera::Result<AppendResults> append(std::span<const std::byte>) override { return kReadOnly; }
    tessera::Result<void> resize(std::uint64_t) override { return kReadOnly; }
    tessera::Result<void> sync(bool) override { return {}; }

  private:
    static constexpr tessera::Error kReadOnly{static_cast<std::int32_t>(tessera::Status::ReadOnly)};
};

}  // namespace

std::int32_t copy_to(const tessera::Directory& root, const tessera::Console& out) {
    auto file = root.open("a.txt", tessera::Create::Never, false);
    if (!file) {
        return file.status();
    }
    std::byte room[64];
    const auto data = file->read(0, sizeof(room), room);
    if (!data) {
        return data.status();
    }
    const auto written = out.write(*data, 0);
#ifdef WRONG_TYPE
    static_cast<void>(root.rename("a", out, "b", true));
#endif
    return written.status();
}

tessera::File new_file() { return tessera::File::serve(std::make_unique<Greeting>()); }
