// What changes a program between its check and its code stands in the argument for why no program can escape.
#include "test/tidy/tree.h"

#include <catch2/catch.hpp>
#include <regex>

using namespace tessera::tidy;

namespace {

constexpr const char* kArgument = "docs/safeir/soundness.md";

// Of LLVM's interface, what makes, changes or removes instructions, or runs passes that do. Comments count, too: a file
// that speaks of these has something to say in the argument.
bool rewrites(const std::string& text) {
    static const std::regex marks(
        R"re(IRBuilder|BinaryOperator::Create|replaceAllUsesWith|replaceUsesOf|eraseFromParent)re"
        R"re(|removeFromParent|insertInto|insertBefore|moveBefore|setOperand|operand\.set\(|mutateType)re"
        R"re(|addFnAttr|setAttributes|setInitializer|PassManager|PassBuilder|setOptLevel)re");
    return std::regex_search(text, marks);
}

// The rows of its table of rewritings, with what they say about I1 to I5.
std::string table() {
    const std::string argument = read(root() / kArgument);
    const auto begin = argument.find("| rewriting |");
    const auto end = argument.find("\n\n", begin);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    return argument.substr(begin, end - begin);
}

}  // namespace

TEST_CASE("each file that rewrites a checked program is in the argument", "[tidy]") {
    const std::string rows = table();
    std::vector<std::string> missing;
    unsigned found = 0;
    for (const auto& file : files_below({"safeir/load"})) {
        if (file.extension() != ".cpp" || !rewrites(read(root() / file))) {
            continue;
        }
        ++found;
        const std::string name = (file.parent_path() / file.stem()).string();
        if (rows.find("| `" + name + "`") == std::string::npos) {
            missing.push_back(file.string() + " is in no row of " + kArgument + " (After the check)");
        }
    }
    CHECK(places(missing) == "");
    CHECK(found >= 7);  // the marks still find what is known to rewrite
}

TEST_CASE("each rewriting of the argument is a file", "[tidy]") {
    const std::string rows = table();
    static const std::regex first_cell(R"re(\n\| `(safeir/load/[a-z_]+)`)re");
    std::vector<std::string> missing;
    for (std::sregex_iterator row(rows.begin(), rows.end(), first_cell), end; row != end; ++row) {
        if (!std::filesystem::exists(root() / ((*row)[1].str() + ".cpp"))) {
            missing.push_back((*row)[1].str() + ".cpp is not there");
        }
    }
    CHECK(places(missing) == "");
}
