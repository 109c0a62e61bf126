// Values that a reader's schema does not list: numbers where it is flexible, a fault where it is strict; in C++ and in
// C.
#include "strict.tessera.h"
#include "strict.tessera.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace tessera;

namespace {

struct Read {
    message::Fault sure;
    message::Fault choice;
    unsigned c_sure;
    unsigned c_choice;
};

Read read(std::uint16_t sure, bool third) {
    std::array<std::byte, 256> room{};
    message::MessageBuilder built(room);
    auto later = built.init_root<strict::Later>();
    later.set_sure(sure);
    third ? later.choice().set_third() : later.choice().set_second();
    const auto bytes = built.bytes();

    message::MessageReader first(bytes);
    CHECK(static_cast<std::uint16_t>(first.root<strict::Strict>().sure()) == sure);
    message::MessageReader second(bytes);
    CHECK(static_cast<unsigned>(second.root<strict::Strict>().choice().which()) == (third ? 2 : 1));

    tessera_message c = tessera_message_of(bytes.data(), bytes.size());
    CHECK(strict_strict_sure(&c, strict_strict_root(&c)) == sure);
    tessera_message other = tessera_message_of(bytes.data(), bytes.size());
    CHECK(strict_strict_choice_which(&other, strict_strict_choice(strict_strict_root(&other))) == (third ? 2 : 1));
    return {first.fault(), second.fault(), c.fault, other.fault};
}

}  // namespace

TEST_CASE("values that a strict enum or union does not list make the message malformed", "[schema]") {
    const Read known = read(1, false);
    CHECK(known.sure == message::Fault::None);
    CHECK(known.choice == message::Fault::None);
    CHECK(known.c_sure == TESSERA_FAULT_NONE);
    CHECK(known.c_choice == TESSERA_FAULT_NONE);
    const Read unknown = read(2, true);
    CHECK(unknown.sure == message::Fault::Unknown);
    CHECK(unknown.choice == message::Fault::Unknown);
    CHECK(unknown.c_sure == TESSERA_FAULT_UNKNOWN);
    CHECK(unknown.c_choice == TESSERA_FAULT_UNKNOWN);
}

TEST_CASE("values that a flexible one does not list come as they are", "[schema]") {
    std::array<std::byte, 256> room{};
    message::MessageBuilder built(room);
    built.init_root<strict::Later>().choice().set_third();
    message::MessageReader reader(built.bytes());
    CHECK(reader.root<strict::Later>().choice().which() == strict::LaterChoice::Which::Third);
    CHECK(reader.ok());
}
