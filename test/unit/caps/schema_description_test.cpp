// The flat description of interfaces: what the generator writes, the kernel's reader takes, and nothing else.
#include "caps/description.h"
#include "device.kernel.h"
#include "directory.kernel.h"
#include "domain.kernel.h"
#include "network.kernel.h"
#include "service.kernel.h"
#include "status.kernel.h"
#include "stream.kernel.h"
#include "time.kernel.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace tessera::caps;
namespace schema = tessera::schema;

namespace {

std::vector<std::byte> bytes_of(std::span<const std::uint8_t> description) {
    const auto bytes = std::as_bytes(description);
    return {bytes.begin(), bytes.end()};
}

template <typename Interface>
void check_standard_interface() {
    const auto bytes = bytes_of(Interface::kDescription);
    const auto description = InterfaceDescription::read(bytes);
    REQUIRE(description);
    CHECK(description->id() == Interface::kId);
    CHECK(description->name() == Interface::kName);
    REQUIRE(description->method_count() == Interface::kSignatures.size());
    std::size_t index = 0;
    for (MethodCursor methods = description->methods(); const auto method = methods.next(); ++index) {
        std::array<char, kSignatureBytesMax> room{};
        CHECK(method->signature(room) == Interface::kSignatures[index]);
        CHECK(description->find(method->ordinal)->name == method->name);
    }
    CHECK(index == Interface::kSignatures.size());
    CHECK_FALSE(description->find(0x7fff));
}

// An interface with one method, of which tests change a piece.
class Bytes {
  public:
    Bytes& u8(unsigned value) {
        bytes_.push_back(static_cast<std::byte>(value));
        return *this;
    }
    Bytes& u16(unsigned value) { return u8(value & 0xff).u8(value >> 8); }
    Bytes& u64(std::uint64_t value) {
        for (unsigned i = 0; i < 8; ++i) {
            u8(static_cast<unsigned>(value >> (8 * i)) & 0xff);
        }
        return *this;
    }
    Bytes& name(std::string_view text) {
        u8(static_cast<unsigned>(text.size()));
        for (const char c : text) {
            u8(static_cast<unsigned char>(c));
        }
        return *this;
    }
    Bytes& begin(unsigned methods) {
        for (const std::uint8_t byte : form::kMagic) {
            u8(byte);
        }
        return u64(0x8000000000000001).u8(0).name("Thing").u8(0).u16(methods);
    }
    Bytes& method(unsigned ordinal) { return u16(ordinal).u8(0).name("act"); }
    Bytes& record(unsigned words, unsigned pointers, unsigned fields) { return u16(words).u16(pointers).u8(fields); }
    Bytes& field(form::FieldKind kind, unsigned offset) { return u8(kind).u8(0).u16(offset).name("it"); }

    [[nodiscard]] DescriptionFault fault() const {
        const auto read = InterfaceDescription::read(bytes_);
        REQUIRE_FALSE(read);
        return read.error();
    }
    [[nodiscard]] bool accepted() const { return InterfaceDescription::read(bytes_).has_value(); }

  private:
    std::vector<std::byte> bytes_;
};

}  // namespace

TEST_CASE("the standard interfaces' descriptions are read, and give the signatures that programs import",
          "[caps][schema]") {
    check_standard_interface<schema::ByteStream>();
    check_standard_interface<schema::Console>();
    check_standard_interface<schema::Clock>();
    check_standard_interface<schema::Timer>();
    check_standard_interface<schema::Directory>();
    check_standard_interface<schema::File>();
    check_standard_interface<schema::BlockDevice>();
    check_standard_interface<schema::NetworkInterface>();
    check_standard_interface<schema::Tcp>();
    check_standard_interface<schema::UdpSocket>();
    check_standard_interface<schema::Resolver>();
    check_standard_interface<schema::Loader>();
    check_standard_interface<schema::Domain>();
    check_standard_interface<schema::Account>();
    check_standard_interface<schema::Log>();
    check_standard_interface<schema::Configuration>();
    check_standard_interface<schema::Secret>();
}

TEST_CASE("a description says where parameters and results lie in a message", "[caps][schema]") {
    const auto bytes = bytes_of(schema::File::kDescription);
    const auto file = InterfaceDescription::read(bytes);
    REQUIRE(file);
    const auto read = file->find(schema::File::kRead);
    REQUIRE(read);
    CHECK(read->strict);
    CHECK(read->name == "read");
    std::array<char, kSignatureBytesMax> room{};
    CHECK(read->signature(room) == "2:liw>il");
    FieldCursor parameters = read->parameters.fields();
    const auto position = parameters.next();
    const auto count = parameters.next();
    REQUIRE(position);
    REQUIRE(count);
    CHECK(position->kind == form::kUInt64);
    CHECK(position->offset == 0);
    CHECK(count->kind == form::kUInt32);
    CHECK(count->offset == 2);  // in units of 32 bits
    CHECK_FALSE(parameters.next());
    FieldCursor results = read->results.fields();
    const auto data = results.next();
    REQUIRE(data);
    CHECK(data->is_pointer());
    CHECK(data->letter() == 'r');
    CHECK(read->results.data_words == 0);
    CHECK(read->results.pointers == 1);
}

