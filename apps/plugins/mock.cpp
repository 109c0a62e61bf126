// Stands in for the service, in tests of what uses it: answers everything with the same words, and asks nobody.
#include "plugins.tessera.hpp"

#include <memory>
#include <string_view>
#include <tessera/message.tessera.hpp>

namespace {

class MockService final : public plugins::Service::Server {
  public:
    tessera::Result<plugins::Outcome>
    handle_(std::string_view, std::span<const std::byte>, tessera::Output& result) override {
        result.write(std::string_view("as you say"));
        return plugins::Outcome::Done;
    }
};

class Mocks final : public tessera::Interposer::Server {
  public:
    tessera::Result<tessera::Object> wrap(tessera::Object) override {
        return tessera::Object(plugins::Service::serve(std::make_unique<MockService>()).take_handle());
    }
};

}  // namespace

extern "C" int tessera_main() {
    tessera::Interposer::serve_granted(std::make_unique<Mocks>());
    return 0;
}
