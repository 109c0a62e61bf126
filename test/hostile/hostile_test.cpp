// The whole corpus: every hostile program is refused by exactly its rule, every harmless one is accepted, and what is
// accepted is well-formed to LLVM's own verifier, an oracle that shares no line with the checker.
#include "safeir/check/checked_module.h"
#include "safeir/diag/rule.h"
#include "test/hostile/corpus.h"

#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace {

using namespace tessera;

const std::string kFolder = TESSERA_SOURCE_ROOT "/test/hostile";

// Loaded once: Catch2 enters a test case anew for each of its sections.
const std::vector<hostile::Case>& corpus() {
    static const auto cases = hostile::load_corpus(kFolder);
    if (!cases) {
        FAIL(cases.error().text);
    }
    return *cases;
}

}  // namespace

TEST_CASE("every case of the corpus is judged as it says") {
    for (const hostile::Case& each : corpus()) {
        DYNAMIC_SECTION(each.name) {
            const auto verdict = hostile::judge(each);
            INFO(each.why);
            if (!verdict) {
                FAIL(verdict.error().text);
            }
            INFO(verdict->text);
            CHECK(verdict->rule == each.rule);
        }
    }
}

TEST_CASE("what is accepted passes LLVM's verifier") {
    for (const hostile::Case& each : corpus()) {
        if (!each.rule.empty() || each.form == hostile::Form::Checked) {
            continue;
        }
        const auto sir = hostile::sir_of(each);
        REQUIRE(sir);
        const auto checked = safeir::check_program(*sir);
        REQUIRE(checked);
        std::string text;
        llvm::raw_string_ostream stream(text);
        const bool broken = llvm::verifyModule(checked->module(), &stream);
        INFO(each.name << ": " << text);
        CHECK_FALSE(broken);
    }
}

TEST_CASE("every rule has a case, and the catalogue names it") {
    std::set<std::string> refused;
    for (const hostile::Case& each : corpus()) {
        refused.insert(each.rule);
    }
    std::ifstream in(TESSERA_SOURCE_ROOT "/docs/safeir/rules.md");
    const std::string catalogue{std::istreambuf_iterator<char>(in), {}};
#define TESSERA_RULE(number, name, sentence)                                                                           \
    {                                                                                                                  \
        const std::string id = safeir::rule_id(safeir::Rule::name);                                                    \
        INFO(id << " " #name);                                                                                         \
        CHECK(refused.contains(id));                                                                                   \
        CHECK(catalogue.find(id) != std::string::npos);                                                                \
    }
#include "safeir/spec/rules.def"
#undef TESSERA_RULE
}

// The page of a rule says its sentence, and shows a case of it as the file has it today.
TEST_CASE("every rule has a page, whose example is a case that the rule refuses") {
    const auto content = [](const std::string& path) {
        std::ifstream in(path);
        return std::string{std::istreambuf_iterator<char>(in), {}};
    };
#define TESSERA_RULE(number, name, sentence)                                                                           \
    {                                                                                                                  \
        const std::string id = safeir::rule_id(safeir::Rule::name);                                                    \
        const std::string page = content(TESSERA_SOURCE_ROOT "/docs/safeir/rules/" + id + ".md");                      \
        INFO(id);                                                                                                      \
        CHECK(page.starts_with("# " + id + " " #name "\n"));                                                           \
        CHECK(page.find(std::string(sentence).substr(1) + ".\n") != std::string::npos);                                \
        const auto begin = page.find("`test/hostile/") + 1;                                                            \
        const std::string file = page.substr(begin, page.find('`', begin) - begin);                                    \
        const std::string example = content(TESSERA_SOURCE_ROOT "/" + file);                                           \
        INFO(file);                                                                                                    \
        CHECK(example.starts_with("; refuse: " + id + " "));                                                           \
        CHECK(page.find(example) != std::string::npos);                                                                \
    }
#include "safeir/spec/rules.def"
#undef TESSERA_RULE
}

TEST_CASE("every file that the catalogue names is there") {
    std::ifstream in(TESSERA_SOURCE_ROOT "/docs/safeir/rules.md");
    const std::string catalogue{std::istreambuf_iterator<char>(in), {}};
    for (std::size_t at = catalogue.find("`refuse/"); at != std::string::npos;
         at = catalogue.find("`refuse/", at + 1)) {
        const std::string name = catalogue.substr(at + 1, catalogue.find('`', at + 1) - at - 1);
        INFO(name);
        CHECK(std::filesystem::exists(kFolder + "/" + name));
    }
}
