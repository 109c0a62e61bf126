// How much is trusted before code generation: README says it, in hundreds of lines without comments and blank ones.
#include "test/tidy/tree.h"

#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

using namespace tessera::tidy;
namespace fs = std::filesystem;

namespace {

bool is_trusted(const fs::path& file) {
    static const std::vector<std::string> kLoad = {"clone", "ease", "settle", "wide_phi", "wide_vectors", "zero_clamp"};
    const std::string form = file.extension().string();
    if (form != ".h" && form != ".cpp" && form != ".def") {
        return false;
    }
    return file.parent_path() != "safeir/load" || std::ranges::find(kLoad, file.stem().string()) != kLoad.end();
}

std::size_t lines_of(const fs::path& file) {
    std::istringstream text(read(root() / file));
    std::size_t lines = 0;
    for (std::string line; std::getline(text, line);) {
        const auto begin = line.find_first_not_of(" \t");
        lines += begin != std::string::npos && line.compare(begin, 2, "//") != 0 ? 1 : 0;
    }
    return lines;
}

}  // namespace

TEST_CASE("README says how many lines are trusted before code generation") {
    std::size_t lines = 0;
    for (const fs::path& file :
         files_below({"safeir/wire", "safeir/read", "safeir/check", "safeir/diag", "safeir/spec", "safeir/load"})) {
        lines += is_trusted(file) ? lines_of(file) : 0;
    }
    const std::string text = read(root() / "README.md");
    std::smatch said;
    REQUIRE(std::regex_search(text, said, std::regex(R"((\d),(\d00) lines without)")));
    const auto number = std::stoul(said[1].str() + said[2].str());
    INFO(lines << " lines, README says " << number);
    CHECK(lines <= number);
    CHECK(lines + 100 > number);
}
