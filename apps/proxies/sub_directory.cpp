// Stands before a directory, and gives the one below it that ROOT names in its place: no path leads out of a directory,
// so nothing else has to stand there.
#include <cstdlib>
#include <memory>
#include <tessera/directory.tessera.hpp>
#include <tessera/message.tessera.hpp>
#include <tessera/status.tessera.hpp>

namespace {

class BelowRoot final : public tessera::Interposer::Server {
  public:
    tessera::Result<tessera::Object> wrap(tessera::Object object) override {
        const char* const root = std::getenv("ROOT");
        if (root == nullptr) {
            return tessera::Error{static_cast<std::int32_t>(tessera::Status::Invalid)};
        }
        const tessera::Directory directory(object.take_handle());
        auto below = directory.directory(root, tessera::Create::Never);
        if (!below) {
            return below.error();
        }
        return tessera::Object(below->take_handle());
    }
};

}  // namespace

extern "C" int tessera_main() {
    tessera::Interposer::serve_granted(std::make_unique<BelowRoot>());
    return 0;
}
