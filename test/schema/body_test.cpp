// Bodies of calls: what the kernel makes of values by the flat description, stock Cap'n Proto reads, and the other way
// round; and what it refuses.
#include "caps/description.h"
#include "caps/message/body.h"
#include "caps/schemac/describe.h"
#include "caps/schemac/load.h"
#include "caps/schemac/stock.h"

#include <algorithm>
#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/schema-parser.h>
#include <capnp/serialize.h>
#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <kj/filesystem.h>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

using namespace tessera;
using namespace tessera::caps;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSchema = R"(@0xdbb9ad1f14bf0b36;
enum Color { red @0; green @1; blue @2; }
struct Pair { name @0 :Text; value @1 :Int64; next @2 :List(Pair); flags @3 :List(Bool); texts @4 :List(Text); }
interface I {
  all @0 (truth :Bool, yes :Bool = true, tiny :Int8, small :Int16 = -5, number :Int32, big :Int64, utiny :UInt8, usmall :UInt16,
          unumber :UInt32 = 7, ubig :UInt64, single :Float32 = 1.5, double :Float64, color :Color = blue, text :Text, data :Data,
          list :List(Int32), pair :Pair, peer :I, other :I) -> (text :Text, pairs :List(Pair), made :I, sum :UInt64);
}
)";

// The schema, as our generator describes it and as stock Cap'n Proto knows it.
class TwoViews {
  public:
    TwoViews() : file_(fs::temp_directory_path() / ("body-" + std::to_string(::getpid()) + ".capnp")) {
        std::ofstream(file_) << kSchema;
        schema_ = schemac::compile({{file_.string()}, {}});
        const auto found = std::ranges::find_if(
            schema_.nodes, [](const auto& entry) { return entry.second.kind == schemac::NodeKind::Interface; });
        const auto bytes = schemac::describe(schema_, found->second);
        const auto raw = std::as_bytes(std::span(bytes));
        description_.assign(raw.begin(), raw.end());
        stock_ = parser_.parseFromDirectory(disk_->getRoot(),
                                            kj::Path::parse(file_.string().substr(1)),
                                            kj::ArrayPtr<const kj::ReadableDirectory* const>());
    }
    ~TwoViews() { fs::remove(file_); }
    TwoViews(const TwoViews&) = delete;
    TwoViews& operator=(const TwoViews&) = delete;

    [[nodiscard]] MethodPlan method() const { return MethodPlan(*InterfaceDescription::read(description_)->find(0)); }
    [[nodiscard]] capnp::InterfaceSchema::Method stock() const {
        return stock_.getNested("I").asInterface().getMethodByName("all");
    }
    [[nodiscard]] capnp::StructSchema pair() const { return stock_.getNested("Pair").asStruct(); }

  private:
    fs::path file_;
    schemac::Schema schema_;
    std::vector<std::byte> description_;
    kj::Own<kj::Filesystem> disk_ = kj::newDiskFilesystem();
    capnp::SchemaParser parser_;
    capnp::ParsedSchema stock_;
};

const TwoViews& views() {
    static const TwoViews both;
    return both;
}

std::uint64_t copy_here(void* to, const void* from, std::size_t bytes) {
    std::memcpy(to, from, bytes);
    return 0;
}

FieldValue number(std::uint64_t word) { return {word, nullptr, 0}; }
template <typename T>
FieldValue bytes(const T& of) {
    return {0, reinterpret_cast<const std::byte*>(of.data()), of.size()};
}

using Words = std::vector<std::uint64_t>;
Words segment_of(capnp::MessageBuilder& message) {
    const auto segments = message.getSegmentsForOutput();
    REQUIRE(segments.size() == 1);
    Words words(segments[0].size());
    std::memcpy(words.data(), segments[0].begin(), words.size() * sizeof(words[0]));
    return words;
}
std::span<const std::byte> as_bytes(const Words& words) { return std::as_bytes(std::span(words.data(), words.size())); }
kj::ArrayPtr<const capnp::word> stock_segment(const Words& words) {
    return {reinterpret_cast<const capnp::word*>(words.data()), words.size()};
}
FieldValue message(const Words& words) {
    return {0, reinterpret_cast<const std::byte*>(words.data()), words.size() * sizeof(words[0])};
}

