// tessera new: an application to begin with, in a folder of its own. It builds, runs and has a test that passes.
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/base/text.h"
#include "boot/tool/commands/commands.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameLengthMax = 64;  // as the manifest has it

struct Language {
    std::string_view name;
    std::string_view ending;
    std::string_view program;  // its text
};

constexpr Language kLanguages[] = {
    {"c", ".c", R"(#include <stdio.h>

int main(int argc, char** argv) {
    printf("Hello, %s.\n", argc > 1 ? argv[1] : "world");
    return 0;
}
)"},
    {"c++", ".cpp", R"(#include <cstdio>
#include <string>

int main(int argc, char** argv) {
    const std::string whom = argc > 1 ? argv[1] : "world";
    std::printf("Hello, %s.\n", whom.c_str());
    return 0;
}
)"},
    {"rust", ".rs", R"(fn main() {
    let whom = std::env::args().nth(1).unwrap_or("world".to_string());
    println!("Hello, {whom}.");
}
)"},
};

constexpr std::string_view kManifest = R"([image]
name = "{name}"

[[program]]
name = "{name}"
sources = ["main{ending}"]
grants = ["console"]            # all that it may touch; docs/manifest.md lists what there is
memory = "64 MiB"

[[test]]                        # `tessera test {name}` runs each of these
name = "greets the world"
output = "Hello, world.\n"

[[test]]
name = "greets who is named"
args = ["reader"]
output = "Hello, reader.\n"
)";

constexpr std::string_view kServingManifest = R"([image]
name = "{name}"

[[program]]                     # the first program's exit status is the image's
name = "client"
sources = ["client{ending}"]
{schemas}grants = ["object:server/{interface}", "console"]
memory = "64 MiB"

[[program]]
name = "server"
sources = ["server{ending}"]
{schemas}memory = "64 MiB"

[[test]]                        # `tessera test {name}` runs each of these; change it as you implement the methods
name = "each method answers"
output = """
{output}"""
)";

std::string put_in(std::string_view pattern, const std::vector<std::pair<std::string_view, std::string>>& words) {
    std::string text(pattern);
    for (const auto& [name, word] : words) {
        const std::string mark = fmt::format("{{{}}}", name);
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + word.size())) {
            text.replace(at, mark.size(), word);
        }
    }
    return text;
}

// What an interface is served from: a schema of the user's, or a standard one.
struct Served {
    fs::path schema{};        // the user's; empty: a standard one
    std::string standard{};   // the standard one's stem
    std::string interface{};  // may be empty: the schema's only one
};

// By name, of the descriptions STEM.NAME.tif of the standard schemas.
std::vector<std::pair<std::string, std::string>> standard_interfaces(const Workspace& workspace) {
    std::set<std::pair<std::string, std::string>> all;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(workspace.build / "caps/schema", ignored)) {
        const fs::path& file = entry.path();
        if (file.extension() == ".tif") {
            all.insert({file.stem().extension().string().substr(1), file.stem().stem().string()});
        }
    }
    return {all.begin(), all.end()};
}

Result<Served> find_served(const Workspace& workspace, const std::string& wanted) {
    const std::size_t colon = wanted.rfind(':');
    const fs::path file = wanted.substr(0, colon);
    if (file.extension() == ".capnp") {
        std::error_code failure;
        if (!fs::is_regular_file(file, failure)) {
            return fail(Blame::Caller, fmt::format("--serves: there is no schema {}", file.string()));
        }
        return Served{.schema = file, .interface = colon == std::string::npos ? "" : wanted.substr(colon + 1)};
    }
    const auto all = standard_interfaces(workspace);
    const auto found = std::ranges::find(all, wanted, &std::pair<std::string, std::string>::first);
    if (found != all.end()) {
        return Served{.standard = found->second, .interface = wanted};
    }
    std::vector<std::string_view> names;
    for (const auto& [name, stem] : all) {
        names.push_back(name);
    }
    const auto meant = closest(wanted, names);
    return fail(
        Blame::Caller,
        fmt::format("--serves: no standard interface is called \"{}\"{}; there are {}; or give a schema of your "
                    "own: FILE.capnp, FILE.capnp:INTERFACE",
                    wanted,
                    meant ? fmt::format(" (did you mean \"{}\"?)", *meant) : "",
                    fmt::join(names, ", ")));
}

Result<const Language*> find_language(const NewOptions& options) {
    std::vector<std::string_view> names;
    for (const Language& language : kLanguages) {
        if (language.name == options.language) {
            return &language;
        }
        names.push_back(language.name);
    }
    return fail(Blame::Caller,
                fmt::format("--lang: expected one of {}, found \"{}\"", fmt::join(names, ", "), options.language));
}

