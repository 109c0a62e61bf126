#include "boot/tool/build/manifest.h"

#include "boot/tool/base/text.h"
#include "boot/tool/base/toml_reader.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTopKeys[] = {"image", "program", "interpose", "test"};
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
constexpr std::string_view kLimitKeys[] = {"slots", "objects", "fibers", "time"};
constexpr std::string_view kTestKeys[] = {"name", "args", "output", "status", "timeout"};
constexpr std::string_view kInterposeKeys[] = {"program", "grant", "by"};
constexpr std::string_view kGrantWords[] = {"console", "clock", "random", "loader"};
constexpr std::string_view kBuildFolder = "${build}/";
constexpr std::string_view kFlavours[] = {"open"};

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

// One table of the file being read: typed access to its keys; the first fault is kept and stops nothing, so that
// callers read straight on and ask once.
class TableReader {
  public:
    TableReader(const toml::table& table, std::string path, std::string_view file, std::optional<Error>& fault)
        : table_(table), path_(std::move(path)), file_(file), fault_(fault) {}

    void refuse(const toml::node* node, std::string_view key, std::string_view expected) {
        const toml::source_region& place = (node != nullptr ? *node : static_cast<const toml::node&>(table_)).source();
        complain(place.begin.line, key, fmt::format("expected {}, found {}", expected, describe(node)));
    }

    void complain(unsigned line, std::string_view key, std::string_view what) {
        if (!fault_) {
            const std::string full = path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
            fault_ = Error{Blame::Caller, fmt::format("{}:{}: {}: {}", file_, line, full, what)};
        }
    }

    void only_keys(std::span<const std::string_view> known) {
        for (const auto& [key, node] : table_) {
            if (std::ranges::find(known, key.str()) == known.end()) {
                const auto meant = closest(key.str(), known);
                complain(key.source().begin.line,
                         key.str(),
                         meant ? fmt::format("unknown key; did you mean \"{}\"?", *meant)
                               : fmt::format("unknown key; known here: {}", fmt::join(known, ", ")));
            }
        }
    }

    [[nodiscard]] const toml::node* get(std::string_view key) const { return table_.get(key); }

    std::optional<std::string> text(std::string_view key, std::string_view expected = "a string") {
        const toml::node* node = get(key);
        if (node == nullptr) {
            return std::nullopt;
        }
        if (!node->is_string()) {
            refuse(node, key, expected);
            return std::nullopt;
        }
        return **node->as_string();
    }

    // An array of strings, or one string.
    std::vector<std::string> texts(std::string_view key) {
        std::vector<std::string> all;
        const toml::node* node = get(key);
        if (node == nullptr) {
            return all;
        }
        if (const auto* one = node->as_string()) {
            all.push_back(**one);
        } else if (const auto* array = node->as_array()) {
            std::size_t index = 0;
            for (const toml::node& element : *array) {
                if (const auto* word = element.as_string()) {
                    all.push_back(**word);
                } else {
                    refuse(&element, fmt::format("{}[{}]", key, index), "a string");
                }
                ++index;
            }
        } else {
            refuse(node, key, "an array of strings");
        }
        return all;
    }

    void count(std::string_view key, std::uint64_t& into) {
        const toml::node* node = get(key);
        if (node == nullptr) {
            return;
        }
        if (const auto* number = node->as_integer(); number != nullptr && **number >= 0) {
            into = static_cast<std::uint64_t>(**number);
        } else {
            refuse(node, key, "a number");
        }
    }

    std::optional<std::uint64_t> size(std::string_view key, std::uint64_t least, std::uint64_t most) {
        const toml::node* node = get(key);
        const auto written = text(key, "a size such as \"64 MiB\"");
        if (!written) {
            return std::nullopt;
        }
        const auto bytes = parse_size(*written);
        if (!bytes) {
            refuse(node, key, "a size such as \"64 MiB\"");
        } else if (*bytes < least || *bytes > most) {
            refuse(node, key, fmt::format("a size from {} to {}", format_size(least), format_size(most)));
        }
        return bytes;
    }

    static std::string describe(const toml::node* node) {
        if (node == nullptr) {
            return "nothing";
        }
        if (const auto* text = node->as_string()) {
            return fmt::format("\"{}\"", **text);
        }
        std::ostringstream kind;
        kind << node->type();
        return (std::string_view("aeiou").find(kind.str().front()) != std::string_view::npos ? "an " : "a ") +
               kind.str();
    }

  private:
    const toml::table& table_;
    std::string path_;
    std::string_view file_;
    std::optional<Error>& fault_;
};

class ManifestReader {
  public:
    ManifestReader(std::string_view file, const fs::path& folder, const ManifestPlaces& places)
        : file_(file), folder_(folder), places_(places) {}

