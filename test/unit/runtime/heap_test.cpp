// Heaps that are dropped whole: what a block's user may rely on, and that what was taken is counted and comes back.
#include "runtime/heap.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <map>
#include <random>
#include <vector>

using namespace tessera;
using runtime::Heap;

namespace {

constexpr std::uint64_t kMiB = 1U << 20U;

struct Account {
    std::uint64_t paid = 0;
    std::uint64_t paid_max = ~std::uint64_t{0};
};

runtime::HeapPayer payer_of(Account& account) {
    return {.charge =
                [](void* pointer, std::size_t bytes) {
                    auto& account = *static_cast<Account*>(pointer);
                    if (bytes > account.paid_max - account.paid) {
                        return false;
                    }
                    account.paid += bytes;
                    return true;
                },
            .credit = [](void* pointer, std::size_t bytes) { static_cast<Account*>(pointer)->paid -= bytes; },
            .account = &account};
}

std::uintptr_t number(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

}  // namespace

TEST_CASE("blocks are as large and aligned as asked for, and know their heap", "[runtime][heap]") {
    const auto heap = Heap::create({.bytes_max = 256 * kMiB});
    REQUIRE(heap);
    for (std::size_t bytes = 0; bytes < 3 * kMiB; bytes += 1 + bytes / 7) {
        for (const std::size_t alignment : {16U, 64U, 4096U, 65536U}) {
            void* block = heap->allocate(bytes, alignment);
            REQUIRE(block != nullptr);
            CHECK(number(block) % alignment == 0);
            CHECK(Heap::usable_bytes(block) >= bytes);
            CHECK(Heap::owner_of(block) == heap.get());
            std::memset(block, 0xA5, Heap::usable_bytes(block));
            heap->free(block);
        }
    }
    CHECK(Heap::owner_of(&kMiB) == nullptr);
    CHECK(heap->allocate(16, 128 * 1024) == nullptr);
    CHECK(heap->allocate(~std::size_t{0}) == nullptr);
}

TEST_CASE("no two blocks share a byte, whatever is allocated, resized and freed", "[runtime][heap]") {
    const auto heap = Heap::create({.bytes_max = 1024 * kMiB, .use = Heap::Use::Shared});
    REQUIRE(heap);
    struct Block {
        unsigned char* bytes;
        std::size_t size;
        unsigned char fill;
    };
    const auto intact = [](const Block& block) {
        return std::all_of(block.bytes, block.bytes + block.size, [&](auto byte) { return byte == block.fill; });
    };
    std::vector<Block> blocks;
    std::mt19937 random(1);
    for (int step = 0; step < 20000; ++step) {
        const std::size_t size = random() % (1U << (random() % (step % 50 == 0 ? 21U : 12U)));
        const auto fill = static_cast<unsigned char>(step);
        const auto action = random() % 5;
        if (action < 3 || blocks.empty()) {
            const bool zeroed = action == 0;
            auto* bytes = static_cast<unsigned char*>(zeroed ? heap->allocate_zeroed(size) : heap->allocate(size));
            REQUIRE(bytes != nullptr);
            REQUIRE((!zeroed || intact({bytes, size, 0})));
            blocks.push_back({bytes, size, fill});
            std::memset(bytes, fill, size);
            continue;
        }
        auto& block = blocks[random() % blocks.size()];
        REQUIRE(intact(block));
        if (action == 3) {
            block.bytes = static_cast<unsigned char*>(heap->resize(block.bytes, size));
            REQUIRE(block.bytes != nullptr);
            REQUIRE(intact({block.bytes, std::min(size, block.size), block.fill}));
            block = {block.bytes, size, fill};
            std::memset(block.bytes, fill, size);
        } else {
            heap->free(block.bytes);
            block = blocks.back();
            blocks.pop_back();
        }
    }
    CHECK(std::ranges::all_of(blocks, intact));
}

TEST_CASE("a heap pays for what it takes from the machine, and is paid back when it is dropped", "[runtime][heap]") {
    Account account;
    auto heap = Heap::create({.bytes_max = 64 * kMiB, .payer = payer_of(account)});
    REQUIRE(heap);
    CHECK(account.paid == heap->taken_bytes());
    CHECK(account.paid <= 64 * 1024);
    std::vector<void*> blocks;
    for (int i = 0; i < 10000; ++i) {
        blocks.push_back(heap->allocate(100));
    }
    CHECK(account.paid == heap->taken_bytes());
    CHECK(account.paid >= 1000000);
    CHECK(account.paid <= 2000000);
    const auto before = account.paid;
    void* large = heap->allocate(10 * kMiB);
    CHECK(account.paid >= before + 10 * kMiB);
    heap->free(large);
    CHECK(account.paid == before);
    heap.reset();
    CHECK(account.paid == 0);
}

TEST_CASE("a heap over its limit, or not paid for, gives nothing and goes on", "[runtime][heap]") {
    Account account{.paid_max = 8 * kMiB};
    for (const std::uint64_t limit : {4 * kMiB, 64 * kMiB}) {
        const auto heap = Heap::create({.bytes_max = limit, .payer = payer_of(account)});
        REQUIRE(heap);
        const auto most = std::min(limit, account.paid_max);
        std::vector<void*> blocks;
        while (void* block = heap->allocate(1000)) {
            blocks.push_back(block);
        }
        CHECK_FALSE(heap->machine_failed());
        CHECK(blocks.size() > most / 1100);
        CHECK(heap->taken_bytes() <= most);
        CHECK(heap->allocate(kMiB) == nullptr);
        heap->free(blocks.back());
        CHECK(heap->allocate(1000) == blocks.back());
    }
    CHECK(account.paid == 0);
    account.paid_max = 1;
    CHECK(Heap::create({.bytes_max = kMiB, .payer = payer_of(account)}) == nullptr);
    CHECK(Heap::create({.bytes_max = 1}) == nullptr);
}

TEST_CASE("a large block grows in place, and takes its pages as it does", "[runtime][heap]") {
    const auto heap = Heap::create({.bytes_max = 256 * kMiB});
    REQUIRE(heap);
    auto* bytes = static_cast<unsigned char*>(heap->allocate(kMiB + 4096));
    bytes[kMiB] = 7;
    const auto before = heap->taken_bytes();
    CHECK(heap->resize(bytes, kMiB + 100 * 1024) == bytes);
    CHECK(heap->taken_bytes() == before + 96 * 1024);
    auto* moved = static_cast<unsigned char*>(heap->resize(bytes, 50 * kMiB));
    REQUIRE(moved != nullptr);
    CHECK(moved[kMiB] == 7);
    CHECK(moved[40 * kMiB] == 0);
    moved = static_cast<unsigned char*>(heap->resize(moved, 100));
    REQUIRE(moved != nullptr);
    CHECK(heap->taken_bytes() < 2 * kMiB);
}

TEST_CASE("addresses of dropped heaps are used again", "[runtime][heap]") {
    for (int i = 0; i < 10000; ++i) {
        const auto heap = Heap::create({.bytes_max = kMiB});
        REQUIRE(heap);
        REQUIRE(heap->allocate_zeroed(5000) != nullptr);
    }
}

TEST_CASE("where a heap has no more, its reserve serves what can't fail, and says so", "[runtime][heap]") {
    Account account;
    std::atomic<bool> told = false;
    const auto heap = Heap::create({.bytes_max = kMiB, .payer = payer_of(account), .reserve_bytes = 64 * 1024});
    REQUIRE(heap);
    heap->tell_when_overdrawn(told);
    const auto at_first = account.paid;
    CHECK(at_first >= 64 * 1024);
    account.paid_max = account.paid;
    std::size_t blocks = 0;
    while (heap->allocate(1000) != nullptr) {
        ++blocks;
    }
    CHECK(blocks > 0);
    CHECK(account.paid == at_first);
    CHECK_FALSE(heap->overdrawn());
    auto* drawn = static_cast<char*>(heap->draw(1000));
    REQUIRE(drawn != nullptr);
    std::memset(drawn, 1, 1000);
    CHECK(heap->overdrawn());
    CHECK(told);
    auto* aligned = heap->draw(1000, 4096);
    REQUIRE(aligned != nullptr);
    CHECK(number(aligned) % 4096 == 0);
    CHECK(heap->draw(64 * 1024) == nullptr);
    while (heap->draw(1000) != nullptr) {
    }
    heap->free(drawn);
    CHECK(heap->draw(1000) == drawn);
    CHECK(account.paid == at_first);
}

TEST_CASE("a heap without a reserve has nothing to draw", "[runtime][heap]") {
    Account account;
    const auto heap = Heap::create({.bytes_max = kMiB, .payer = payer_of(account)});
    REQUIRE(heap);
    CHECK(heap->draw(16) == nullptr);
    CHECK_FALSE(heap->overdrawn());
}

TEST_CASE("a heap whose reserve is refused is not made, and owes nothing", "[runtime][heap]") {
    Account account{.paid_max = 32 * 1024};
    CHECK_FALSE(Heap::create({.bytes_max = kMiB, .payer = payer_of(account), .reserve_bytes = 64 * 1024}));
    CHECK(account.paid == 0);
}