Words a_list() {
    capnp::MallocMessageBuilder built(1 << 12);
    auto list = built.getRoot<capnp::AnyPointer>().initAs<capnp::DynamicList>(
        capnp::ListSchema::of(capnp::schema::Type::INT32), 3);
    list.set(0, 10);
    list.set(1, -20);
    list.set(2, 30);
    return segment_of(built);
}

void fill(capnp::DynamicStruct::Builder pair, unsigned depth) {
    pair.set("name", "level");
    pair.set("value", depth);
    auto flags = pair.init("flags", 11).as<capnp::DynamicList>();
    flags.set(3, true);
    flags.set(10, true);
    auto texts = pair.init("texts", 2).as<capnp::DynamicList>();
    texts.set(1, "second");
    if (depth != 0) {
        auto next = pair.init("next", 2).as<capnp::DynamicList>();
        fill(next[0].as<capnp::DynamicStruct>(), depth - 1);
        fill(next[1].as<capnp::DynamicStruct>(), 0);
    }
}

Words a_pair(unsigned depth) {
    capnp::MallocMessageBuilder built(1 << 16);
    fill(built.initRoot<capnp::DynamicStruct>(views().pair()), depth);
    return segment_of(built);
}

std::string text_of(const FieldValue& value) { return {reinterpret_cast<const char*>(value.bytes), value.length}; }

struct Built {
    std::vector<std::byte> body;
    BodyCapabilities capabilities;
};

std::expected<Built, BodyFault> build(const RecordPlan& record, const FieldValues& values) {
    const auto room = body_room(record, values);
    if (!room) {
        return std::unexpected(room.error());
    }
    Built built;
    built.body.resize(*room);
    const auto length = write_body(record, values, built.body, built.capabilities, copy_here);
    if (!length) {
        return std::unexpected(length.error());
    }
    built.body.resize(*length);
    return built;
}

// Values as they come back, with the memory that they lie in.
struct Taken {
    FieldValues values;
    std::vector<std::byte> room;
};

std::expected<Taken, BodyFault>
take(const RecordPlan& record, std::span<const std::byte> body, const BodyCapabilities& capabilities) {
    Taken taken;
    taken.room.resize(body.size() + std::size_t{form::kPointersMax} * 8);
    if (const auto read = read_body(record, body, capabilities, taken.room, taken.values); !read) {
        return std::unexpected(read.error());
    }
    return taken;
}