    Result<Manifest> read(const toml::table& root) {
        manifest_.folder = folder_;
        manifest_.name = folder_.filename().string();
        TableReader top(root, "", file_, fault_);
        top.only_keys(kTopKeys);
        if (const toml::node* image = root.get("image")) {
            if (const toml::table* table = image->as_table()) {
                read_image(*table);
            } else {
                top.refuse(image, "image", "a table: [image]");
            }
        }
        const toml::node* programs = root.get("program");
        const toml::array* array = programs == nullptr ? nullptr : programs->as_array();
        if (array == nullptr || array->empty()) {
            top.refuse(programs, "program", "at least one program: [[program]]");
        } else {
            for (const toml::node& node : *array) {
                if (const toml::table* table = node.as_table()) {
                    read_program(*table);
                } else {
                    top.refuse(&node, "program", "a table: [[program]]");
                }
            }
        }
        read_interposed(top, root.get("interpose"));
        read_tests(top);
        check_needs();
        if (fault_) {
            return std::unexpected(*fault_);
        }
        return std::move(manifest_);
    }

  private:
    // A grant of what another program implements.
    struct Need {
        std::size_t program;
        const toml::table* table;
        std::string path;  // of the table
        const toml::node* place;
        std::string key;
        std::string server;
    };

    // Programs start when those are ready whose objects they are granted, so nobody may wait for himself.
    void check_needs() {
        for (const Need& need : needs_) {
            TableReader reader(*need.table, need.path, file_, fault_);
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
        const std::size_t program_index = manifest_.programs.size();
        needs_.push_back({program_index, &table, fmt::format("program[{}]", program_index), place, key, grant.server});
        program.grants.push_back(std::move(grant));
    }

    void read_tests(TableReader& top) {
        const toml::node* tests = top.get("test");
        if (tests == nullptr) {
            return;
        }
        const toml::array* array = tests->as_array();
        if (array == nullptr) {
            top.refuse(tests, "test", "tables: [[test]]");
            return;
        }
        for (const toml::node& node : *array) {
            if (const toml::table* table = node.as_table()) {
                read_test(*table);
            } else {
                top.refuse(&node, "test", "a table: [[test]]");
            }
        }
    }

    void read_test(const toml::table& table) {
        TableReader reader(table, fmt::format("test[{}]", manifest_.tests.size()), file_, fault_);
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

    void read_interposed(TableReader& top, const toml::node* node) {
        const toml::array* array = node == nullptr ? nullptr : node->as_array();
        if (node != nullptr && array == nullptr) {
            top.refuse(node, "interpose", "tables: [[interpose]]");
        }
        for (std::size_t index = 0; array != nullptr && index < array->size(); ++index) {
            if (const toml::table* table = (*array)[index].as_table()) {
                read_interpose(*table, index);
            } else {
                top.refuse(array->get(index), "interpose", "a table: [[interpose]]");
            }
        }
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
                          &table,
                          fmt::format("interpose[{}]", index),
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

    void read_program(const toml::table& table) {
        TableReader reader(table, fmt::format("program[{}]", manifest_.programs.size()), file_, fault_);
        reader.only_keys(kProgramKeys);
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
        TableReader limits(*table, fmt::format("program[{}].limits", manifest_.programs.size()), file_, fault_);
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
            } else if (word.starts_with("object:")) {
                read_object(reader, table, program, word.substr(7), place, key);
            } else if (const auto* known = std::ranges::find(kGrantWords, word); known != std::end(kGrantWords)) {
                program.grants.push_back({static_cast<Grant::Kind>(known - std::begin(kGrantWords))});
            } else {
                const auto meant = closest(word, kGrantWords);
                reader.refuse(place,
                              key,
                              "\"console\", \"clock\", \"random\", \"loader\", \"dir:/data=./files\" or "
                              "\"object:PROGRAM/INTERFACE\"" +
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
    std::optional<Error> fault_;
};

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

}  // namespace

Result<Manifest>
parse_manifest(std::string_view text, std::string_view shown_as, const fs::path& folder, const ManifestPlaces& places) {
    try {
        return ManifestReader(shown_as, folder, places).read(toml::parse(text, shown_as));
    } catch (const toml::parse_error& error) {
        return fail(Blame::Caller, fmt::format("{}:{}: {}", shown_as, error.source().begin.line, error.description()));
    } catch (const MalformedToml&) {
        return fail(Blame::Caller, fmt::format("{}:{}: not well-formed TOML", shown_as, malformed_line(text)));
    }
}

Result<Manifest> load_manifest(const fs::path& folder, const ManifestPlaces& places) {
    const fs::path file = folder / "tessera.toml";
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (!stream || !(text << stream.rdbuf())) {
        return fail(Blame::Caller,
                    fmt::format("{}: no readable tessera.toml there; docs/manifest.md shows one", folder.string()));
    }
    std::error_code failure;
    fs::path absolute = fs::weakly_canonical(folder, failure);
    if (failure) {
        absolute = folder;
    }
    return parse_manifest(text.str(), file.string(), absolute, places);
}

}  // namespace tessera::tool
