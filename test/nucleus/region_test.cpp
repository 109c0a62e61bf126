// The region tree on the host, over frames of a fake allocator, against a plain array as model.
#include "core/mem/frame_allocator.h"
#include "core/mem/region_tree.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>
#include <vector>

namespace tessera::mem {

// A second implementation of the allocator: the host's memory, where physical addresses are pointers.
std::optional<PhysAddr> allocate_frame() {
    return PhysAddr{reinterpret_cast<std::uint64_t>(std::aligned_alloc(kPageSize, kPageSize))};
}
void* frame_pointer(PhysAddr frame) { return reinterpret_cast<void*>(frame.value); }

}  // namespace tessera::mem

namespace {

using namespace tessera::mem;

constexpr std::uint64_t kUnits = 400;

Attributes attributes_of(unsigned number) {
    constexpr Attributes kKinds[] = {
        {},
        {.kind = RegionKind::Program, .access = Access::Read},
        {.kind = RegionKind::Program, .access = Access::ReadWrite, .charged = true},
        {.kind = RegionKind::Reserved},
    };
    return kKinds[number % 4];
}

// First place of `size` free units at or after `low` that is aligned; 0 if none.
std::uint64_t
model_find(const std::vector<Attributes>& model, std::uint64_t size, std::uint64_t align, std::uint64_t low) {
    for (std::uint64_t start = (low + align - 1) / align * align; start + size <= kUnits; start += align) {
        bool free = true;
        for (std::uint64_t i = start; i < start + size && free; ++i) {
            free = model[i].kind == RegionKind::Free;
        }
        if (free) {
            return start;
        }
    }
    return 0;
}

}  // namespace

TEST_CASE("the region tree agrees with a plain array", "[core][mem]") {
    RegionTree tree;
    REQUIRE(tree.create(0, kUnits, {}));
    std::vector<Attributes> model(kUnits);
    std::mt19937 random(1);  // NOLINT: the same every time
    for (unsigned step = 0; step < 20'000; ++step) {
        const std::uint64_t start = random() % kUnits;
        const std::uint64_t end = start + 1 + random() % std::min<std::uint64_t>(kUnits - start, 40);
        const Attributes attributes = attributes_of(static_cast<unsigned>(random()));
        REQUIRE(tree.prepare());
        tree.assign(start, end, attributes);
        for (std::uint64_t i = start; i < end; ++i) {
            model[i] = attributes;
        }
        std::uint64_t regions = 1;
        for (std::uint64_t i = 0; i < kUnits; ++i) {
            const Region* region = tree.find(i);
            REQUIRE(region != nullptr);
            REQUIRE(region->attributes == model[i]);
            regions += i > 0 && !(model[i] == model[i - 1]) ? 1 : 0;
        }
        REQUIRE(tree.region_count() == regions);  // neighbours that are alike are one
        const std::uint64_t size = 1 + random() % 50;
        const std::uint64_t low = 1 + random() % (kUnits - 1);  // 0 stands for no place
        CHECK(tree.find_free(size, 1, low, kUnits) == model_find(model, size, 1, low));
    }
}

TEST_CASE("ten thousand regions are found quickly and joined again", "[core][mem]") {
    RegionTree tree;
    REQUIRE(tree.create(0, 1ULL << 47, {}));
    constexpr std::uint64_t kStep = 6ULL << 30;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        REQUIRE(tree.prepare());
        tree.assign(i * kStep + 4096, i * kStep + kStep - 4096, attributes_of(1));
    }
    CHECK(tree.region_count() == 20'001);
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        CHECK(tree.find(i * kStep + kStep / 2)->start == i * kStep + 4096);
    }
    REQUIRE(tree.prepare());
    tree.assign(0, 1ULL << 47, {});
    CHECK(tree.region_count() == 1);
}
