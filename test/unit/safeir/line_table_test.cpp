// Line tables as bytes: what is written is read, and what is read of any other bytes is safe to use.
#include "safeir/load/line_table.h"

#include <catch2/catch.hpp>
#include <random>

using namespace tessera::safeir;
using Frame = LineTable::Frame;

namespace {

LineTable example() {
    LineTable table;
    table.strings = {"inner", "a.c", "outer", ""};
    table.scopes = {{0, 1}, {2, 1}, {3, 3}};
    table.places = {{1, 10, 0}, {0, 3, 1}, {0, 0, 1}, {2, 0, 0}, {0, 4000000000, 4}};
    table.rows = {{2, 0, 1, Frame::AtTop},
                  {2, 1, 1, Frame::BelowTop},
                  {2, 4, 2, Frame::Made},
                  {2, 300, 1, Frame::Made},
                  {7, 0, 5, Frame::Made},
                  {7, 4000000000, 0, Frame::AtTop}};
    return table;
}

// What a reader of the table does.
void use(const LineTable& table) {
    for (const auto& row : table.rows) {
        const auto* found = table.find(row.function, row.offset);
        REQUIRE(found == &row);
        std::size_t steps = 0;
        for (auto at = row.place; at != 0; at = table.places.at(at - 1).inlined_into) {
            const auto& scope = table.scopes.at(table.places.at(at - 1).scope);
            (void)table.strings.at(scope.name);
            (void)table.strings.at(scope.file);
            REQUIRE(++steps <= table.places.size());
        }
    }
}

}  // namespace

TEST_CASE("A line table is read as it was written", "[safeir][load]") {
    const auto table = example();
    const auto read = LineTable::unpack(table.pack());
    REQUIRE(read);
    CHECK(read->rows == table.rows);
    CHECK(read->places == table.places);
    CHECK(read->scopes == table.scopes);
    CHECK(read->strings == table.strings);
    CHECK(LineTable::unpack(LineTable().pack()));
}

TEST_CASE("A row is in force until the next one of its function", "[safeir][load]") {
    const auto table = example();
    CHECK(table.find(2, 3)->frame == Frame::BelowTop);
    CHECK(table.find(2, 299)->place == 2);
    CHECK(table.find(2, 4000000000)->place == 1);
    CHECK(table.find(7, 9)->place == 5);
    CHECK(table.find(1, 0) == nullptr);
    CHECK(table.find(3, 0) == nullptr);
    CHECK(table.find(8, 0) == nullptr);
}

TEST_CASE("A line table that is cut off or followed by more is none", "[safeir][load]") {
    auto bytes = example().pack();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK(!LineTable::unpack(std::span(bytes).first(size)));
    }
    bytes.push_back(std::byte{0});
    CHECK(!LineTable::unpack(bytes));
}

TEST_CASE("A line table with a bad reference is none", "[safeir][load]") {
    LineTable bad = example();
    SECTION("a name") { bad.scopes[0].name = 4; }
    SECTION("a file") { bad.scopes[0].file = 4; }
    SECTION("a scope") { bad.places[0].scope = 3; }
    SECTION("a place that is inlined into itself") { bad.places[1].inlined_into = 2; }
    SECTION("a place that is inlined into a later one") { bad.places[1].inlined_into = 4; }
    SECTION("a row's place") { bad.rows[0].place = 6; }
    SECTION("a row's frame") { bad.rows[0].frame = static_cast<Frame>(3); }
    SECTION("two rows for one address") { bad.rows[1].offset = 0; }
    // The writer counts distances back: what leads forward comes out as something huge, or as nothing.
    const auto read = LineTable::unpack(bad.pack());
    if (read) {
        CHECK(bad.places[1].inlined_into == 2);
        CHECK(read->places[1].inlined_into == 0);
    }
}

TEST_CASE("Whatever the bytes are, a table that is read can be used", "[safeir][load]") {
    std::mt19937 random(1);  // NOLINT(bugprone-random-generator-seed): the same cases each time
    const auto bytes = example().pack();
    unsigned accepted = 0;
    for (unsigned round = 0; round < 200000; ++round) {
        auto altered = bytes;
        for (unsigned change = random() % 3 + 1; change != 0; --change) {
            altered[random() % altered.size()] = static_cast<std::byte>(random());
        }
        if (const auto table = LineTable::unpack(altered)) {
            ++accepted;
            use(*table);
        }
    }
    CHECK(accepted > 1000);
}
