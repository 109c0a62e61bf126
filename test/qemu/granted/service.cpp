// Serves objects that tessera.toml grants, of two interfaces, as C++ classes.
#include "pairs.tessera.hpp"

#include <memory>

namespace {

class Number final : public pairs::Left::Server {
  public:
    explicit Number(std::uint64_t value) : value_(value) {}
    tessera::Result<pairs::Left> make(std::uint64_t from) override {
        return pairs::Left::serve(std::make_unique<Number>(from + value_));
    }
    tessera::Result<std::uint64_t> value() override { return value_; }

  private:
    std::uint64_t value_;
};

class Name final : public pairs::Right::Server {
  public:
    tessera::Result<void> name(tessera::Output& name) override {
        name.write(std::string_view("right"));
        return {};
    }
};

}  // namespace

extern "C" int tessera_main() {
    pairs::Left::serve_granted(std::make_unique<Number>(7));
    pairs::Right::serve_granted(std::make_unique<Name>());
    return 0;
}