FieldValues
example(const Words& list, const Words& pair, const std::string& text, const std::vector<unsigned char>& data) {
    return {number(1),
            number(0),
            number(static_cast<std::uint32_t>(-3)),
            number(static_cast<std::uint32_t>(-300)),
            number(static_cast<std::uint32_t>(-70000)),
            number(static_cast<std::uint64_t>(-5'000'000'000)),
            number(200),
            number(60000),
            number(4'000'000'000),
            number(0xfedcba9876543210),
            number(std::bit_cast<std::uint32_t>(2.25F)),
            number(std::bit_cast<std::uint64_t>(-1e100)),
            number(1),
            bytes(text),
            bytes(data),
            message(list),
            message(pair),
            number(0),
            number(77)};
}

}  // namespace

TEST_CASE("stock Cap'n Proto reads a body as the call's values", "[caps][message]") {
    const auto method = views().method();
    const auto pair = a_pair(3);
    const auto list = a_list();
    const auto built = build(method.parameters(), example(list, pair, "hello", {1, 0, 255}));
    REQUIRE(built);
    CHECK(built->capabilities.count == 1);
    CHECK(built->capabilities.words[0] == 77);
    Words words(built->body.size() / 8);
    std::memcpy(words.data(), built->body.data(), built->body.size());
    const auto segment = stock_segment(words);
    capnp::SegmentArrayMessageReader reader(kj::arrayPtr(&segment, 1));
    auto got = reader.getRoot<capnp::DynamicStruct>(views().stock().getParamType());
    CHECK(got.get("truth").as<bool>());
    CHECK_FALSE(got.get("yes").as<bool>());
    CHECK(got.get("tiny").as<int8_t>() == -3);
    CHECK(got.get("small").as<int16_t>() == -300);
    CHECK(got.get("number").as<int32_t>() == -70000);
    CHECK(got.get("big").as<int64_t>() == -5'000'000'000);
    CHECK(got.get("utiny").as<uint8_t>() == 200);
    CHECK(got.get("usmall").as<uint16_t>() == 60000);
    CHECK(got.get("unumber").as<uint32_t>() == 4'000'000'000);
    CHECK(got.get("ubig").as<uint64_t>() == 0xfedcba9876543210);
    CHECK(got.get("single").as<float>() == 2.25F);
    CHECK(got.get("double").as<double>() == -1e100);
    CHECK(got.get("color").as<capnp::DynamicEnum>().getRaw() == 1);
    CHECK(std::string(got.get("text").as<capnp::Text>().cStr()) == "hello");
    CHECK(got.get("data").as<capnp::Data>().size() == 3);
    CHECK(got.get("data").as<capnp::Data>()[2] == 255);
    CHECK(got.get("list").as<capnp::DynamicList>()[1].as<int>() == -20);
    auto at = got.get("pair").as<capnp::DynamicStruct>();
    CHECK(at.get("flags").as<capnp::DynamicList>()[10].as<bool>());
    for (int depth = 3; depth > 0; --depth) {
        CHECK(at.get("value").as<int>() == depth);
        CHECK(std::string(at.get("texts").as<capnp::DynamicList>()[1].as<capnp::Text>().cStr()) == "second");
        at = at.get("next").as<capnp::DynamicList>()[0].as<capnp::DynamicStruct>();
    }
    CHECK(at.get("value").as<int>() == 0);
}

TEST_CASE("a body that stock Cap'n Proto has built gives the call's values", "[caps][message]") {
    const auto method = views().method();
    capnp::MallocMessageBuilder message_builder(1 << 12);
    auto root = message_builder.initRoot<capnp::DynamicStruct>(views().stock().getParamType());
    root.set("tiny", -100);
    root.set("number", -1);
    root.set("ubig", 12345678901234567890ULL);
    root.set("text", "something longer than a word");
    root.set("data", capnp::Data::Reader(reinterpret_cast<const kj::byte*>("ab"), 2));
    fill(root.init("pair").as<capnp::DynamicStruct>(), 2);
    const auto words = segment_of(message_builder);
    const auto taken = take(method.parameters(), as_bytes(words), {});
    REQUIRE(taken);
    const auto& values = taken->values;
    CHECK(values[0].word == 0);
    CHECK(values[1].word == 1);  // defaults
    CHECK(values[2].word == static_cast<std::uint32_t>(-100));
    CHECK(values[3].word == static_cast<std::uint32_t>(-5));
    CHECK(values[4].word == 0xffffffff);
    CHECK(values[8].word == 7);
    CHECK(values[9].word == 12345678901234567890ULL);
    CHECK(values[10].word == std::bit_cast<std::uint32_t>(1.5F));
    CHECK(values[12].word == 2);
    CHECK(text_of(values[13]) == "something longer than a word");
    CHECK(text_of(values[14]) == "ab");
    CHECK(values[15].length == 0);
    // The message of the struct, by itself.
    Words inner(values[16].length / 8);
    std::memcpy(inner.data(), values[16].bytes, values[16].length);
    const auto segment = stock_segment(inner);
    capnp::SegmentArrayMessageReader reader(kj::arrayPtr(&segment, 1));
    auto pair = reader.getRoot<capnp::DynamicStruct>(views().pair());
    CHECK(pair.get("value").as<int>() == 2);
    CHECK(pair.get("next").as<capnp::DynamicList>()[0].as<capnp::DynamicStruct>().get("value").as<int>() == 1);
    CHECK(values[17].word == 0);
}

TEST_CASE("values survive the way into a body and back", "[caps][message]") {
    const auto method = views().method();
    const auto pair = a_pair(4);
    const auto list = a_list();
    const std::string text(4001, 'x');
    const std::vector<unsigned char> none;
    const auto values = example(list, pair, text, none);
    const auto built = build(method.parameters(), values);
    REQUIRE(built);
    CHECK(built->body.size() <= body_bytes(method.parameters(), values));
    const auto taken = take(method.parameters(), built->body, built->capabilities);
    REQUIRE(taken);
    for (std::size_t index = 0; index < method.parameters().fields.size(); ++index) {
        INFO("parameter " << index);
        CHECK(taken->values[index].word == values[index].word);
        CHECK(taken->values[index].length == values[index].length);
    }
    // Messages may lie in another order than before, and in the same from then on.
    const auto again = build(method.parameters(), taken->values);
    REQUIRE(again);
    CHECK(again->body == built->body);
}

TEST_CASE("an older or newer version's body is read", "[caps][message]") {
    const auto method = views().method();
    const auto record = method.parameters();
    const std::vector<std::byte> null_root(8);
    const auto nothing = take(record, null_root, {});
    REQUIRE(nothing);
    CHECK(nothing->values[1].word == 1);
    CHECK(nothing->values[13].length == 0);
    std::uint64_t small[] = {0x0000'0001'0000'0000, 1};  // one word of data, no pointers
    const auto short_one = take(record, std::as_bytes(std::span(small)), {});
    REQUIRE(short_one);
    CHECK(short_one->values[0].word == 1);
    CHECK(short_one->values[8].word == 7);
}

TEST_CASE("bodies that lie are refused", "[caps][message]") {
    const auto method = views().method();
    const auto record = method.parameters();
    const auto refused = [&](const std::vector<std::uint64_t>& words, BodyCapabilities capabilities = {}) {
        const auto taken = take(record, std::as_bytes(std::span(words)), capabilities);
        REQUIRE_FALSE(taken);
        return taken.error();
    };
    const auto with_pointer = [&](unsigned index, std::uint64_t pointer, std::vector<std::uint64_t> rest = {}) {
        std::vector<std::uint64_t> words(1 + std::size_t{record.data_words} + record.pointers);
        words[0] = std::uint64_t{record.data_words} << 32U | std::uint64_t{record.pointers} << 48U;
        words[1 + record.data_words + index] = pointer;
        words.insert(words.end(), rest.begin(), rest.end());
        return words;
    };
    CHECK(refused({}) == BodyFault::Malformed);
    CHECK(refused({0x0000'0005'0000'0000}) == BodyFault::Malformed);                 // outside
    CHECK(refused({0x0001'0001'7fff'fffc, 0, 0}) == BodyFault::Malformed);           // far outside
    CHECK(refused({0x0001'0001'8000'0000, 0, 0}) == BodyFault::Malformed);           // before the beginning
    CHECK(refused({2, 0}) == BodyFault::Malformed);                                  // to another segment
    CHECK(refused({1, 0}) == BodyFault::Malformed);                                  // a list
    CHECK(refused(with_pointer(0, 0x0000'000a'0000'0401)) == BodyFault::Malformed);  // a text of one byte outside
    CHECK(refused(with_pointer(0, 0x0000'0002'0000'0001)) == BodyFault::Malformed);  // a text without its last byte
    CHECK(refused(with_pointer(1, 0xffff'fffa'0000'0001)) == BodyFault::Malformed);  // data of half a GiB
    CHECK(refused(with_pointer(1, 3)) == BodyFault::Malformed);                      // a capability for data
    CHECK(refused(with_pointer(3, 3)) == BodyFault::Malformed);                      // a capability for a struct
    CHECK(refused(with_pointer(3, 2)) == BodyFault::Malformed);
    CHECK(refused(with_pointer(4, 3)) == BodyFault::Malformed);  // index 0 of no capabilities
    BodyCapabilities one;
    one.count = 1;
    CHECK(refused(with_pointer(4, 3 | 1ULL << 32U), one) == BodyFault::Malformed);
    CHECK(refused(with_pointer(4, 7), one) == BodyFault::Malformed);  // of the other kind, but no capability
    // A struct that contains itself: never more than there is room for, and no deeper than the limit.
    const auto circle = refused(with_pointer(3, 0x0001'0000'ffff'fffc));
    CHECK((circle == BodyFault::Malformed || circle == BodyFault::TooLarge));
    // A list of many pointers to one long text: more than the body's own length.
    std::vector<std::uint64_t> many{};
    for (unsigned i = 0; i < 100; ++i) {
        const std::uint64_t offset = 100 - i - 1;
        many.push_back(1 | offset << 2U | 2ULL << 32U | 800ULL << 35U);
    }
    many.resize(200);
    CHECK(refused(with_pointer(2, 1 | 2ULL << 2U | 6ULL << 32U | 100ULL << 35U, many)) == BodyFault::TooLarge);
}

TEST_CASE("messages among the values that lie are refused", "[caps][message]") {
    const auto method = views().method();
    const auto record = method.parameters();
    const auto pair = a_pair(1);
    auto list = a_list();
    const std::string nothing;
    const std::vector<unsigned char> none;
    auto values = example(list, pair, nothing, none);
    const auto fault = [&] {
        const auto built = build(record, values);
        REQUIRE_FALSE(built);
        return built.error();
    };
    const std::uint64_t outside[] = {0x0000'0005'0000'0000, 0};
    values[16] = {0, reinterpret_cast<const std::byte*>(outside), sizeof outside};
    CHECK(fault() == BodyFault::Malformed);
    const std::uint64_t capability[] = {3, 0};
    values[16] = {0, reinterpret_cast<const std::byte*>(capability), sizeof capability};
    CHECK(fault() == BodyFault::Malformed);
    values[16] = {0, nullptr, std::uint64_t{1} << 60U};
    CHECK(fault() == BodyFault::TooLarge);
    values[16] = {};
    values[13] = {0, nullptr, kBodyBytesMax};
    CHECK(fault() == BodyFault::TooLarge);
    // Bytes that vanish.
    values[13] = {0, nullptr, 100};
    std::vector<std::byte> room(*body_room(record, values));
    BodyCapabilities capabilities;
    const auto gone = write_body(
        record, values, room, capabilities, [](void*, const void*, std::size_t) { return std::uint64_t{1}; });
    REQUIRE_FALSE(gone);
    CHECK(gone.error() == BodyFault::Missing);
}

// Under the address sanitizer: whatever a body says, nothing outside of it and of the room is touched.
TEST_CASE("changed bodies are read or refused", "[caps][message]") {
    const auto method = views().method();
    const auto pair = a_pair(3);
    const auto list = a_list();
    const auto built = build(method.parameters(), example(list, pair, "text", {1, 2, 3}));
    REQUIRE(built);
    std::mt19937 random(1);
    unsigned good = 0;
    for (unsigned round = 0; round < 20000; ++round) {
        auto body = built->body;
        body.resize(random() % 4 == 0 ? (random() % body.size()) / 8 * 8 : body.size());
        for (unsigned change = random() % 4; change > 0 && !body.empty(); --change) {
            auto& byte = body[random() % body.size()];
            byte = random() % 2 == 0 ? static_cast<std::byte>(random())
                                     : byte ^ static_cast<std::byte>(1U << random() % 8);
        }
        const auto taken = take(method.parameters(), body, built->capabilities);
        if (!taken) {
            continue;
        }
        ++good;
        // What has been read can be written again.
        auto values = taken->values;
        const auto again = build(method.parameters(), values);
        if (again) {
            CHECK(take(method.parameters(), again->body, again->capabilities).has_value());
        }
    }
    CHECK(good > 1000);
}
