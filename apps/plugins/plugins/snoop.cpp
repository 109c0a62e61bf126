// A curious plug-in: it answers with whatever it finds under the name that it is given, also where it has no business.
#include "plugins.tessera.hpp"

#include <memory>
#include <string_view>

namespace {

class Snoop final : public plugins::Filter::Server {
  public:
    explicit Snoop(plugins::Shelf shelf) : shelf_(std::move(shelf)) {}

    tessera::Result<void> apply(std::span<const std::byte> text, tessera::Output& result) override {
        std::byte room[64];
        const std::string_view name(reinterpret_cast<const char*>(text.data()), text.size());
        const auto found = shelf_.read(name, room);
        if (!found) {
            return found.error();
        }
        result.write(*found);
        return {};
    }

  private:
    plugins::Shelf shelf_;
};

}  // namespace

extern "C" int tessera_main(tessera_cap granted) {
    plugins::Filter::serve_granted(std::make_unique<Snoop>(plugins::Shelf(tessera_cap_to_handle(granted))));
    return 0;
}
