#include "boot/tool/build/manifest.h"

#include "boot/tool/base/text.h"
#include "boot/tool/base/toml_reader.h"
#include "boot/tool/build/table_reader.h"

#include <algorithm>
#include <cctype>
#include <deque>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTopKeys[] = {"include", "image", "program", "module", "interpose", "test"};
constexpr std::string_view kImageKeys[] = {"name", "flavour", "memory", "cpus"};
constexpr std::string_view kProgramKeys[] = {"name",
                                             "sources",
                                             "exclude",
                                             "cflags",
                                             "schemas",
                                             "file",
                                             "package",
                                             "build",
                                             "args",
                                             "env",
                                             "grants",
                                             "memory",
                                             "limits",
                                             "timeout",
                                             "entry"};
constexpr std::string_view kModuleKeys[] = {
    "name", "sources", "exclude", "cflags", "schemas", "file", "package", "build"};
constexpr std::string_view kLimitKeys[] = {"slots", "objects", "fibers", "time"};
constexpr std::string_view kTestKeys[] = {"name", "args", "output", "status", "timeout"};
constexpr std::string_view kInterposeKeys[] = {"program", "grant", "by"};
constexpr std::string_view kGrantWords[] = {"console", "clock", "random", "loader", "cores"};
constexpr std::string_view kBuildFolder = "${build}/";
constexpr std::string_view kFlavours[] = {"open"};
constexpr std::size_t kIncludedMax = 16;

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '-' || letter == '_';
    });
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

// The first line with which the text is malformed, where the parser gave no place.
std::size_t malformed_line(std::string_view text) {
    std::size_t line = 1;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1), ++line) {
        try {
            (void)toml::parse(text.substr(0, end + 1));
        } catch (const MalformedToml&) {
            return line;
        } catch (const toml::parse_error&) {
            // A prefix may be wrong in other ways, such as an unfinished array.
        }
    }
    return line;
}

Result<toml::table> parse_toml(std::string_view text, std::string_view shown_as) {
    try {
        return toml::parse(text, shown_as);
    } catch (const toml::parse_error& error) {
        return fail(Blame::Caller, fmt::format("{}:{}: {}", shown_as, error.source().begin.line, error.description()));
    } catch (const MalformedToml&) {
        return fail(Blame::Caller, fmt::format("{}:{}: not well-formed TOML", shown_as, malformed_line(text)));
    }
}

class ManifestReader {
  public:
    ManifestReader(std::string_view file, const fs::path& folder, const ManifestPlaces& places)
        : file_(file), folder_(folder), places_(places) {}

    Result<Manifest> read(const toml::table& root) {
        manifest_.folder = folder_;
        manifest_.name = folder_.filename().string();
        read_file(root, true);
        manifest_.products = manifest_.products.empty() ? manifest_.name : manifest_.products;
        check_needs();
        if (fault_) {
            return std::unexpected(*fault_);
        }
        return std::move(manifest_);
    }

  private:
    struct Included {
        explicit Included(std::string name) : shown_as(std::move(name)) {}
        std::string shown_as;
        toml::table root{};
    };
    // A grant of what another program implements.
    struct Need {
        std::size_t program;
        std::string_view file;
        const toml::table* table;
        std::string path;  // of the table
        const toml::node* place;
        std::string key;
        std::string server;
    };

    // Of an included file what it says of the image and of tests is not taken over.
    void read_file(const toml::table& root, bool is_first) {
        TableReader top(root, "", file_, fault_);
        top.only_keys(kTopKeys);
        if (root.get("include") != nullptr) {
            read_included(top);
        }
        if (const toml::node* image = root.get("image")) {
            if (const toml::table* table = image->as_table()) {
                read_image(*table);
            } else {
                top.refuse(image, "image", "a table: [image]");
            }
        }
        // Modules come first: programs are granted them.
        read_tables(top, "module", [this](const toml::table& table, std::size_t index) { read_module(table, index); });
        read_tables(
            top, "program", [this](const toml::table& table, std::size_t index) { read_program(table, index); });
        if (manifest_.programs.empty()) {
            top.refuse(root.get("program"), "program", "at least one program: [[program]]");
        }
        read_tables(
            top, "interpose", [this](const toml::table& table, std::size_t index) { read_interpose(table, index); });
        if (is_first) {
            read_tables(top, "test", [this](const toml::table& table, std::size_t index) { read_test(table, index); });
        }
    }

