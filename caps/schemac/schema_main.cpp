// tessera-schema: what `tessera schema`, `tessera decode` and `tessera encode` start.
#include "caps/schemac/check.h"
#include "caps/schemac/command_line.h"
#include "caps/schemac/convert.h"
#include "caps/schemac/load.h"
#include "caps/schemac/products.h"
#include "caps/schemac/skeleton.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <kj/exception.h>
#include <string>
#include <vector>

namespace tessera::schemac {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHelp =
    "tessera schema check V1 V2 [V3...] [-I FOLDER]\n"
    "    Compares the versions of a schema, oldest first: files, or folders with all files of a version. Each "
    "breaking\n"
    "    change over the whole history is named; the exit status is 1 if there is one.\n"
    "tessera schema compile FILES... [-o FOLDER] [-I FOLDER]\n"
    "    Makes headers for programs and for the kernel (docs/notes/schema.md).\n"
    "tessera schema skeleton SCHEMA [INTERFACE] [--lang c|c++|rust] [-o FOLDER] [-I FOLDER]\n"
    "    Writes server.c (.cpp), whose methods say `unsupported` until they are written, and client.c, which calls "
    "each;\n"
    "    prints what the client will. /tessera/NAME.capnp is a standard schema.\n"
    "tessera decode SCHEMA TYPE [FILE] [--json] [--packed | --flat] [-I FOLDER]\n"
    "    Shows a message (standard input without FILE) as text.\n"
    "tessera encode SCHEMA TYPE [FILE] [--json] [--packed | --flat] [--canonical] [-I FOLDER]\n"
    "    Makes a message of text, and writes it to standard output.\n"
    "    --json: the text is JSON. --packed: the packed form. --flat: one segment without a table of segments, as "
    "slices\n"
    "    have it. -I: where import \"/...\" is looked for; the standard schemas are found anyway, as "
    "\"/tessera/...\".\n";

std::vector<std::string> import_paths(const CommandLine& line) {
    std::vector<std::string> paths = line.values("-I");
    if (const char* standard = std::getenv("TESSERA_SCHEMAS"); standard != nullptr && *standard != 0) {
        paths.emplace_back(standard);
    }
    return paths;
}

Version load_version(const std::string& path, const std::vector<std::string>& imports) {
    CompileOptions options{.import_paths = imports};
    if (fs::is_directory(path)) {
        for (const auto& entry : fs::directory_iterator(path)) {
            if (entry.path().extension() == ".capnp") {
                options.files.push_back(entry.path().string());
            }
        }
        std::ranges::sort(options.files);
        if (options.files.empty()) {
            throw UsageError("there is no .capnp file in " + path);
        }
    } else if (fs::exists(path)) {
        options.files.push_back(path);
    } else {
        throw UsageError("there is no file or folder " + path);
    }
    return {path, compile(options)};
}

int check_command(const std::vector<std::string>& words) {
    const CommandLine line(words, {}, {"-I"});
    if (line.rest().size() < 2) {
        throw UsageError("schema check wants at least two versions, oldest first");
    }
    std::vector<Version> versions;
    for (const std::string& path : line.rest()) {
        versions.push_back(load_version(path, import_paths(line)));
    }
    const auto findings = check(versions);
    for (const Finding& finding : findings) {
        fmt::print("{}: {}{}: {}; {}\n",
                   finding.place,
                   finding.breaking ? "" : "note: ",
                   finding.what,
                   finding.cause,
                   finding.remedy);
    }
    const auto breaking = std::ranges::count_if(findings, &Finding::breaking);
    fmt::print("{} versions compared, {} breaking change{}\n", versions.size(), breaking, breaking == 1 ? "" : "s");
    return breaking == 0 ? 0 : 1;
}

int compile_command(const std::vector<std::string>& words) {
    const CommandLine line(words, {}, {"-o", "-I"});
    if (line.rest().empty()) {
        throw UsageError("schema compile wants a file");
    }
    const auto folders = line.values("-o");
    const fs::path folder = folders.empty() ? "." : folders.back();
    for (const Product& product : products_of(compile({line.rest(), import_paths(line)}))) {
        // Beside each other, whatever folder the schema is in.
        const fs::path path = folder / fs::path(product.name).filename();
        fs::create_directories(folder);
        std::ofstream file(path, std::ios::binary);
        file << product.content;
        if (!file.flush()) {
            throw std::runtime_error(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
        }
    }
    return 0;
}

void write_new(const fs::path& path, const std::string& content) {
    if (fs::exists(path)) {
        throw UsageError(path.string() + " is there already; nothing was written over");
    }
    std::ofstream file(path, std::ios::binary);
    file << content;
    if (!file.flush()) {
        throw std::runtime_error(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
    }
}

struct SkeletonForm {
    std::string_view name;
    std::string_view ending;
    SkeletonLanguage language;
};
constexpr SkeletonForm kSkeletons[] = {
    {"c", ".c", SkeletonLanguage::C}, {"c++", ".cpp", SkeletonLanguage::Cpp}, {"rust", ".rs", SkeletonLanguage::Rust}};

int skeleton_command(const std::vector<std::string>& words) {
    const CommandLine line(words, {}, {"--lang", "-o", "-I"});
    if (line.rest().empty() || line.rest().size() > 2) {
        throw UsageError("schema skeleton wants a schema, and at most one interface of it");
    }
    const auto languages = line.values("--lang");
    const std::string language = languages.empty() ? "c" : languages.back();
    const auto* const known = std::ranges::find(kSkeletons, language, &SkeletonForm::name);
    if (known == std::end(kSkeletons)) {
        throw UsageError("--lang: expected c, c++ or rust, found " + language);
    }
    const std::vector<std::string> imports = import_paths(line);
    if (imports.empty()) {
        throw UsageError("schema skeleton wants -I with the standard schemas in it, as tessera/status.capnp");
    }
    const fs::path standard = imports.back();
    const bool is_standard = line.rest()[0].starts_with("/tessera/");
    const fs::path schema = is_standard ? standard / line.rest()[0].substr(1) : fs::path(line.rest()[0]);
    if (!fs::is_regular_file(schema)) {
        throw UsageError("there is no file " + line.rest()[0]);
    }
    const Schema compiled = compile({{schema.string(), (standard / "tessera/status.capnp").string()}, imports});
    const Skeleton made = skeleton_of(compiled,
                                      compiled.requested.front(),
                                      line.rest().size() > 1 ? line.rest()[1] : "",
                                      (is_standard ? "<tessera/" : "\"") + schema.stem().string(),
                                      known->language);
    const auto folders = line.values("-o");
    const fs::path folder = folders.empty() ? "." : folders.back();
    fs::create_directories(folder);
    const std::string ending(known->ending);
    write_new(folder / ("server" + ending), made.server);
    write_new(folder / ("client" + ending), made.client);
    fmt::print("{}\n{}", made.interface, made.output);
    return 0;
}

std::string read_all(const std::string& path) {
    if (path.empty() || path == "-") {
        return {std::istreambuf_iterator<char>(std::cin), {}};
    }
    std::ifstream file(path, std::ios::binary);
    if (!file || fs::is_directory(path)) {
        throw UsageError("cannot read " + path + ": " + std::strerror(fs::is_directory(path) ? EISDIR : errno));
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

int convert_command(const std::vector<std::string>& words, bool to_text) {
    const CommandLine line(words, {"--json", "--packed", "--flat", "--canonical"}, {"-I"});
    if (line.rest().size() < 2 || line.rest().size() > 3) {
        throw UsageError("wants a schema, a type, and at most one file");
    }
    if (line.has("--packed") && line.has("--flat")) {
        throw UsageError("a message is packed or flat, not both");
    }
    const ConvertOptions options{.schema = line.rest()[0],
                                 .type = line.rest()[1],
                                 .import_paths = import_paths(line),
                                 .text = line.has("--json") ? Text::Json : Text::Schema,
                                 .framing = line.has("--packed") ? Framing::Packed
                                            : line.has("--flat") ? Framing::Flat
                                                                 : Framing::Segments,
                                 .canonical = line.has("--canonical")};
    const std::string input = read_all(line.rest().size() == 3 ? line.rest()[2] : "");
    std::cout << (to_text ? decode(options, input) : encode(options, input)) << std::flush;
    return std::cout ? 0 : 1;
}

int dispatch(std::vector<std::string> words) {
    const bool help = std::ranges::find(words, "--help") != words.end();
    if (help || words.empty()) {
        std::fputs(kHelp, stdout);
        return help ? 0 : 2;
    }
    const std::string command = words.front();
    words.erase(words.begin());
    if (command == "check") {
        return check_command(words);
    }
    if (command == "compile") {
        return compile_command(words);
    }
    if (command == "skeleton") {
        return skeleton_command(words);
    }
    if (command == "decode" || command == "encode") {
        return convert_command(words, command == "decode");
    }
    throw UsageError(
        fmt::format("there is no command \"{}\"; there are check, compile, skeleton, decode and encode", command));
}

}  // namespace
}  // namespace tessera::schemac

int main(int argc, char** argv) {
    try {
        return tessera::schemac::dispatch({argv + 1, argv + argc});
    } catch (const tessera::schemac::UsageError& error) {
        fmt::print(stderr, "tessera: {}\n", error.what());
        return 2;
    } catch (const kj::Exception& error) {
        // The library puts the failed condition before its sentence.
        std::string text = error.getDescription().cStr();
        if (const auto end = text.find("; "); text.starts_with("expected ") && end != std::string::npos) {
            text.erase(0, end + 2);
        }
        fmt::print(stderr, "tessera: {}\n", text);
    } catch (const std::exception& error) {
        fmt::print(stderr, "tessera: {}\n", error.what());
    }
    return 1;
}
