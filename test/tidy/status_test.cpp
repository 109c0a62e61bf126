// What a call gives instead of its results has two lists: the kernel's own, and the interfaces' with all of them.
#include "test/tidy/tree.h"

#include <catch2/catch.hpp>
#include <cctype>
#include <regex>

using namespace tessera::tidy;

TEST_CASE("the kernel's statuses are the interfaces' of the same number") {
    const std::string kernels = read(root() / "caps/status.def");
    const std::string all = read(root() / "caps/schema/status.capnp");
    const std::regex entry(R"(TESSERA_STATUS\((\d+), (\w+), )");
    unsigned count = 0;
    for (std::sregex_iterator found(kernels.begin(), kernels.end(), entry), end; found != end; ++found, ++count) {
        std::string name = (*found)[2];
        name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
        const std::string line = "\n  " + name + " @" + (*found)[1].str() + " ";
        INFO(line);
        CHECK(all.find(line) != std::string::npos);
    }
    CHECK(count > 5);
}