    // A file of the same folder, as if it stood here, but for its tests.
    void read_included(TableReader& top) {
        const std::string name = top.text("include").value_or("");
        const std::string shown = (fs::path(file_).parent_path() / name).string();
        std::ifstream stream(folder_ / name, std::ios::binary);
        std::ostringstream text;
        if (name.find('/') != std::string::npos || !stream || !(text << stream.rdbuf())) {
            top.refuse(top.get("include"), "include", "the name of another manifest in the same folder");
            return;
        }
        if (included_.size() == kIncludedMax) {
            top.refuse(top.get("include"), "include", "a file that does not come back to this one");
            return;
        }
        Included& included = included_.emplace_back(shown);
        auto parsed = parse_toml(text.str(), included.shown_as);
        if (!parsed) {
            fault_ = fault_ ? fault_ : parsed.error();
            return;
        }
        included.root = std::move(*parsed);  // a copy would not know its lines
        const std::string_view outer = std::exchange(file_, included.shown_as);
        read_file(included.root, false);
        file_ = outer;
        // Programs are built in the same place, the image is another one.
        manifest_.products = manifest_.products.empty() ? manifest_.name : manifest_.products;
        manifest_.name += "-" + fs::path(file_).stem().string();
    }

    // Programs start when those are ready whose objects they are granted, so nobody may wait for himself.
    void check_needs() {
        for (const Need& need : needs_) {
            TableReader reader(*need.table, need.path, need.file, fault_);
            if (!names_.contains(need.server)) {
                const std::vector<std::string_view> known(names_.begin(), names_.end());
                const auto meant = closest(need.server, known);
                reader.refuse(need.place,
                              need.key,
                              "an object of a program of this file" +
                                  (meant ? fmt::format(" (did you mean \"{}\"?)", *meant) : std::string()));
                return;
            }
            std::set<std::string> needed = {need.server};
            for (bool grows = true; grows;) {
                grows = false;
                for (const Need& other : needs_) {
                    grows = grows || (needed.contains(manifest_.programs[other.program].name) &&
                                      needed.insert(other.server).second);
                }
            }
            if (needed.contains(manifest_.programs[need.program].name)) {
                reader.refuse(need.place,
                              need.key,
                              fmt::format("an object of a program that doesn't need \"{}\" itself",
                                          manifest_.programs[need.program].name));
                return;
            }
        }
    }

    void read_object(TableReader& reader,
                     const toml::table& table,
                     ProgramSpec& program,
                     const std::string& text,
                     const toml::node* place,
                     const std::string& key) {
        const std::size_t slash = text.find('/');
        Grant grant{.kind = Grant::Kind::Object, .server = text.substr(0, slash)};
        grant.interface = slash == std::string::npos ? std::string() : text.substr(slash + 1);
        if (const auto equals = grant.interface.find('='); equals != std::string::npos) {
            grant.guest_path = grant.interface.substr(equals + 1);
            grant.interface.resize(equals);
        }
        if (!is_name(grant.server) || !is_name(grant.interface)) {
            reader.refuse(place,
                          key,
                          "\"object:PROGRAM/INTERFACE\" with the interface's name, or its id of 16 hexadecimal digits; "
                          "\"=/where\" behind it names it to the program");
            return;
        }
        needs_.push_back({manifest_.programs.size(), file_, &table, reader.path(), place, key, grant.server});
        program.grants.push_back(std::move(grant));
    }

    // Each of [[key]].
    template <typename Read>
    void read_tables(TableReader& top, std::string_view key, Read read) {
        const toml::node* node = top.get(key);
        const toml::array* array = node == nullptr ? nullptr : node->as_array();
        if (node != nullptr && array == nullptr) {
            top.refuse(node, key, fmt::format("tables: [[{}]]", key));
        }
        for (std::size_t index = 0; array != nullptr && index < array->size(); ++index) {
            if (const toml::table* table = (*array)[index].as_table()) {
                read(*table, index);
            } else {
                top.refuse(array->get(index), key, fmt::format("a table: [[{}]]", key));
            }
        }
    }

