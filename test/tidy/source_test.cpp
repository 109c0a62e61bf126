// Rules of docs/contributing.md that a compiler does not check, on every source file of the tree.
#include "test/tidy/tree.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

using namespace tessera::tidy;

namespace {

namespace fs = std::filesystem;

struct Source {
    std::string name;  // relative to the root
    std::string text;
};

const std::vector<Source>& sources() {
    static const std::vector<Source> all = [] {
        std::vector<Source> found;
        for (const fs::path& file : files_below({"core", "safeir", "caps", "runtime", "drivers", "boot", "test"})) {
            const std::string form = file.extension().string();
            if (form == ".h" || form == ".cpp" || form == ".S" || form == ".def") {
                found.push_back({file.string(), read(root() / file)});
            }
        }
        return found;
    }();
    return all;
}

bool below(const std::string& path, const std::string& folder) { return path.starts_with(folder + "/"); }

struct Layer {
    std::string folder;
    std::vector<std::string> allowed;
};

std::vector<Layer> layers() {
    std::vector<Layer> all;
    const auto add = [&](const std::string& folder, const std::string& allowed) {
        std::istringstream words(allowed);
        Layer layer{folder, {std::istream_iterator<std::string>(words), {}}};
        layer.allowed.push_back(folder);
        all.push_back(std::move(layer));
    };
#define TESSERA_LAYER(folder, allowed) add(folder, allowed);
#include "test/tidy/layering.def"
#undef TESSERA_LAYER
    return all;
}

// Runs `fault` on each line of each source; what it says is a fault at that place.
template <typename Check>
std::string faults_by_line(Check&& fault) {
    std::vector<std::string> found;
    for (const Source& source : sources()) {
        std::istringstream lines(source.text);
        std::string line;
        for (unsigned number = 1; std::getline(lines, line); ++number) {
            if (const std::string what = fault(source, line); !what.empty()) {
                found.push_back(source.name + ":" + std::to_string(number) + ": " + what);
            }
        }
    }
    return places(found);
}

}  // namespace

