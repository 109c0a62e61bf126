// Comments and documents name folders and files of the tree; what they name has to be there.
#include "test/tidy/tree.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <set>
#include <sstream>

using namespace tessera::tidy;
namespace fs = std::filesystem;

namespace {

// The part of a line in which prose may be: all of a document's, a program's comment.
std::string prose_of(const fs::path& file, const std::string& line) {
    const std::string form = file.extension().string();
    const std::string name = file.filename().string();
    if (form == ".md") {
        return line;
    }
    const bool slashes =
        form == ".h" || form == ".cpp" || form == ".c" || form == ".S" || form == ".def" || form == ".rs";
    const bool hashes = form == ".toml" || form.empty() || name == "meson.build";
    const auto begin = slashes ? line.find("//") : hashes ? line.find('#') : std::string::npos;
    return begin == std::string::npos ? "" : line.substr(begin);
}

// "a/{b,c}/d" names two places.
std::vector<std::string> spelled_out(const std::string& path) {
    const auto open = path.find('{');
    const auto close = path.find('}', open == std::string::npos ? 0 : open);
    if (open == std::string::npos || close == std::string::npos) {
        return {path};
    }
    std::vector<std::string> all;
    std::istringstream words(path.substr(open + 1, close - open - 1));
    for (std::string word; std::getline(words, word, ',');) {
        const auto more = spelled_out(path.substr(0, open) + word + path.substr(close + 1));
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

// Names that meson files give to tests and programs: "folder/name".
const std::set<std::string>& named_in_meson() {
    static const std::set<std::string> all = [] {
        static const std::regex test(R"(\btest\('([^']+)')");
        static const std::regex program(R"(\bexecutable\('([^']+)')");
        std::set<std::string> found;
        for (const fs::path& file : files_below({"core", "safeir", "caps", "runtime", "boot", "test"})) {
            if (file.filename() != "meson.build") {
                continue;
            }
            const std::string text = read(root() / file);
            for (std::sregex_iterator at(text.begin(), text.end(), test), end; at != end; ++at) {
                found.insert((*at)[1]);
            }
            for (std::sregex_iterator at(text.begin(), text.end(), program), end; at != end; ++at) {
                found.insert((file.parent_path() / (*at)[1].str()).string());
            }
        }
        return found;
    }();
    return all;
}

// Whether something in the folder has a name that begins so, and goes on with an ending or, where `any` is set, anyhow.
bool begins_there(const std::string& path, bool any) {
    const fs::path folder = root() / fs::path(path).parent_path();
    const std::string begin = fs::path(path).filename().string();
    return fs::is_directory(folder) && std::ranges::any_of(fs::directory_iterator(folder), [&](const auto& entry) {
               const std::string name = entry.path().filename().string();
               return name.starts_with(begin) &&
                      (any || std::string_view("._-").find(name.c_str()[begin.size()]) != std::string_view::npos);
           });
}

// A file or folder of that name; also without its ending ("core/arch/spinlock"), by its number ("docs/decisions/006"),
// or with a star ("boot/tool/bench/bench_*").
bool is_there(const std::string& path, const fs::path& from) {
    if (const auto star = path.find('*'); star != std::string::npos) {
        return begins_there(path.substr(0, star), true);
    }
    return fs::exists(root() / path) || fs::exists(root() / from.parent_path() / path) ||
           named_in_meson().contains(path) || begins_there(path, false);
}

}  // namespace

TEST_CASE("what comments and documents name is there", "[tidy]") {
    static const std::regex path(
        R"((^|[^\w/.<"$-])((?:core|safeir|caps|runtime|drivers|boot|test|apps|docs)/[\w./{},*-]+))");
    std::vector<std::string> found;
    auto files = files_below({"core", "safeir", "caps", "runtime", "drivers", "boot", "test", "apps", "docs"});
    files.emplace_back("README.md");
    files.emplace_back("tessera");
    files.emplace_back(".clang-tidy");
    for (const fs::path& file : files) {
        std::istringstream lines(read(root() / file));
        std::string line;
        for (unsigned number = 1; std::getline(lines, line); ++number) {
            const std::string prose = prose_of(file, line);
            for (std::sregex_iterator at(prose.begin(), prose.end(), path), end; at != end; ++at) {
                for (std::string one : spelled_out((*at)[2])) {
                    while (!one.empty() && std::string_view(".,-").find(one.back()) != std::string_view::npos) {
                        one.pop_back();
                    }
                    if (!is_there(one, file)) {
                        found.push_back(file.string() + ":" + std::to_string(number) + ": there is no " + one);
                    }
                }
            }
        }
    }
    CHECK(places(found) == "");
}