    void read_test(const toml::table& table, std::size_t index) {
        TableReader reader(table, fmt::format("test[{}]", index), file_, fault_);
        reader.only_keys(kTestKeys);
        AppTest test;
        test.name = reader.text("name").value_or(fmt::format("test {}", manifest_.tests.size() + 1));
        if (reader.get("args") != nullptr) {
            test.args = reader.texts("args");
        }
        test.output = reader.text("output");
        if (const toml::node* status = reader.get("status")) {
            const auto number = status->is_integer() ? status->value<std::int64_t>() : std::nullopt;
            if (!number || *number < 0 || *number > 255) {
                reader.refuse(status, "status", "a number from 0 to 255");
            } else {
                test.status = static_cast<int>(*number);
            }
        }
        if (const auto timeout = reader.text("timeout", "a time such as \"5 s\"")) {
            const auto time = parse_duration(*timeout);
            if (!time) {
                reader.refuse(reader.get("timeout"), "timeout", "a time such as \"5 s\"");
            }
            test.timeout = time.value_or(test.timeout);
        }
        manifest_.tests.push_back(std::move(test));
    }

    // An object of one program before what another one is granted.
    void read_interpose(const toml::table& table, std::size_t index) {
        TableReader reader(table, fmt::format("interpose[{}]", index), file_, fault_);
        reader.only_keys(kInterposeKeys);
        const std::string name = reader.text("program").value_or("");
        const auto program = std::ranges::find(manifest_.programs, name, &ProgramSpec::name);
        if (program == manifest_.programs.end()) {
            reader.refuse(reader.get("program"), "program", "the name of a program of this file");
            return;
        }
        const std::string text = reader.text("grant").value_or("");
        const auto grant = std::ranges::find(program->grants, text, &Grant::text);
        if (grant == program->grants.end()) {
            reader.refuse(
                reader.get("grant"), "grant", fmt::format("one of the grants of \"{}\", as it is there", name));
            return;
        }
        const std::string by = reader.text("by").value_or("");
        if (!names_.contains(by)) {
            reader.refuse(reader.get("by"), "by", "the name of a program of this file");
            return;
        }
        grant->interposed.push_back(by);
        needs_.push_back({static_cast<std::size_t>(program - manifest_.programs.begin()),
                          file_,
                          &table,
                          reader.path(),
                          reader.get("by"),
                          "by",
                          by});
    }

    void read_image(const toml::table& table) {
        TableReader reader(table, "image", file_, fault_);
        reader.only_keys(kImageKeys);
        if (const auto name = reader.text("name")) {
            manifest_.name = *name;
            if (!is_name(*name)) {
                reader.refuse(reader.get("name"), "name", "letters, digits, - and _");
            }
        }
        if (const auto flavour = reader.text("flavour")) {
            if (std::ranges::find(kFlavours, *flavour) == std::end(kFlavours)) {
                reader.refuse(reader.get("flavour"), "flavour", "\"open\" (the sealed flavour is not there yet)");
            }
            manifest_.flavour = *flavour;
        }
        manifest_.memory_bytes = reader.size("memory", 128ULL << 20U, 1ULL << 40U);
        if (const toml::node* cpus = reader.get("cpus")) {
            const auto count = cpus->is_integer() ? cpus->value<std::int64_t>() : std::nullopt;
            if (!count || *count < 1 || *count > 64) {
                reader.refuse(cpus, "cpus", "a number from 1 to 64");
            } else {
                manifest_.cpus = static_cast<unsigned>(*count);
            }
        }
    }

    // What a program or module is made of.
    ProgramSpec read_sources(TableReader& reader, const toml::table& table) {
        ProgramSpec program;
        const auto name = reader.text("name");
        if (!name || !is_name(*name)) {
            reader.refuse(reader.get("name"), "name", "a name of letters, digits, - and _");
        } else if (!names_.insert(*name).second) {
            reader.refuse(reader.get("name"), "name", "a name that no other program has");
        }
        program.name = name.value_or("");
        program.package = reader.text("package").value_or("");
        if (reader.get("package") != nullptr &&
            (program.package.empty() || program.package.find('/') != std::string::npos)) {
            reader.refuse(reader.get("package"), "package", "the name of a Debian source package");
        }
        const auto put_in = [&](std::string text) { return with_variables(std::move(text), program.package); };
        const auto put_in_all = [&](std::vector<std::string> texts) {
            std::ranges::transform(texts, texts.begin(), put_in);
            return texts;
        };
        program.sources = put_in_all(reader.texts("sources"));
        program.exclude = put_in_all(reader.texts("exclude"));
        program.cflags = put_in_all(reader.texts("cflags"));
        program.schemas = reader.texts("schemas");
        program.build = put_in_all(reader.texts("build"));
        program.file = put_in(reader.text("file").value_or(""));
        if (program.sources.empty() == program.file.empty()) {
            const toml::node* first = reader.get("sources");
            reader.complain((first != nullptr ? first->source() : table.source()).begin.line,
                            "sources",
                            "expected either \"sources\" or \"file\", found " +
                                std::string(program.file.empty() ? "neither" : "both"));
        }
        if (!program.build.empty() && program.file.empty()) {
            reader.refuse(reader.get("build"), "build", "\"file\" beside it, naming what the commands make");
        }
        return program;
    }