Result<void> check_name(const std::string& name) {
    const bool fine = !name.empty() && name.size() <= kNameLengthMax && name.front() != '-' &&
                      std::ranges::all_of(name, [](unsigned char letter) {
                          return std::isalnum(letter) != 0 || letter == '-' || letter == '_';
                      });
    if (!fine) {
        return fail(Blame::Caller,
                    fmt::format("\"{}\" is no name: expected up to {} letters, digits, - and _, as it is the image's "
                                "name, too; the folder is made where you are",
                                name,
                                kNameLengthMax));
    }
    // A link that leads nowhere is in the way, too.
    std::error_code failure;
    if (fs::exists(fs::symlink_status(name, failure))) {
        return fail(Blame::Caller, fmt::format("{} is there already; nothing was changed", name));
    }
    return {};
}

using Files = std::vector<std::pair<std::string, std::string>>;

Result<Files> serving_files(const Workspace& workspace, const NewOptions& options, const Language& language) {
    TRY_TO(const Served served, find_served(workspace, options.serves));
    TRY_TO(const ScratchFolder scratch, ScratchFolder::create());
    const bool is_own = !served.schema.empty();
    std::vector<std::string> argv{workspace.schema_tool().string(),
                                  "skeleton",
                                  is_own ? served.schema.string() : fmt::format("/tessera/{}.capnp", served.standard)};
    if (!served.interface.empty()) {
        argv.push_back(served.interface);
    }
    argv.insert(argv.end(), {"--lang", std::string(language.name), "-o", scratch.path().string()});
    TRY_TO(const Ended ended,
           run_command({.argv = argv,
                        .environment = {{"TESSERA_SCHEMAS", workspace.schemas().string()}},
                        .capture = Capture::Output}));
    if (ended.status != 0) {
        // It has said on standard error what is wrong with the schema.
        return fail(Blame::Caller, fmt::format("--serves {}: so nothing was laid down", options.serves));
    }
    // Its first line is the interface's name, the others what the client prints.
    const std::size_t line = std::min(ended.output.find('\n'), ended.output.size());
    Files files;
    for (const std::string name : {"client", "server"}) {
        const std::string file = name + std::string(language.ending);
        TRY_TO(std::string text, read_file(scratch.path() / file));
        files.emplace_back(file, std::move(text));
    }
    // A Rust program says of the standard ones, too, that it has interfaces (docs/notes/rust.md).
    const std::string schema = is_own                    ? served.schema.filename().string()
                               : language.name == "rust" ? fmt::format("/tessera/{}.capnp", served.standard)
                                                         : "";
    if (is_own) {
        TRY_TO(std::string text, read_file(served.schema));
        files.emplace_back(schema, std::move(text));
    }
    files.emplace_back("tessera.toml",
                       put_in(kServingManifest,
                              {{"name", options.name},
                               {"ending", std::string(language.ending)},
                               {"schemas", schema.empty() ? "" : fmt::format("schemas = [\"{}\"]\n", schema)},
                               {"interface", ended.output.substr(0, line)},
                               {"output", ended.output.substr(std::min(line + 1, ended.output.size()))}}));
    return files;
}

Files plain_files(const NewOptions& options, const Language& language) {
    const std::string ending(language.ending);
    return {{"main" + ending, std::string(language.program)},
            {"tessera.toml", put_in(kManifest, {{"name", options.name}, {"ending", ending}})}};
}

Result<void> lay_down(const Workspace& workspace, const NewOptions& options) {
    TRY_VOID(check_name(options.name));
    TRY_TO(const Language* const language, find_language(options));
    Files files;
    if (options.serves.empty()) {
        files = plain_files(options, *language);
    } else {
        TRY_TO(files, serving_files(workspace, options, *language));
    }
    // Everything is known by now; what can still fail is the disk.
    TRY_VOID(make_folder(options.name));
    for (const auto& [name, text] : files) {
        TRY_VOID(write_file(fs::path(options.name) / name, text));
    }
    const std::string entry = workspace.entry().string();
    say(fmt::format("made {0}/; `{1} run {0}` runs it, `{1} test {0}` its test", options.name, entry));
    return {};
}

}  // namespace

int new_command(const Workspace& workspace, const NewOptions& options) {
    if (const auto done = lay_down(workspace, options); !done) {
        say_error(done.error().text);
        return 1;
    }
    return 0;
}

}  // namespace tessera::tool
