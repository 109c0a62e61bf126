#include "test/nucleus/check.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

void test_library() {
    std::vector<int> numbers;
    for (int i = 0; i < 100'000; ++i) {
        numbers.push_back((i * 7919) % 100'003);
    }
    std::ranges::sort(numbers);
    CHECK(std::ranges::is_sorted(numbers));
    std::map<std::string, int> names;
    std::unordered_map<int, std::string> back;
    for (int i = 0; i < 1000; ++i) {
        names["name" + std::to_string(i)] = i;
        back[i] = "name" + std::to_string(i);
    }
    CHECK(names.size() == 1000 && names[back[517]] == 517);
    CHECK(std::abs(std::sin(1.0) - 0.8414709848) < 1e-9);
    char text[64];
    std::snprintf(text, sizeof text, "%.3f %s %d", 3.14159, "abc", 42);
    CHECK(std::strcmp(text, "3.142 abc 42") == 0);
    // Blocks of all sizes, also those that malloc takes by mmap.
    std::vector<std::unique_ptr<char[]>> blocks;
    for (std::size_t size = 1; size < 8'000'000; size *= 3) {
        blocks.push_back(std::make_unique<char[]>(size));
        std::memset(blocks.back().get(), 0x5a, size);
    }
    auto* grown = static_cast<char*>(std::malloc(1 << 20));
    std::memset(grown, 7, 1 << 20);
    grown = static_cast<char*>(std::realloc(grown, 16 << 20));  // by mremap
    CHECK(grown[0] == 7 && grown[(1 << 20) - 1] == 7 && grown[(16 << 20) - 1] == 0);
    std::free(grown);
    CHECK(std::getenv("HOME") == nullptr);
    unsigned char random[2][32] = {};
    tessera::platform::random_bytes(std::as_writable_bytes(std::span(random[0])));
    tessera::platform::random_bytes(std::as_writable_bytes(std::span(random[1])));
    CHECK(std::memcmp(random[0], random[1], 32) != 0);
    const std::span<const std::byte> bundle = tessera::platform::boot_info().bundle;
    unsigned sum = 0;
    for (const std::byte byte : bundle) {
        sum += static_cast<unsigned>(byte);
    }
    std::printf("bundle sum %u\n", sum);
}
