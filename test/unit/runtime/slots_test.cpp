// A domain's slots, as programs may abuse them.
#include "caps/object/slots.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace tessera;
using namespace tessera::caps;

namespace {

constexpr tessera::safeir::MethodTable kNoMethods{};

ObjectHeader& object() {
    auto* header = take_header();
    REQUIRE(header != nullptr);
    header->methods = &kNoMethods;
    header->identity = new_identity();
    header->references = 1;  // the test's own
    return *header;
}

}  // namespace

TEST_CASE("A temporary slot is let go of by its own entry alone", "[caps][slots]") {
    const auto account = runtime::Account::create(runtime::kNoLimit, 0);
    SlotTable slots(**account);
    auto& thing = object();
    std::uint32_t mine = 0;
    std::uint32_t others = 0;
    auto* slot = slots.add(thing, Slot::Kind::Temporary, others);
    auto* below = slots.add(thing, Slot::Kind::Temporary, mine);
    REQUIRE(slot != nullptr);
    REQUIRE(below != nullptr);
    CHECK_FALSE(slots.release(*slot, mine));
    CHECK(thing.references == 3);
    CHECK(slots.release(*slot, others));
    CHECK_FALSE(slots.release(*slot, others));
    CHECK(others == 0);
    slots.release_all(mine);
    CHECK(thing.references == 1);
    CHECK(slots.in_use() == 0);
}

TEST_CASE("A handle finds what its domain has, and lets go of what is kept alone", "[caps][slots]") {
    const auto account = runtime::Account::create(runtime::kNoLimit, 0);
    SlotTable slots(**account);
    auto& thing = object();
    std::uint32_t list = 0;
    auto* temporary = slots.add(thing, Slot::Kind::Temporary, list);
    auto* lent = slots.add(thing, Slot::Kind::Borrowed, list);
    auto* kept = slots.add(thing, Slot::Kind::Kept, list);
    CHECK(slots.find(SlotTable::handle_of(*temporary)) == temporary);
    CHECK(slots.find(SlotTable::handle_of(*lent)) == lent);
    CHECK_FALSE(slots.release_kept(*temporary));
    CHECK_FALSE(slots.release_kept(*lent));
    CHECK_FALSE(slots.release(*lent, list));
    CHECK_FALSE(slots.release(*kept, list));
    CHECK_FALSE(slots.release_kept(*temporary));
    const auto handle = SlotTable::handle_of(*kept);
    CHECK(slots.find(handle) == kept);
    CHECK(slots.find(0) == nullptr);
    CHECK(slots.find(0xFFFFFFFF) == nullptr);
    CHECK(slots.release_kept(*kept));
    CHECK_FALSE(slots.release_kept(*kept));
    CHECK(slots.find(handle) == nullptr);
    // The same slot, and another handle.
    auto* again = slots.add(thing, Slot::Kind::Kept, list);
    CHECK(again == kept);
    CHECK(slots.find(handle) == nullptr);
    CHECK(slots.find(SlotTable::handle_of(*again)) == again);
    slots.release_all(list);
    slots.clear();
    CHECK(thing.references == 1);
}

TEST_CASE("What is gone is not copied, and its slots stay where they are", "[caps][slots]") {
    const auto account = runtime::Account::create(runtime::kNoLimit, 0);
    SlotTable slots(**account);
    auto& thing = object();
    std::uint32_t list = 0;
    std::vector<Capability> all;
    for (unsigned i = 0; i < 1000; ++i) {
        all.push_back(slots.add(thing, Slot::Kind::Temporary, list));
        REQUIRE(all.back() != nullptr);
    }
    CHECK(is_alive(*all.front()));
    thing.identity = 0;
    CHECK_FALSE(is_alive(*all.front()));
    CHECK(slots.take(*all.front()) == nullptr);
    CHECK(slots.copy(*all.front(), Slot::Kind::Kept, list) == nullptr);
    CHECK(slots.add(thing, Slot::Kind::Kept, list) == nullptr);
    CHECK(thing.references == 1001);
    slots.release_all(list);
    CHECK(thing.references == 1);
    CHECK(slots.in_use() == 0);
}