TEST_CASE("no file includes what its layer may not", "[tidy]") {
    const std::vector<Layer> all = layers();
    static const std::regex include(R"re(^\s*#\s*include\s+"([^"]+)")re");
    const std::string found = faults_by_line([&](const Source& source, const std::string& line) -> std::string {
        std::smatch match;
        if (source.name.starts_with("test/") || source.name.ends_with("_test.cpp") ||
            !std::regex_search(line, match, include)) {
            return "";
        }
        const Layer* mine = nullptr;
        for (const Layer& layer : all) {
            if (below(source.name, layer.folder) && (mine == nullptr || layer.folder.size() > mine->folder.size())) {
                mine = &layer;
            }
        }
        const std::string target = match[1];
        if (mine == nullptr) {
            return "no layer in test/tidy/layering.def holds this file";
        }
        if (target.find('/') == std::string::npos) {
            return "include \"" + target + "\" by its path from the root";
        }
        const bool fine = std::ranges::any_of(
            mine->allowed, [&](const std::string& place) { return target == place || below(target, place); });
        return fine ? "" : mine->folder + " may not include " + target;
    });
    CHECK(found == "");
}

TEST_CASE("applications include what is theirs, or the SDK's, and nothing of the kernel", "[tidy]") {
    static const std::regex kernel(
        R"re(^\s*#\s*include\s+["<](?:\.\./)*(core|safeir|caps|runtime|drivers|boot|test)/)re");
    std::vector<std::string> found;
    for (const fs::path& file : files_below({"apps"})) {
        const std::string form = file.extension().string();
        if (form != ".c" && form != ".h" && form != ".cpp") {
            continue;
        }
        std::istringstream lines(read(root() / file));
        std::string line;
        for (unsigned number = 1; std::getline(lines, line); ++number) {
            if (std::regex_search(line, kernel)) {
                found.push_back(file.string() + ":" + std::to_string(number));
            }
        }
    }
    CHECK(places(found) == "");
}

TEST_CASE("the kernel's layers name nothing of Linux but memory mapping and threads", "[tidy]") {
    // The pc platform serves exactly these through glibc (docs/notes/nucleus.md).
    static const std::regex system(
        R"(^\s*#\s*include\s+<((?:sys|linux|asm|net|netinet)/[a-z_]+\.h|poll\.h|signal\.h|ucontext\.h|fcntl\.h)>)");
    const std::string lines_found = faults_by_line([](const Source& source, const std::string& line) -> std::string {
        std::smatch match;
        const bool kernel = (below(source.name, "caps") && !below(source.name, "caps/schemac")) ||
                            below(source.name, "runtime") || below(source.name, "drivers") ||
                            below(source.name, "safeir/read") || below(source.name, "safeir/check") ||
                            below(source.name, "safeir/load") || below(source.name, "boot/system");
        if (!kernel || source.name.ends_with("_test.cpp") || source.name.ends_with("hosted_main.cpp") ||
            !std::regex_search(line, match, system)) {
            return "";
        }
        return match[1] == "sys/mman.h" ? "" : "includes " + match[1].str();
    });
    CHECK(lines_found == "");
}

TEST_CASE("files are short enough to be read at once", "[tidy]") {
    std::vector<std::string> found;
    for (const Source& source : sources()) {
        if (const auto lines = std::ranges::count(source.text, '\n'); lines > 800) {
            found.push_back(source.name + ": " + std::to_string(lines) + " lines, at most 800");
        }
    }
    CHECK(places(found) == "");
}

TEST_CASE("headers are included once, files end with a line, no tabs, no notes to self", "[tidy]") {
    std::vector<std::string> found;
    for (const Source& source : sources()) {
        if (source.name.ends_with(".h") && source.text.find("#pragma once") == std::string::npos) {
            found.push_back(source.name + ": no #pragma once");
        }
        if (!source.text.empty() && source.text.back() != '\n') {
            found.push_back(source.name + ": no end of line at the end");
        }
    }
    CHECK(places(found) == "");
    const std::string lines_found = faults_by_line([](const Source& source, const std::string& line) -> std::string {
        if (source.name.starts_with("test/tidy/")) {
            return "";
        }
        if (line.find('\t') != std::string::npos && !source.name.ends_with(".S")) {
            return "a tab";
        }
        for (const char* word : {"TODO", "FIXME", "HACK"}) {
            if (line.find(word) != std::string::npos) {
                return std::string("a note to self: ") + word;
            }
        }
        return "";
    });
    CHECK(lines_found == "");
}

TEST_CASE("what a document points to is there", "[tidy]") {
    static const std::regex link(R"(\]\(([^)#: ]+)\))");
    std::vector<std::string> found;
    std::vector<fs::path> documents{root() / "README.md"};
    for (const fs::path& file : files_below({"docs"})) {
        if (file.extension() == ".md") {
            documents.push_back(root() / file);
        }
    }
    for (const fs::path& document : documents) {
        const std::string text = read(document);
        for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
            if (!fs::exists(document.parent_path() / (*at)[1].str())) {
                found.push_back(document.lexically_relative(root()).string() + ": no file " + (*at)[1].str());
            }
        }
    }
    CHECK(places(found) == "");
}

TEST_CASE("sources are laid out as clang-format says", "[tidy]") {
    // One run for all files: its messages name the first lines that differ.
    std::string command = "cd '" + root().string() + "' && clang-format-22 --dry-run -Werror --ferror-limit=1";
    for (const Source& source : sources()) {
        if (source.name.ends_with(".h") || source.name.ends_with(".cpp")) {
            command += " '" + source.name + "'";
        }
    }
    INFO("to lay out a file: clang-format-22 -i FILE");
    CHECK(std::system(command.c_str()) == 0);
}
