// Messages of ours beside stock Cap'n Proto's, in both directions: the same content, the same canonical and packed
// bytes.
#include "test/schema/every_digest.h"

#include <capnp/any.h>
#include <capnp/serialize-packed.h>
#include <capnp/serialize.h>
#include <catch2/catch.hpp>
#include <kj/io.h>
#include <memory>
#include <vector>

using namespace tessera;
using namespace tessera::test;

namespace {

constexpr unsigned kMessages = 300;

struct OwnSegments {
    explicit OwnSegments(capnp::MessageBuilder& message) {
        for (const auto segment : message.getSegmentsForOutput()) {
            const auto bytes = segment.asBytes();
            storage.emplace_back(reinterpret_cast<const std::byte*>(bytes.begin()),
                                 reinterpret_cast<const std::byte*>(bytes.end()));
        }
        for (const auto& bytes : storage) {
            segments.push_back(
                {reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<std::uint32_t>(bytes.size() / 8)});
        }
    }
    std::vector<std::vector<std::byte>> storage;
    std::vector<message::Segment> segments;
};

std::vector<std::byte> canonical_of(capnp::MessageBuilder& message) {
    const auto words = message.getRoot<capnp::AnyStruct>().asReader().canonicalize();
    const auto bytes = words.asBytes();
    return {reinterpret_cast<const std::byte*>(bytes.begin()), reinterpret_cast<const std::byte*>(bytes.end())};
}

kj::ArrayPtr<const capnp::word> words_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const capnp::word*>(bytes.data()), bytes.size() / 8};
}

bool same(std::span<const std::byte> a, std::span<const std::byte> b) { return std::ranges::equal(a, b); }

}  // namespace

TEST_CASE("what stock Cap'n Proto builds, in one segment or in many, is read the same", "[schema]") {
    unsigned many = 0;
    for (unsigned seed = 0; seed < kMessages; ++seed) {
        Random random(seed);
        // Segments of this size at first: small ones make far pointers, and doubly far ones.
        capnp::MallocMessageBuilder built(1 + seed % 40, capnp::AllocationStrategy::FIXED_SIZE);
        fill(built.initRoot<stock::Every>(), random);
        const OwnSegments own(built);
        many += own.segments.size() > 1 ? 1 : 0;
        message::MessageReader reader(own.segments);
        REQUIRE(digest(reader.root<every::Every>()) == digest(built.getRoot<stock::Every>().asReader()));
        REQUIRE(reader.ok());
    }
    CHECK(many > kMessages / 2);
}

TEST_CASE("what we build, in one segment or in many, stock Cap'n Proto reads the same", "[schema]") {
    std::vector<std::uint64_t> storage(1 << 16);
    for (unsigned seed = 0; seed < kMessages; ++seed) {
        Random random(seed);
        capnp::MallocMessageBuilder theirs;
        fill(theirs.initRoot<stock::Every>(), random);
        const std::string expected = digest(theirs.getRoot<stock::Every>().asReader());

        std::vector<message::Room> rooms;
        const std::size_t each = seed % 2 == 0 ? storage.size() : 150 + seed % 50;
        for (std::size_t at = 0; at + each <= storage.size(); at += each) {
            rooms.push_back(
                message::MessageBuilder::room_of(std::as_writable_bytes(std::span(storage).subspan(at, each))));
        }
        message::MessageBuilder ours{std::span<message::Room>(rooms)};
        random.seed(seed);
        fill(ours.init_root<every::Every>(), random);
        REQUIRE(ours.ok());

        std::vector<kj::ArrayPtr<const capnp::word>> segments;
        for (std::uint32_t i = 0; i < ours.segment_count(); ++i) {
            const message::Segment segment = ours.segment(i);
            segments.emplace_back(reinterpret_cast<const capnp::word*>(segment.begin), segment.words);
        }
        capnp::SegmentArrayMessageReader reader({segments.data(), segments.size()});
        REQUIRE(digest(reader.getRoot<stock::Every>()) == expected);
    }
}

TEST_CASE("the canonical form is the same, whatever the message was", "[schema]") {
    std::vector<std::byte> room(1 << 18);
    for (unsigned seed = 0; seed < kMessages; ++seed) {
        Random random(seed);
        capnp::MallocMessageBuilder built(1 + seed % 40, capnp::AllocationStrategy::FIXED_SIZE);
        fill(built.initRoot<stock::Every>(), random);
        const OwnSegments own(built);
        message::MessageReader reader(own.segments);
        REQUIRE(same(message::canonical(reader, room), canonical_of(built)));

        message::MessageBuilder copied(room);
        message::MessageReader again(own.segments);
        copied.set_root(again.root<every::Every>());
        REQUIRE(same(copied.bytes(), canonical_of(built)));
    }
}

