// The Rust bindings beside the C++ ones: a program reads messages and builds them anew. Without rustc it says so and is
// skipped.
#include "test/schema/every_digest.h"

#include <capnp/serialize.h>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <vector>

using namespace tessera;
using namespace tessera::test;
namespace fs = std::filesystem;

namespace {

// The program, built once in a folder of its own.
class CopyEvery {
  public:
    CopyEvery() : folder_(fs::temp_directory_path() / ("schema-rust-" + std::to_string(::getpid()))) {
        fs::create_directories(folder_);
        fs::copy_file(TESSERA_SCHEMA_TESTS "/copy_every.rs", folder_ / "copy_every.rs");
        fs::copy_file(TESSERA_EVERY_RS, folder_ / "every.tessera.rs");
        built_ = run("rustc --edition 2024 -O -D warnings --crate-type rlib --crate-name tessera " TESSERA_SDK_RUST
                     "/tessera/lib.rs") &&
                 run("rustc --edition 2024 -O -D warnings --extern tessera=libtessera.rlib copy_every.rs");
    }
    CopyEvery(const CopyEvery&) = delete;
    CopyEvery& operator=(const CopyEvery&) = delete;
    ~CopyEvery() { fs::remove_all(folder_); }

    [[nodiscard]] bool built() const { return built_; }
    // Empty if it was refused, with the fault's name in `fault`.
    std::string copy(std::span<const std::byte> message, bool framed) {
        std::ofstream(folder_ / "in", std::ios::binary)
            .write(reinterpret_cast<const char*>(message.data()), static_cast<std::streamsize>(message.size()));
        fine_ = run(std::string("./copy_every ") + (framed ? "--framed" : "") + " < in > out 2> fault");
        return read("out");
    }
    [[nodiscard]] bool fine() const { return fine_; }
    [[nodiscard]] std::string fault() const { return read("fault"); }

  private:
    [[nodiscard]] bool run(const std::string& command) const {
        return std::system(("cd '" + folder_.string() + "' && " + command).c_str()) == 0;
    }
    [[nodiscard]] std::string read(const char* name) const {
        std::ifstream file(folder_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    fs::path folder_;
    bool built_ = false;
    bool fine_ = false;
};

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span<const char>(text)); }

}  // namespace

TEST_CASE("Rust reads and builds what C++ does, and refuses what it refuses", "[schema]") {
    if (std::system("rustc --version > /dev/null 2>&1") != 0) {
        WARN("skipped: there is no rustc");
        return;
    }
    CopyEvery rust;
    REQUIRE(rust.built());
    std::vector<std::byte> room(1 << 18);
    unsigned refused = 0;
    for (unsigned seed = 0; seed < 60; ++seed) {
        Random random(seed);
        message::MessageBuilder built(room);
        fill(built.init_root<every::Every>(), random);
        message::MessageReader reader(built.bytes());
        const std::string copied = rust.copy(built.bytes(), false);
        REQUIRE(rust.fine());
        message::MessageReader again(bytes_of(copied));
        REQUIRE(digest(again.root<every::Every>()) == digest(reader.root<every::Every>()));
        REQUIRE(again.ok());

        // Changed bytes: the same fault, by the same name.
        std::vector<std::byte> changed(built.bytes().begin(), built.bytes().end());
        for (unsigned i = 0; i < 3; ++i) {
            changed[random() % changed.size()] ^= static_cast<std::byte>(1U << (random() % 8));
        }
        message::MessageReader changed_reader(changed);
        static_cast<void>(digest(changed_reader.root<every::Every>()));
        static_cast<void>(rust.copy(changed, false));
        REQUIRE(rust.fault().find("panicked") == std::string::npos);
        refused += rust.fine() ? 0 : 1;
    }
    CHECK(refused > 5);
    for (unsigned seed = 0; seed < 40; ++seed) {
        Random random(seed);
        capnp::MallocMessageBuilder built(1 + seed, capnp::AllocationStrategy::FIXED_SIZE);
        fill(built.initRoot<stock::Every>(), random);
        const auto framed = capnp::messageToFlatArray(built);
        const std::string copied =
            rust.copy({reinterpret_cast<const std::byte*>(framed.begin()), framed.size() * sizeof(capnp::word)}, true);
        REQUIRE(rust.fine());
        message::MessageReader again(bytes_of(copied));
        REQUIRE(digest(again.root<every::Every>()) == digest(built.getRoot<stock::Every>().asReader()));
    }
}