    void read_module(const toml::table& table, std::size_t index) {
        TableReader reader(table, fmt::format("module[{}]", index), file_, fault_);
        reader.only_keys(kModuleKeys);
        manifest_.modules.push_back(read_sources(reader, table));
    }

    void read_program(const toml::table& table, std::size_t index) {
        TableReader reader(table, fmt::format("program[{}]", index), file_, fault_);
        reader.only_keys(kProgramKeys);
        ProgramSpec program = read_sources(reader, table);
        program.args = reader.texts("args");
        read_env(reader, program);
        read_grants(reader, table, program);
        program.memory_bytes_max = reader.size("memory", 1ULL << 20U, 4ULL << 30U).value_or(program.memory_bytes_max);
        read_limits(reader, program);
        program.entry = reader.text("entry").value_or("");
        if (const auto timeout = reader.text("timeout", "a time such as \"5 s\"")) {
            program.timeout = parse_duration(*timeout);
            if (!program.timeout) {
                reader.refuse(reader.get("timeout"), "timeout", "a time such as \"5 s\"");
            }
        }
        manifest_.programs.push_back(std::move(program));
    }

    void read_limits(TableReader& reader, ProgramSpec& program) {
        const toml::node* node = reader.get("limits");
        const toml::table* table = node == nullptr ? nullptr : node->as_table();
        if (table == nullptr) {
            if (node != nullptr) {
                reader.refuse(node, "limits", "a table such as { slots = 1000, time = \"5 s\" }");
            }
            return;
        }
        TableReader limits(*table, reader.path() + ".limits", file_, fault_);
        limits.only_keys(kLimitKeys);
        limits.count("slots", program.limits.slots);
        limits.count("objects", program.limits.objects);
        limits.count("fibers", program.limits.fibers);
        if (const auto time = limits.text("time", "a time such as \"5 s\"")) {
            if (const auto parsed = parse_duration(*time)) {
                program.limits.microseconds = static_cast<std::uint64_t>(parsed->count()) * 1000;
            } else {
                limits.refuse(limits.get("time"), "time", "a time such as \"5 s\"");
            }
        }
    }

    void read_env(TableReader& reader, ProgramSpec& program) {
        const toml::node* node = reader.get("env");
        if (node == nullptr) {
            return;
        }
        const toml::table* table = node->as_table();
        if (table == nullptr) {
            reader.refuse(node, "env", "a table such as { LANG = \"C\" }");
            return;
        }
        for (const auto& [key, value] : *table) {
            if (const auto* text = value.as_string()) {
                program.env.emplace_back(key.str(), **text);
            } else {
                reader.refuse(&value, fmt::format("env.{}", key.str()), "a string");
            }
        }
    }

    void read_grants(TableReader& reader, const toml::table& table, ProgramSpec& program) {
        const toml::node* node = reader.get("grants");
        const std::vector<std::string> words = reader.texts("grants");
        for (std::size_t index = 0; index < words.size(); ++index) {
            const std::string& word = words[index];
            const toml::array* array = node->as_array();
            const toml::node* place = array != nullptr ? array->get(index) : node;
            const std::string key = fmt::format("grants[{}]", index);
            const std::size_t before = program.grants.size();
            if (word.starts_with("dir:")) {
                read_directory(reader, program, word.substr(4), place, key);
            } else if (word.starts_with("modules:")) {
                read_modules(reader, program, word.substr(8), place, key);
            } else if (word.starts_with("object:")) {
                read_object(reader, table, program, word.substr(7), place, key);
            } else if (const auto* known = std::ranges::find(kGrantWords, word); known != std::end(kGrantWords)) {
                program.grants.push_back({static_cast<Grant::Kind>(known - std::begin(kGrantWords))});
            } else {
                const auto meant = closest(word, kGrantWords);
                reader.refuse(place,
                              key,
                              "\"console\", \"clock\", \"random\", \"loader\", \"cores\", \"dir:/data=./files\", "
                              "\"modules:/where\" or \"object:PROGRAM/INTERFACE\"" +
                                  (meant ? fmt::format(" (did you mean \"{}\"?)", *meant) : std::string()));
            }
            if (program.grants.size() != before) {
                program.grants.back().text = word;
            }
        }
    }

