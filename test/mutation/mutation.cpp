// mutation ROOT [--table]: lets the reader and checker forget one rule at a time, then one place of one rule at a time,
// and asks which hostile programs notice: are no longer refused by the rule that they name. A rule or a place that no
// program notices is tested by none. A place that gives way may leave work to a later place of the same rule (the
// reader's cursor stays failed, an operand stays missing): then it is enough that a program is refused there. Each
// trial is a process of its own, since a checker that forgets may crash.
#include "safeir/diag/enforcement.h"
#include "test/hostile/corpus.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace tessera;

constexpr unsigned kSecondsMax = 20;

// ---- what the hook asks ----

struct Mutant {
    std::optional<safeir::Rule> rule;  // forgotten everywhere
    std::string site;                  // forgotten here
};
Mutant mutant;
std::set<std::string>* hits = nullptr;  // where rules refused, while somebody wants to know

std::string text_of(const safeir::Site& site) {
    const std::string_view file = site.file_name();
    return fmt::format("{}:{}", file.substr(file.rfind("safeir/")), site.line());
}

}  // namespace

namespace tessera::safeir {

bool is_enforced(Rule rule, const Site& site) {
    if (mutant.rule == rule || (!mutant.site.empty() && mutant.site == text_of(site))) {
        return false;
    }
    if (hits != nullptr) {
        hits->insert(text_of(site));
    }
    return true;
}

}  // namespace tessera::safeir

namespace {

// ---- trials ----

// Whether the case is judged otherwise than it says.
bool notices(const hostile::Case& each, const Mutant& with) {
    const pid_t child = fork();
    if (child == 0) {
        const rlimit memory = {std::size_t{4} << 30U, std::size_t{4} << 30U};
        const rlimit none = {0, 0};
        setrlimit(RLIMIT_AS, &memory);
        setrlimit(RLIMIT_CORE, &none);
        std::freopen("/dev/null", "w", stderr);
        alarm(kSecondsMax);
        mutant = with;
        const auto verdict = hostile::judge(each);
        _exit(verdict && verdict->rule == each.rule ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status != 0;
}

// Every place that refuses, from the sources: what never runs can't be seen at run time.
std::set<std::string> sites_in_sources(const std::string& root) {
    static const char* const kFiles[] = {
        "read/reader.cpp",
        "read/module_reader.cpp",
        "read/type_reader.cpp",
        "read/table_reader.cpp",
        "read/debug_reader.cpp",
        "read/function_reader.cpp",
        "read/arithmetic_reader.cpp",
        "read/memory_reader.cpp",
        "read/call_reader.cpp",
        "check/function_checker.cpp",
        "check/proof_checker.cpp",
        "recheck/recheck_module.cpp",
        "recheck/function_rechecker.cpp",
        "recheck/arithmetic_rechecker.cpp",
        "recheck/memory_rechecker.cpp",
        "recheck/call_rechecker.cpp",
    };
    static const std::regex call(R"((^|[^:\w])refuse(_operand)?\()");
    static const std::regex definition(R"(\bbool (\w+::)?refuse)");
    std::set<std::string> sites;
    for (const char* file : kFiles) {
        std::ifstream in(fmt::format("{}/safeir/{}", root, file));
        std::string line;
        for (unsigned number = 1; std::getline(in, line); ++number) {
            if (std::regex_search(line, call) && !std::regex_search(line, definition) &&
                line.find(", site)") == std::string::npos) {
                sites.insert(fmt::format("safeir/{}:{}", file, number));
            }
        }
    }
    return sites;
}

std::string source_line(const std::string& root, const std::string& site) {
    const auto colon = site.rfind(':');
    std::ifstream in(fmt::format("{}/{}", root, site.substr(0, colon)));
    std::string line;
    for (int i = std::stoi(site.substr(colon + 1)); i > 0; --i) {
        std::getline(in, line);
    }
    return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

struct Row {
    std::string name;
    std::size_t asked = 0;
    std::size_t noticed = 0;
    std::string first;  // a test that notices
};

Row try_mutant(std::string name, const Mutant& with, const std::vector<const hostile::Case*>& cases) {
    Row row{std::move(name), cases.size(), 0, {}};
    for (const hostile::Case* each : cases) {
        if (notices(*each, with)) {
            ++row.noticed;
            row.first = row.first.empty() ? each->name : row.first;
        }
    }
    return row;
}

int run(const std::string& root, bool with_table) {
    const auto corpus = hostile::load_corpus(root + "/test/hostile");
    if (!corpus) {
        fmt::print(stderr, "{}\n", corpus.error().text);
        return 1;
    }
    std::map<std::string, std::vector<const hostile::Case*>> by_rule;
    std::map<std::string, std::vector<const hostile::Case*>> by_site;
    for (const hostile::Case& each : *corpus) {
        std::set<std::string> reached;
        hits = &reached;
        const auto verdict = hostile::judge(each);
        hits = nullptr;
        if (verdict && !each.rule.empty()) {
            by_rule[each.rule].push_back(&each);
        }
        for (const std::string& site : reached) {
            by_site[site].push_back(&each);
        }
    }
    unsigned passed = 0;
    unsigned failed = 0;
    const auto print = [&](const Row& row) {
        if (with_table) {
            fmt::print("{:<44} {:>4} {:>4}  {}\n", row.name, row.asked, row.noticed, row.first);
        }
    };
    fmt::print("forgotten                                   tests noticed  first\n");
#define TESSERA_RULE(number, id, sentence)                                                                             \
    {                                                                                                                  \
        const std::string rule = safeir::rule_id(safeir::Rule::id);                                                    \
        const Row row = try_mutant(rule + " " #id, {.rule = safeir::Rule::id, .site = {}}, by_rule[rule]);             \
        print(row);                                                                                                    \
        ++(row.noticed != 0 ? passed : failed);                                                                        \
        if (row.noticed == 0) {                                                                                        \
            fmt::print("FAIL  no test notices that {} is gone\n", rule);                                               \
        }                                                                                                              \
    }
#include "safeir/spec/rules.def"
#undef TESSERA_RULE
    for (const std::string& site : sites_in_sources(root)) {
        const auto tests = by_site.find(site);
        Row row{site, 0, 0, {}};
        if (tests != by_site.end()) {
            row = try_mutant(site, {.rule = {}, .site = site}, tests->second);
            by_site.erase(tests);
        }
        if (row.asked == 0) {
            fmt::print("FAIL  no test is refused at {}: {}\n", site, source_line(root, site));
            ++failed;
            continue;
        }
        if (row.noticed == 0) {
            row.first = "the same rule refuses again";
        }
        print(row);
        ++passed;
    }
    for (const auto& [site, tests] : by_site) {
        fmt::print("FAIL  {} refuses ({}), and was not found in the sources\n", site, tests.front()->name);
        ++failed;
    }
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "mutation ROOT [--table]\n");
        return 2;
    }
    return run(argv[1], argc > 2);
}
