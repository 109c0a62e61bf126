// Messages that lie: each fault has its name, nothing outside of the message is read, and no message costs more than
// its limit.
#include "test/schema/every_digest.h"

#include <array>
#include <capnp/serialize.h>
#include <catch2/catch.hpp>
#include <kj/exception.h>
#include <memory>
#include <vector>

using namespace tessera;
using namespace tessera::test;
using message::Fault;
using message::Pointer;

namespace {

std::vector<std::byte> words(std::initializer_list<std::uint64_t> list) {
    const auto bytes = std::as_bytes(std::span(list.begin(), list.size()));
    return {bytes.begin(), bytes.end()};
}

// Where the pointers of Every begin, and which word is that of the field with this index.
constexpr std::uint32_t kPointers = every::Every::kSize.data_words;
constexpr std::uint16_t kCount = every::Every::kSize.pointers;

// A message with an Every whose pointers are these, from the first on; what they point to follows.
std::vector<std::byte> with_pointers(std::initializer_list<std::uint64_t> pointers,
                                     std::vector<std::uint64_t> rest = {}) {
    std::vector<std::uint64_t> all{Pointer::to_struct(0, kPointers, kCount).raw};
    all.resize(1 + kPointers);
    all.insert(all.end(), pointers);
    all.resize(1 + kPointers + kCount);
    all.insert(all.end(), rest.begin(), rest.end());
    const auto bytes = std::as_bytes(std::span(all));
    return {bytes.begin(), bytes.end()};
}

// `text` is the first pointer of Every; a pointer in it has so many words to the end.
constexpr std::int64_t kToRest = kCount - 1;

Fault fault_of_text(std::uint64_t pointer, std::vector<std::uint64_t> rest = {}) {
    const auto bytes = with_pointers({pointer}, std::move(rest));
    message::MessageReader reader(bytes);
    CHECK(reader.root<every::Every>().text().empty());
    return reader.fault();
}

}  // namespace

TEST_CASE("a list as the root is built and read, and faults as any list does", "[schema]") {
    std::array<std::byte, 32> room;
    message::MessageBuilder builder(room);
    auto list = builder.init_root_list<std::uint64_t>(3);
    for (std::uint32_t i = 0; i < 3; ++i) {
        list.set(i, i + 40);
    }
    REQUIRE(builder.ok());
    const auto bytes = builder.bytes();
    message::MessageReader reader(bytes);
    const auto got = reader.root_list<std::uint64_t>();
    CHECK(got.size() == 3);
    CHECK(got[0] == 40);
    CHECK(got[2] == 42);
    CHECK(reader.ok());
    CHECK(reader.root<every::Every>().number() == 0);
    CHECK(reader.fault() == Fault::Kind);
    message::MessageReader cut(bytes.first(24));
    CHECK(cut.root_list<std::uint64_t>().empty());
    CHECK(cut.fault() == Fault::Bounds);
    message::MessageReader nothing(std::span<const std::byte>{});
    CHECK(nothing.root_list<std::uint64_t>().empty());
    CHECK(nothing.fault() == Fault::Bounds);
    CHECK(builder.init_root_list<std::uint64_t>(1).size() == 0);  // there is no room left
    CHECK(builder.fault() == Fault::Room);
}

TEST_CASE("pointers that lead out of the message are a fault, and read as empty", "[schema]") {
    for (const std::int64_t offset :
         {std::int64_t{-100000}, std::int64_t{-53}, kToRest, std::int64_t{100000}, std::int64_t{(1 << 29) - 1}}) {
        CHECK(fault_of_text(Pointer::to_list(offset, message::ElementSize::Byte, 9).raw) == Fault::Bounds);
    }
    CHECK(fault_of_text(Pointer::to_list(kToRest, message::ElementSize::Byte, 0x1fffffff).raw, {0}) == Fault::Bounds);
    for (const auto& bytes :
         {words({}), words({Pointer::to_struct(0, 5, 5).raw}), words({Pointer::to_struct(-2, 1, 0).raw})}) {
        message::MessageReader reader(bytes);
        CHECK(reader.root<every::Every>().number() == 0);
        CHECK(reader.fault() == Fault::Bounds);
    }
}

