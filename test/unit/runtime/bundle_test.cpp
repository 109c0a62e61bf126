#include "boot/bundle/bundle.h"
#include "boot/bundle/format.h"
#include "boot/bundle/writer.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

using namespace tessera::bundle;
using Catch::Contains;

namespace {

std::vector<std::byte> bytes_of(const std::string& text) {
    std::vector<std::byte> bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

Program sample_program() {
    Program program;
    program.name = "a program";
    program.args = {"one", "two words", "", "100%", "zeile\n"};
    program.env = {{"LANG", "C=UTF 8"}};
    program.grants = {{GrantKind::Console, {}, {}}, {GrantKind::Directory, "/my data", "dirs/0"}};
    program.memory_bytes = 12345678;
    program.timeout_ms = 250;
    program.entry = "go";
    return program;
}

std::vector<std::byte> sample_bundle() {
    Writer writer;
    writer.add_program(sample_program(), bytes_of("code"), {bytes_of("cache 0"), bytes_of("cache 1")});
    writer.add_file("dirs/0/b", bytes_of("B"));
    writer.add_file("dirs/0/a/c", bytes_of(""));
    auto bundle = writer.finish();
    REQUIRE(bundle);
    return *bundle;
}

}  // namespace

TEST_CASE("What is written into a bundle is read from it", "[boot][bundle]") {
    const auto bytes = sample_bundle();
    const auto bundle = Bundle::open(bytes);
    REQUIRE(bundle);
    const auto manifest = bundle->manifest();
    REQUIRE(manifest);
    REQUIRE(manifest->programs.size() == 1);
    const auto& program = manifest->programs[0];
    const auto wanted = sample_program();
    CHECK(program.name == wanted.name);
    CHECK(program.args == wanted.args);
    CHECK(program.env == wanted.env);
    CHECK(program.grants.size() == 2);
    CHECK(program.grants[1].guest_path == "/my data");
    CHECK(program.memory_bytes == wanted.memory_bytes);
    CHECK(program.timeout_ms == wanted.timeout_ms);
    CHECK(program.entry == "go");
    const auto cache = bundle->find(program.caches.at(1));
    REQUIRE(cache);
    CHECK(std::memcmp(cache->data(), "cache 1", 7) == 0);
    CHECK((cache->data() - bytes.data()) % 4096 == 0);
    CHECK_FALSE(bundle->find("dirs/0"));
}

TEST_CASE("Names that could leave a directory are refused", "[boot][bundle]") {
    for (const char* name : {"../x", "a/../b", "/x", "a//b", "", "a/", "."}) {
        Writer writer;
        writer.add_file(name, {});
        CHECK_FALSE(writer.finish());
    }
}

TEST_CASE("A damaged bundle is an error and nothing worse", "[boot][bundle]") {
    const auto good = sample_bundle();
    std::mt19937 random(7);
    unsigned opened = 0;
    for (int i = 0; i < 20000; ++i) {
        auto bytes = good;
        const unsigned changes = 1 + random() % 4;
        for (unsigned change = 0; change < changes; ++change) {
            bytes[random() % 600] = static_cast<std::byte>(random());
        }
        bytes.resize(random() % 8 == 0 ? random() % bytes.size() : bytes.size());
        if (const auto bundle = Bundle::open(bytes)) {
            ++opened;
            for (std::uint32_t e = 0; e < bundle->entry_count(); ++e) {
                const auto entry = bundle->entry(e);
                REQUIRE(entry.bytes.data() + entry.bytes.size() <= bytes.data() + bytes.size());
                (void)bundle->find(entry.name);
            }
            (void)bundle->manifest();
        }
    }
    CHECK(opened > 0);
}

TEST_CASE("A wrong manifest is refused with its line", "[boot][bundle]") {
    const auto error_of = [](const std::string& text) {
        const auto manifest = read_manifest(text);
        return manifest ? std::string() : manifest.error().text;
    };
    CHECK_THAT(error_of("nonsense"), Contains("another version"));
    CHECK_THAT(error_of("tessera-bundle 1\nfile x\n"), Contains("line 2"));
    CHECK_THAT(error_of("tessera-bundle 1\nprogram p\nmemory lots\n"), Contains("line 3"));
    CHECK_THAT(error_of("tessera-bundle 1\nprogram p\narg %4\n"), Contains("line 3"));
    CHECK_THAT(error_of("tessera-bundle 1\nprogram p\ngrant everything\n"), Contains("line 3"));
    CHECK(error_of("tessera-bundle 1\nprogram p\n") == "");
}
