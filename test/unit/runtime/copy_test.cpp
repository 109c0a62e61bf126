#include "runtime/copy.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <vector>

TEST_CASE("Copies of every length and overlap equal memmove's", "[runtime][copy]") {
    std::mt19937 random(1);
    std::vector<unsigned char> ours(8192);
    for (std::size_t length = 0; length < 2600; length += length < 300 ? 1 : 37) {
        for (const int distance : {0, 1, -1, 7, -7, 16, -16, 31, -33, 64, -100, 2700, -2700}) {
            for (auto& byte : ours) {
                byte = static_cast<unsigned char>(random());
            }
            auto theirs = ours;
            const std::size_t from = 2800;
            const auto to = static_cast<std::size_t>(static_cast<int>(from) + distance);
            std::memmove(theirs.data() + to, theirs.data() + from, length);
            REQUIRE(tessera_copy(ours.data() + to, ours.data() + from, length) == 0);
            REQUIRE(ours == theirs);
        }
    }
}

TEST_CASE("Fills of every length equal memset's", "[runtime][copy]") {
    for (std::size_t length = 0; length < 2600; length += length < 300 ? 1 : 41) {
        std::vector<unsigned char> ours(3000, 1);
        auto theirs = ours;
        std::memset(theirs.data() + 50, 0xA5, length);
        REQUIRE(tessera_fill(ours.data() + 50, 0xA5, length) == 0);
        REQUIRE(ours == theirs);
    }
}

TEST_CASE("The block operations of generated code return their target", "[runtime][copy]") {
    char bytes[16] = "abc";
    CHECK(tessera_program_memmove(bytes + 4, bytes, 4) == bytes + 4);
    CHECK(tessera_program_memset(bytes, 'x', 3) == bytes);
    CHECK(std::string(bytes) == "xxx");
}
