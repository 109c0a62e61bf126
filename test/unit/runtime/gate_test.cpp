// What a program's code passes is what a function of the kernel receives: generated code passes a slice as two numbers,
// and C++ takes it as a struct.
#include "caps/gate.h"

#include <catch2/catch.hpp>
#include <utility>

using namespace tessera::caps;

namespace {

using Number = std::uint64_t;

struct Received {
    Number base = 0;
    const std::byte* bytes = nullptr;
    Number length = 0;
    Number last = 0;
};
Received received;

template <typename... Numbers>
void as_the_kernel(Number base, Numbers... /*before*/, ReadSlice slice, Number last) {
    received = {base, slice.bytes, slice.length, last};
}

// With so many numbers between the base and the slice: by the machine, and by the rule that gates are held to.
template <std::size_t... Before>
[[clang::no_sanitize("function")]] bool arrives(std::index_sequence<Before...> /*count*/) {
    using Program = void (*)(Number, decltype(Number{Before})..., const std::byte*, Number, Number);
    // SAFETY: the signature that generated code calls by, which is what is tried.
    volatile Program call =
        reinterpret_cast<Program>(reinterpret_cast<void (*)()>(&as_the_kernel<decltype(Number{Before})...>));
    static const std::byte kBytes[3]{};
    received = {};
    call(1, Number{Before}..., kBytes, sizeof kBytes, 9);
    const bool is_same =
        received.base == 1 && received.bytes == kBytes && received.length == sizeof kBytes && received.last == 9;
    CHECK(are_passed_alike<decltype(Number{Before})..., ReadSlice, Number>() == is_same);
    return is_same;
}

}  // namespace

TEST_CASE("A slice arrives wherever it stands, but for one register left", "[caps][gate]") {
    CHECK(arrives(std::make_index_sequence<0>()));
    CHECK(arrives(std::make_index_sequence<1>()));
    CHECK(arrives(std::make_index_sequence<2>()));
    CHECK(arrives(std::make_index_sequence<3>()));
    CHECK_FALSE(arrives(std::make_index_sequence<4>()));
    CHECK(arrives(std::make_index_sequence<5>()));
    CHECK(arrives(std::make_index_sequence<6>()));
}

// Two slices and what follows them are counted together.
static_assert(are_passed_alike<ReadSlice, WriteSlice>());
static_assert(are_passed_alike<ReadSlice, WriteSlice, std::uint32_t, ReadSlice>());
static_assert(!are_passed_alike<ReadSlice, WriteSlice, ReadSlice>());
static_assert(!are_passed_alike<Object*, std::uint32_t, std::uint32_t, std::int64_t, WriteSlice>());
static_assert(are_passed_alike<std::uint32_t, std::uint32_t, std::uint32_t, std::uint64_t, std::uint64_t, Object*>());
