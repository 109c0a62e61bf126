#include "caps/gate.h"
#include "caps/wasi/calls.h"

#include <catch2/catch.hpp>
#include <string_view>
#include <type_traits>

using namespace tessera::caps;
using namespace tessera::caps::wasi;

// To hand over two of them the wrong way round does not compile.
static_assert(std::is_invocable_v<decltype(random_get), Domain&, Bytes, UserLength>);
static_assert(!std::is_invocable_v<decltype(random_get), Domain&, UserLength, Bytes>);
static_assert(!std::is_invocable_v<decltype(random_get), Domain&, std::uint32_t, std::uint32_t>);
static_assert(!std::is_invocable_v<decltype(fd_read), Domain&, U32, Place<U32>, UserCount, Place<Iovec>>);
static_assert(!std::is_convertible_v<Bytes, std::uint32_t>);
static_assert(!std::is_default_constructible_v<UserSpan> && !std::is_constructible_v<UserSpan, Bytes, UserLength>);

TEST_CASE("what a program says of its memory is passed as the numbers that it has", "[caps][wasi]") {
    const auto letters = [](const auto& signature) { return std::string_view(signature.data(), signature.size()); };
    CHECK(letters(Gate<random_get>::kSignature) == "iii");
    CHECK(letters(Gate<fd_pread>::kSignature) == "iiiili");
    CHECK(letters(Gate<path_open>::kSignature) == "iiiiiillii");
    static_assert(sizeof(Bytes) == 4 && sizeof(UserLength) == 4 && std::is_trivially_copyable_v<Place<Iovec>>);
}

TEST_CASE("an element's place wraps as the program's arithmetic does", "[caps][wasi]") {
    CHECK(Place<U64>{16}.element(3).offset == 40);
    CHECK(Place<U64>{16}.element(0x1FFFFFFF).offset == 8);
}