TEST_CASE("tables of segments and the packed form are the same in both directions", "[schema]") {
    std::vector<std::byte> room(1 << 18);
    std::vector<std::byte> packed_room(1 << 18);
    for (unsigned seed = 0; seed < kMessages; ++seed) {
        Random random(seed);
        capnp::MallocMessageBuilder built(1 + seed % 60, capnp::AllocationStrategy::FIXED_SIZE);
        fill(built.initRoot<stock::Every>(), random);
        const auto framed = capnp::messageToFlatArray(built);
        const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(framed.begin()), framed.size() * 8);
        std::vector<message::Segment> segments(4096);
        const message::Framed frame = message::read_frame(bytes, segments);
        REQUIRE(frame.bytes == bytes.size());
        message::MessageReader reader(frame.segments);
        REQUIRE(digest(reader.root<every::Every>()) == digest(built.getRoot<stock::Every>().asReader()));

        kj::VectorOutputStream out;
        capnp::writePackedMessage(out, built);
        const auto theirs = out.getArray();
        const message::Packed unpacked =
            message::unpack({reinterpret_cast<const std::byte*>(theirs.begin()), theirs.size()}, room);
        REQUIRE(unpacked.fault == message::Fault::None);
        REQUIRE(same(unpacked.bytes, bytes));

        const message::Packed ours = message::pack(bytes, packed_room);
        REQUIRE(ours.fault == message::Fault::None);
        kj::ArrayInputStream in({reinterpret_cast<const kj::byte*>(ours.bytes.data()), ours.bytes.size()});
        capnp::PackedMessageReader packed_reader(in);
        REQUIRE(digest(packed_reader.getRoot<stock::Every>()) == digest(built.getRoot<stock::Every>().asReader()));
    }
}

TEST_CASE("a table that we write is one that stock Cap'n Proto reads", "[schema]") {
    std::vector<std::uint64_t> storage(4000);
    std::vector<std::byte> room(40000);
    for (const std::size_t each : {std::size_t{4000}, std::size_t{400}, std::size_t{150}}) {
        std::vector<message::Room> rooms;
        for (std::size_t at = 0; at + each <= storage.size(); at += each) {
            rooms.push_back(
                message::MessageBuilder::room_of(std::as_writable_bytes(std::span(storage).subspan(at, each))));
        }
        message::MessageBuilder ours{std::span<message::Room>(rooms)};
        Random random(5);
        fill(ours.init_root<every::Every>(), random);
        REQUIRE(ours.ok());
        const auto frame = message::write_frame(ours, room);
        REQUIRE(frame.size() == message::frame_bytes(ours));
        CHECK(message::write_frame(ours, std::span(room).first(frame.size() - 1)).empty());
        const std::vector<std::byte> aligned(frame.begin(), frame.end());
        capnp::FlatArrayMessageReader reader(words_of(aligned));
        capnp::MallocMessageBuilder theirs;
        random.seed(5);
        fill(theirs.initRoot<stock::Every>(), random);
        CHECK(digest(reader.getRoot<stock::Every>()) == digest(theirs.getRoot<stock::Every>().asReader()));
    }
}

TEST_CASE("an empty message reads as the defaults, and so does one of an older schema", "[schema]") {
    capnp::MallocMessageBuilder theirs;
    theirs.initRoot<stock::Every>();
    const std::string expected = digest(theirs.getRoot<stock::Every>().asReader());
    const std::vector<std::byte> nothing(8);
    message::MessageReader reader(nothing);
    const auto root = reader.root<every::Every>();
    CHECK(digest(root) == expected);
    CHECK(root.def_text() == "default text");
    CHECK(root.def_list()[1] == -20);
    CHECK(root.place().row() == 7);
    CHECK(reader.ok());
}

TEST_CASE("what an earlier version wrote is read by a later one, and the other way round", "[schema]") {
    std::vector<std::byte> room(4096);
    message::MessageBuilder old_message(room);
    old_message.init_root<every::Old>().set_a(9);
    message::MessageReader old_reader(old_message.bytes());
    const auto as_new = old_reader.root<every::New>();
    CHECK(as_new.a() == 9);
    CHECK(as_new.c() == 77);
    CHECK(as_new.d().empty());
    CHECK(as_new.e().empty());
    CHECK(old_reader.ok());

    std::vector<std::byte> other_room(4096);
    message::MessageBuilder new_message(other_room);
    auto built = new_message.init_root<every::New>();
    built.set_a(5);
    built.set_d("new");
    message::MessageReader new_reader(new_message.bytes());
    CHECK(new_reader.root<every::Old>().a() == 5);
    CHECK(new_reader.ok());
}

TEST_CASE("a list of numbers is read as one of structs, and the other way round", "[schema]") {
    std::vector<std::byte> room(4096);
    message::MessageBuilder built(room);
    auto holder = built.init_root<every::Holder>();
    auto numbers = holder.init_numbers(3);
    auto structs = holder.init_structs(3);
    for (std::uint32_t i = 0; i < 3; ++i) {
        numbers.set(i, i + 10);
        structs[i].set_a(i + 20);
    }
    message::MessageReader reader(built.bytes());
    const auto upgraded = reader.root<every::UpgradedHolder>();
    REQUIRE(upgraded.numbers().size() == 3);
    REQUIRE(upgraded.structs().size() == 3);
    CHECK(upgraded.numbers()[2].a() == 12);
    CHECK(upgraded.structs()[1] == 21);
    CHECK(upgraded.structs()[99] == 0);
    CHECK(reader.ok());
}