TEST_CASE("a pointer to another kind of thing than the schema says is a fault", "[schema]") {
    CHECK(fault_of_text(Pointer::to_struct(-1, 0, 0).raw) == Fault::Kind);
    CHECK(fault_of_text(Pointer::to_capability(1).raw) == Fault::Kind);
    CHECK(fault_of_text(Pointer::to_list(kToRest, message::ElementSize::Four, 1).raw, {0}) == Fault::Kind);
    CHECK(fault_of_text(Pointer::to_list(kToRest, message::ElementSize::Bit, 8).raw, {0}) == Fault::Kind);
    const auto list_as_root = words({Pointer::to_list(0, message::ElementSize::Byte, 1).raw, 0});
    message::MessageReader reader(list_as_root);
    CHECK_FALSE(reader.root<every::Every>().truth());
    CHECK(reader.fault() == Fault::Kind);
}

TEST_CASE("a text ends with a zero, which is in it", "[schema]") {
    CHECK(fault_of_text(Pointer::to_list(kToRest, message::ElementSize::Byte, 3).raw, {0x646362}) == Fault::Text);
    CHECK(fault_of_text(Pointer::to_list(kToRest, message::ElementSize::Byte, 0).raw) == Fault::Text);
    CHECK(fault_of_text(Pointer::to_list(kToRest, message::ElementSize::Byte, 1).raw, {0}) == Fault::None);
}

TEST_CASE("far pointers lead to landing pads in segments that are there, and no further", "[schema]") {
    CHECK(fault_of_text(Pointer::to_far(1, 0).raw) == Fault::Bounds);
    CHECK(fault_of_text(Pointer::to_far(0, 100000).raw) == Fault::Bounds);
    // To itself, and to a pad of two words that is cut off.
    CHECK(fault_of_text(Pointer::to_far(0, 1 + kPointers).raw) == Fault::Kind);
    CHECK(fault_of_text(Pointer::to_far(0, kPointers + kCount).raw | 4) == Fault::Bounds);
    const auto last = 1 + kPointers + kCount;
    CHECK(fault_of_text(Pointer::to_far(0, last).raw | 4,
                        {Pointer::to_far(9, 0).raw, Pointer::to_list(0, message::ElementSize::Byte, 1).raw}) ==
          Fault::Bounds);
    CHECK(fault_of_text(Pointer::to_far(0, last).raw | 4, {Pointer::to_struct(0, 0, 0).raw, 0}) == Fault::Kind);
}

TEST_CASE("a circle ends at the limit of depth", "[schema]") {
    // `child` points back to the root.
    std::vector<std::byte> bytes =
        with_pointers({0, 0, Pointer::to_struct(-3 - std::int64_t{kPointers}, kPointers, kCount).raw});
    message::MessageReader reader(bytes);
    auto every = reader.root<every::Every>();
    unsigned depth = 0;
    while (reader.ok() && depth < 1000) {
        every = every.child();
        ++depth;
    }
    CHECK(depth == 64);
    CHECK(reader.fault() == Fault::Depth);
    std::vector<std::byte> room(1 << 20);
    message::MessageReader again(bytes);
    CHECK(message::canonical(again, room).empty());
    CHECK(again.fault() == Fault::Depth);
}

TEST_CASE("reading one thing many times ends at the limit of words", "[schema]") {
    std::vector<std::uint64_t> rest(1000, 0);
    const auto bytes = with_pointers({0, Pointer::to_list(kToRest - 1, message::ElementSize::Byte, 8000).raw}, rest);
    message::MessageReader reader(bytes, {.words = 20000, .depth = 64});
    const auto every = reader.root<every::Every>();
    unsigned times = 0;
    while (!every.data().empty()) {
        ++times;
    }
    CHECK(times == 19);
    CHECK(reader.fault() == Fault::Amount);
}

TEST_CASE("lists of nothing are charged by their length", "[schema]") {
    // A hundred million structs, or voids, in no space.
    const auto structs = words({Pointer::to_struct(0, 0, 2).raw,
                                0,
                                Pointer::to_list(0, message::ElementSize::Composite, 0).raw,
                                Pointer::tag(100000000, 0, 0).raw});
    message::MessageReader reader(structs);
    CHECK(reader.root<every::Holder>().structs().empty());
    CHECK(reader.fault() == Fault::Amount);
    const auto voids =
        words({Pointer::to_struct(0, 0, 1).raw, Pointer::to_list(0, message::ElementSize::Void, 100000000).raw});
    message::MessageReader other(voids);
    CHECK(other.root<every::Holder>().numbers().empty());
    CHECK_FALSE(other.ok());
}

