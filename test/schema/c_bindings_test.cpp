// The C bindings beside the C++ ones and stock Cap'n Proto's: from memory, from slices, from several segments; and what
// they build.
#include "test/schema/every_c.h"
#include "test/schema/every_digest.h"

#include <capnp/serialize.h>
#include <catch2/catch.hpp>
#include <functional>
#include <vector>

using namespace tessera;
using namespace tessera::test;

namespace {

struct Said {
    std::string text;
    unsigned fault;
};

Said say(const std::function<unsigned(every_text*)>& digest_by) {
    std::string room(1 << 20, '\0');
    every_text to{room.data(), room.size(), 0};
    const unsigned fault = digest_by(&to);
    room.resize(to.used);
    return {room, fault};
}

Said say(std::span<const std::byte> message) {
    return say([&](every_text* to) { return every_c_digest(message.data(), message.size(), to); });
}
Said say_in_slice(std::span<const std::byte> message) {
    return say([&](every_text* to) { return every_c_digest_in_slice(message.data(), message.size(), to); });
}

std::uint32_t draw(void* state) { return static_cast<std::uint32_t>((*static_cast<Random*>(state))()); }

}  // namespace

TEST_CASE("C reads what C++ reads, from memory and from a slice", "[schema]") {
    std::vector<std::byte> room(1 << 18);
    for (unsigned seed = 0; seed < 300; ++seed) {
        Random random(seed);
        message::MessageBuilder built(room);
        fill(built.init_root<every::Every>(), random);
        message::MessageReader reader(built.bytes());
        const std::string expected = digest(reader.root<every::Every>());
        REQUIRE(say(built.bytes()).text == expected);
        REQUIRE(say_in_slice(built.bytes()).text == expected);
        REQUIRE(say(built.bytes()).fault == 0);
    }
}

TEST_CASE("C reads messages of many segments", "[schema]") {
    for (unsigned seed = 0; seed < 300; ++seed) {
        Random random(seed);
        capnp::MallocMessageBuilder built(1 + seed % 40, capnp::AllocationStrategy::FIXED_SIZE);
        fill(built.initRoot<stock::Every>(), random);
        std::vector<message::Segment> segments;
        for (const auto segment : built.getSegmentsForOutput()) {
            segments.push_back(
                {reinterpret_cast<const unsigned char*>(segment.begin()), static_cast<std::uint32_t>(segment.size())});
        }
        const Said said = say([&](every_text* to) {
            return every_c_digest_segments(segments.data(), static_cast<std::uint32_t>(segments.size()), to);
        });
        REQUIRE(said.text == digest(built.getRoot<stock::Every>().asReader()));
        REQUIRE(said.fault == 0);
    }
}

TEST_CASE("C refuses what C++ refuses, for the same reason", "[schema]") {
    std::vector<std::byte> room(1 << 18);
    unsigned refused = 0;
    for (unsigned seed = 0; seed < 1000; ++seed) {
        Random random(seed);
        message::MessageBuilder built(room);
        fill(built.init_root<every::Every>(), random);
        const auto whole = built.bytes();
        const std::unique_ptr<std::byte[]> bytes(new std::byte[whole.size()]);
        std::ranges::copy(whole, bytes.get());
        for (unsigned i = 0; i < 1 + random() % 4; ++i) {
            bytes[random() % whole.size()] ^= static_cast<std::byte>(1U << (random() % 8));
        }
        const std::span<const std::byte> changed(bytes.get(), whole.size());
        message::MessageReader reader(changed);
        const std::string expected = digest(reader.root<every::Every>());
        const Said memory = say(changed);
        const Said slice = say_in_slice(changed);
        REQUIRE(memory.fault == static_cast<unsigned>(reader.fault()));
        REQUIRE(slice.fault == memory.fault);
        if (reader.ok()) {
            REQUIRE(memory.text == expected);
        } else {
            ++refused;
        }
        REQUIRE(slice.text == memory.text);
    }
    CHECK(refused > 100);
}

TEST_CASE("what C builds, C++ and stock Cap'n Proto read the same", "[schema]") {
    std::vector<std::uint64_t> storage(1 << 15);
    unsigned too_small = 0;
    for (unsigned seed = 0; seed < 300; ++seed) {
        Random random(seed);
        const std::size_t length = every_c_fill(draw, &random, storage.data(), storage.size() * 8);
        REQUIRE(length > 0);
        const auto bytes = std::as_bytes(std::span(storage)).first(length);
        message::MessageReader reader(bytes);
        const std::string ours = digest(reader.root<every::Every>());
        REQUIRE(reader.ok());
        const kj::ArrayPtr<const capnp::word> segment(reinterpret_cast<const capnp::word*>(storage.data()), length / 8);
        capnp::SegmentArrayMessageReader theirs({&segment, 1});
        REQUIRE(ours == digest(theirs.getRoot<stock::Every>()));

        // Exactly one word too small, so that a sanitizer sees what is written behind it.
        const std::unique_ptr<std::byte[]> exact(new std::byte[length - 8]);
        random.seed(seed);
        too_small += every_c_fill(draw, &random, exact.get(), length - 8) == 0 ? 1 : 0;
    }
    CHECK(too_small == 300);
}
