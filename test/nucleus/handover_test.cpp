// What a Multiboot2 loader hands over, whole and broken.
#include "boot/entry/multiboot2.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using tessera::Handoff;

class Information {
  public:
    Information() { words(0, 0); }
    void tag(std::uint32_t type, const std::string& body) {
        words(type, static_cast<std::uint32_t>(8 + body.size()));
        bytes_ += body;
        bytes_.resize((bytes_.size() + 7) / 8 * 8);
    }
    std::string finish() {
        words(0, 8);
        const auto size = static_cast<std::uint32_t>(bytes_.size());
        std::memcpy(bytes_.data(), &size, 4);
        return bytes_;
    }

  private:
    std::string bytes_;
    void words(std::uint32_t first, std::uint32_t second) {
        bytes_.append(reinterpret_cast<const char*>(&first), 4);
        bytes_.append(reinterpret_cast<const char*>(&second), 4);
    }
};

template <typename... T>
std::string pack(T... values) {
    std::string out;
    (out.append(reinterpret_cast<const char*>(&values), sizeof values), ...);
    return out;
}

std::string sample() {
    Information information;
    information.tag(1, std::string("log=verbose a b") + '\0');
    information.tag(3, pack<std::uint32_t, std::uint32_t>(0x10'0000, 0x12'3456) + std::string("name\0", 5));
    information.tag(3, pack<std::uint32_t, std::uint32_t>(0x20'0000, 0x22'0000) + std::string("second\0", 7));
    information.tag(6,
                    pack<std::uint32_t, std::uint32_t>(24, 0) +
                        pack<std::uint64_t, std::uint64_t, std::uint32_t, std::uint32_t>(0, 0x9'f000, 1, 0) +
                        pack<std::uint64_t, std::uint64_t, std::uint32_t, std::uint32_t>(0xf'0000, 0x1'0000, 2, 0) +
                        pack<std::uint64_t, std::uint64_t, std::uint32_t, std::uint32_t>(0x10'0000, 0x100'0000, 1, 0));
    information.tag(14, std::string(20, 'o'));
    information.tag(15, std::string(36, 'n'));
    return information.finish();
}

// In a block of exactly its size, so that a sanitizer sees a read beyond.
bool read(const std::string& bytes, Handoff& handoff) {
    const auto copy = std::make_unique<char[]>(bytes.size());
    std::memcpy(copy.get(), bytes.data(), bytes.size());
    return tessera::boot::read_multiboot2(copy.get(), handoff);
}

}  // namespace

TEST_CASE("a Multiboot2 handover is read", "[boot]") {
    auto handoff = std::make_unique<Handoff>();
    REQUIRE(read(sample(), *handoff));
    CHECK(std::string(handoff->command_line, handoff->command_line_size) == "log=verbose a b");
    CHECK(handoff->bundle.start.value == 0x10'0000);
    CHECK(handoff->bundle.end.value == 0x12'3456);
    REQUIRE(handoff->memory_count == 2);
    CHECK(handoff->memory[1].end.value == 0x110'0000);
    CHECK(handoff->rsdp_copy_size == 36);
    CHECK(handoff->rsdp_copy[0] == 'n');
}

TEST_CASE("a Multiboot2 handover without a memory map is refused", "[boot]") {
    Information information;
    information.tag(1, "x");
    auto handoff = std::make_unique<Handoff>();
    CHECK(!read(information.finish(), *handoff));
}

TEST_CASE("a broken Multiboot2 handover is never read beyond its end", "[boot]") {
    const std::string whole = sample();
    std::mt19937 random(7);  // NOLINT: the same every time
    for (unsigned i = 0; i < 20'000; ++i) {
        std::string bytes = whole;
        for (unsigned k = 0; k < 1 + i % 4; ++k) {
            bytes[8 + random() % (bytes.size() - 8)] = static_cast<char>(random());  // the total size stays true
        }
        auto handoff = std::make_unique<Handoff>();
        (void)read(bytes, *handoff);
        CHECK(handoff->memory_count <= Handoff::kMemoryMax);
        CHECK(handoff->command_line_size <= Handoff::kCommandLineMax);
    }
}