TEST_CASE("a description holds superclasses, defaults, and the types of objects and lists", "[caps][schema]") {
    const auto console_bytes = bytes_of(schema::Console::kDescription);
    const auto console = InterfaceDescription::read(console_bytes);
    REQUIRE(console);
    REQUIRE(console->super_count() == 1);
    CHECK(console->super(0) == schema::ByteStream::kId);

    const auto tcp_bytes = bytes_of(schema::Tcp::kDescription);
    const auto tcp = InterfaceDescription::read(tcp_bytes);
    REQUIRE(tcp);
    const auto connect = tcp->find(schema::Tcp::kConnect);
    REQUIRE(connect);
    FieldCursor parameters = connect->parameters.fields();
    static_cast<void>(parameters.next());
    CHECK(parameters.next()->default_bits == 0xffffffffffffffff);
    CHECK(connect->results.fields().next()->type_id == schema::Connection::kId);

    const auto device_bytes = bytes_of(schema::NetworkInterface::kDescription);
    const auto device = InterfaceDescription::read(device_bytes);
    REQUIRE(device);
    const auto frames = device->find(schema::NetworkInterface::kSendMany)->parameters.fields().next();
    CHECK(frames->kind == form::kList);
    CHECK(frames->element_kind == form::kData);
}

TEST_CASE("a description that is cut off anywhere, or longer than it says, is refused", "[caps][schema]") {
    const auto whole = bytes_of(schema::Directory::kDescription);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK_FALSE(InterfaceDescription::read(std::span(whole).first(length)));
    }
    auto longer = whole;
    longer.push_back(std::byte{0});
    CHECK(InterfaceDescription::read(longer).error() == DescriptionFault::Rest);
}

TEST_CASE("whatever byte of a description is changed, it is refused or can be read to its end", "[caps][schema]") {
    unsigned refused = 0;
    for (const auto& whole : {bytes_of(schema::Directory::kDescription), bytes_of(schema::UdpSocket::kDescription)}) {
        for (std::size_t at = 0; at < whole.size(); ++at) {
            for (const unsigned flip : {0x01U, 0x10U, 0x80U, 0xffU}) {
                auto changed = whole;
                changed[at] ^= static_cast<std::byte>(flip);
                const auto description = InterfaceDescription::read(changed);
                if (!description) {
                    CHECK(text_of(description.error()) != "");
                    ++refused;
                    continue;
                }
                unsigned methods = 0;
                for (MethodCursor cursor = description->methods(); const auto method = cursor.next(); ++methods) {
                    std::array<char, kSignatureBytesMax> room{};
                    CHECK(method->signature(room).size() < room.size());
                }
                CHECK(methods == description->method_count());
            }
        }
    }
    CHECK(refused > 1000);
}

TEST_CASE("each fault of a description has its name", "[caps][schema]") {
    const auto none = [](Bytes& bytes) -> Bytes& { return bytes.record(0, 0, 0); };
    Bytes fine;
    none(fine.begin(1).method(3).record(1, 1, 2).field(form::kBool, 63).field(form::kText, 0));
    CHECK(fine.accepted());

    CHECK(Bytes().u8('T').u8('I').u8('F').u8(2).fault() == DescriptionFault::UnknownForm);
    CHECK(Bytes().u8('T').fault() == DescriptionFault::TooShort);
    Bytes outside;
    CHECK(none(outside.begin(1).method(0).record(1, 0, 1).field(form::kUInt32, 2)).fault() ==
          DescriptionFault::Outside);
    Bytes no_pointer;
    CHECK(none(no_pointer.begin(1).method(0).record(1, 0, 1).field(form::kData, 0)).fault() ==
          DescriptionFault::Outside);
    Bytes overlap;
    overlap.begin(1).method(0).record(1, 0, 2).field(form::kUInt16, 1).field(form::kUInt8, 3);
    CHECK(none(overlap).fault() == DescriptionFault::Overlap);
    Bytes same_pointer;
    same_pointer.begin(1).method(0).record(0, 1, 2).field(form::kData, 0).field(form::kText, 0);
    CHECK(none(same_pointer).fault() == DescriptionFault::Overlap);
    Bytes kind;
    CHECK(none(kind.begin(1).method(0).record(1, 0, 1).field(form::kVoid, 0)).fault() == DescriptionFault::UnknownKind);
    Bytes words;
    CHECK(none(words.begin(1).method(0).record(33, 0, 0)).fault() == DescriptionFault::TooMany);
    Bytes twice;
    none(none(twice.begin(2).method(1)));
    CHECK(none(none(twice.method(1))).fault() == DescriptionFault::OrdersBackwards);
    Bytes name;
    CHECK(name.begin(1).u16(0).u8(0).name("no way").fault() == DescriptionFault::BadName);
    Bytes unnamed;
    CHECK(unnamed.begin(1).u16(0).u8(0).name("").fault() == DescriptionFault::BadName);
    Bytes flag;
    CHECK(flag.begin(1).u16(0).u8(2).name("act").fault() == DescriptionFault::UnknownFlag);
    Bytes id;
    id.begin(1).method(0).record(0, 1, 1).field(form::kInterface, 0).u64(1);
    CHECK(none(id).fault() == DescriptionFault::BadIdentifier);
    Bytes wide;
    wide.begin(1).method(0).record(1, 0, 1).u8(form::kUInt8).u8(form::kHasDefault).u16(0).name("it").u64(256);
    CHECK(none(wide).fault() == DescriptionFault::BadDefault);
}

TEST_CASE("every status has a text, and they begin with success", "[caps][schema]") {
    CHECK(static_cast<int>(schema::Status::Ok) == 0);
    CHECK(static_cast<int>(schema::Status::TooSmall) == 13);
    for (int value = 0; value <= static_cast<int>(schema::Status::OtherDevice); ++value) {
        CHECK(schema::text_of(static_cast<schema::Status>(value)) != "");
        CHECK(schema::text_of(static_cast<schema::Status>(value)) != "not known");
    }
    CHECK(schema::text_of(static_cast<schema::Status>(static_cast<int>(schema::Status::OtherDevice) + 1)) ==
          "not known");
}