    void read_directory(TableReader& reader,
                        ProgramSpec& program,
                        const std::string& text,
                        const toml::node* place,
                        const std::string& key) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || !text.starts_with('/')) {
            reader.refuse(place, key, "\"dir:/where=./files\"");
            return;
        }
        if (const std::string below = text.substr(equals + 1); below.starts_with(kBuildFolder)) {
            if (program.build.empty()) {
                reader.refuse(place, key, "\"build\" beside ${build}");
            }
            program.grants.push_back({Grant::Kind::Directory,
                                      text.substr(0, equals),
                                      fs::path(below.substr(kBuildFolder.size())).lexically_normal(),
                                      true});
            return;
        }
        const fs::path host = folder_ / with_variables(text.substr(equals + 1), program.package);
        std::error_code failure;
        // A package's folder may not have been fetched yet.
        if (text.find("${package}") == std::string::npos && !fs::is_directory(host, failure)) {
            reader.refuse(
                place, key, fmt::format("a folder that exists ({} does not)", host.lexically_normal().string()));
            return;
        }
        program.grants.push_back({Grant::Kind::Directory, text.substr(0, equals), host.lexically_normal()});
    }

    // `/where`: all modules of the file; `/where=one,two`: these.
    void read_modules(TableReader& reader,
                      ProgramSpec& program,
                      const std::string& text,
                      const toml::node* place,
                      const std::string& key) {
        const std::size_t equals = text.find('=');
        Grant grant{.kind = Grant::Kind::Modules, .guest_path = text.substr(0, equals)};
        if (!text.starts_with('/') || equals + 1 == text.size()) {
            reader.refuse(place, key, "\"modules:/where\" or \"modules:/where=one,two\"");
            return;
        }
        if (equals == std::string::npos) {
            std::ranges::transform(manifest_.modules, std::back_inserter(grant.modules), &ProgramSpec::name);
            if (grant.modules.empty()) {
                reader.refuse(place, key, "modules in this file: [[module]]");
            }
        } else {
            for (std::size_t from = equals + 1; from <= text.size();) {
                const std::size_t to = std::min(text.find(',', from), text.size());
                const std::string name = text.substr(from, to - from);
                if (std::ranges::find(manifest_.modules, name, &ProgramSpec::name) == manifest_.modules.end()) {
                    reader.refuse(place, key, fmt::format("modules of this file ([[module]]; \"{}\" is none)", name));
                }
                grant.modules.push_back(name);
                from = to + 1;
            }
        }
        program.grants.push_back(std::move(grant));
    }

    std::string with_variables(std::string text, const std::string& package) const {
        text = replace_all(std::move(text), "${tessera}", places_.entry.string());
        text = replace_all(std::move(text), "${app}", folder_.string());
        return package.empty() ? text
                               : replace_all(std::move(text), "${package}", (places_.packages / package).string());
    }

    std::string_view file_;
    const fs::path& folder_;
    const ManifestPlaces& places_;
    Manifest manifest_;
    std::set<std::string> names_;
    std::vector<Need> needs_;
    std::deque<Included> included_;
    std::optional<Error> fault_;
};

}  // namespace

Result<Manifest>
parse_manifest(std::string_view text, std::string_view shown_as, const fs::path& folder, const ManifestPlaces& places) {
    TRY_TO(const toml::table root, parse_toml(text, shown_as));
    return ManifestReader(shown_as, folder, places).read(root);
}

Result<Manifest> load_manifest(const fs::path& place, const ManifestPlaces& places) {
    const fs::path file = is_manifest(place) ? place : place / "tessera.toml";
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (!stream || !(text << stream.rdbuf())) {
        return fail(Blame::Caller,
                    fmt::format("{}: no readable {} there; docs/manifest.md shows one",
                                place.string(),
                                file.filename().string()));
    }
    std::error_code failure;
    const fs::path folder = file.parent_path().empty() ? fs::path(".") : file.parent_path();
    fs::path absolute = fs::weakly_canonical(folder, failure);
    if (failure) {
        absolute = folder;
    }
    return parse_manifest(text.str(), file.string(), absolute, places);
}

bool is_manifest(const fs::path& file) { return file.extension() == ".toml"; }

}  // namespace tessera::tool