TEST_CASE("a list of structs holds as many as it has room for", "[schema]") {
    const auto bytes = words({Pointer::to_struct(0, 0, 2).raw,
                              0,
                              Pointer::to_list(0, message::ElementSize::Composite, 2).raw,
                              Pointer::tag(3, 1, 0).raw,
                              1,
                              2});
    message::MessageReader reader(bytes);
    CHECK(reader.root<every::Holder>().structs().empty());
    CHECK(reader.fault() == Fault::Bounds);
}

TEST_CASE("a builder without room writes nowhere and says so", "[schema]") {
    std::vector<std::byte> enough(1 << 16);
    message::MessageBuilder whole(enough);
    Random first(3);
    fill(whole.init_root<every::Every>(), first);
    REQUIRE(whole.ok());
    for (std::size_t size = 0; size < whole.bytes().size(); size += 8) {
        // Exactly as large, so that a sanitizer sees what is written behind it.
        const std::unique_ptr<std::byte[]> exact(new std::byte[size]);
        message::MessageBuilder built(std::span(exact.get(), size));
        Random random(3);
        fill(built.init_root<every::Every>(), random);
        CHECK(built.fault() == Fault::Room);
    }
}

TEST_CASE("a table of segments or a packed message that is cut off is refused", "[schema]") {
    std::vector<std::byte> room(1 << 16);
    std::vector<std::byte> frame_room(1 << 16);
    std::vector<std::byte> packed_room(1 << 16);
    message::MessageBuilder built(room);
    Random random(7);
    fill(built.init_root<every::Every>(), random);
    const auto frame = message::write_frame(built, frame_room);
    std::vector<message::Segment> segments(4);
    for (std::size_t length = 0; length < frame.size(); ++length) {
        CHECK(message::read_frame(frame.first(length), segments).bytes == 0);
    }
    CHECK(message::read_frame(words({0xffffffffffffffff, 0}), segments).bytes == 0);
    const auto packed = message::pack(frame, packed_room);
    REQUIRE(packed.fault == Fault::None);
    CHECK(message::unpack(packed.bytes, std::span(room).first(frame.size() - 8)).fault == Fault::Room);
    CHECK(message::pack(frame, std::span(room).first(packed.bytes.size() / 2)).fault == Fault::Room);
    unsigned refused = 0;
    for (std::size_t length = 0; length < packed.bytes.size(); ++length) {
        const auto part = message::unpack(std::span<const std::byte>(packed.bytes).first(length), room);
        refused += part.fault == Fault::Framing ? 1 : 0;
        CHECK(part.bytes.size() < frame.size());
    }
    CHECK(refused > packed.bytes.size() / 2);
}

TEST_CASE("messages with changed bytes are read as stock Cap'n Proto reads them, or refused", "[schema]") {
    std::vector<std::byte> room(1 << 18);
    unsigned accepted = 0;
    unsigned refused = 0;
    for (unsigned seed = 0; seed < 4000; ++seed) {
        Random random(seed);
        message::MessageBuilder built(room);
        fill(built.init_root<every::Every>(), random);
        const auto whole = built.bytes();
        // Exactly as large, so that a sanitizer sees what is read behind it.
        const std::unique_ptr<std::byte[]> bytes(new std::byte[whole.size()]);
        std::ranges::copy(whole, bytes.get());
        for (unsigned i = 0; i < 1 + random() % 4; ++i) {
            bytes[random() % whole.size()] ^= static_cast<std::byte>(1U << (random() % 8));
        }
        const std::span<const std::byte> changed(bytes.get(), whole.size());
        message::MessageReader reader(changed, {.words = 100000, .depth = 64});
        const std::string ours = digest(reader.root<every::Every>());
        if (!reader.ok()) {
            ++refused;
            continue;
        }
        ++accepted;
        const kj::ArrayPtr<const capnp::word> segment(reinterpret_cast<const capnp::word*>(changed.data()),
                                                      changed.size() / 8);
        capnp::SegmentArrayMessageReader stock_reader({&segment, 1});
        std::string theirs;
        try {
            theirs = digest(stock_reader.getRoot<stock::Every>());
        } catch (const kj::Exception& error) {
            theirs = error.getDescription().cStr();
        }
        REQUIRE(ours == theirs);
        std::vector<std::byte> copy_room(1 << 18);
        message::MessageReader again(changed, {.words = 100000, .depth = 64});
        static_cast<void>(message::canonical(again, copy_room));
    }
    CHECK(accepted > 1000);
    CHECK(refused > 500);
}
