#include "safeir/lower/driver/options.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace tessera::lower {

namespace {

// Options whose value is the next argument and that go to clang together with it.
constexpr std::array kFrontEndWithValue = {"-D",
                                           "-U",
                                           "-I",
                                           "-isystem",
                                           "-include",
                                           "-imacros",
                                           "-iquote",
                                           "-idirafter",
                                           "-MT",
                                           "-MQ",
                                           "-MF",
                                           "-Xclang",
                                           "-Xpreprocessor",
                                           "-isysroot",
                                           "-iprefix"};
// Options with a value that say nothing to us.
constexpr std::array kIgnoredWithValue = {"-mthread-model",
                                          "-target",
                                          "-arch",
                                          "-rpath",
                                          "-soname",
                                          "-h",
                                          "-z",
                                          "-T",
                                          "-Xlinker",
                                          "-Xassembler",
                                          "-u",
                                          "-e",
                                          "-mllvm",
                                          "-G"};
// Options that mean nothing for a program in safe IR: position independence, machine features, linker and debugging
// habits.
constexpr std::array kIgnored = {"-fPIC",
                                 "-fpic",
                                 "-fPIE",
                                 "-fpie",
                                 "-pie",
                                 "-no-pie",
                                 "-static",
                                 "-static-libgcc",
                                 "-static-libstdc++",
                                 "-rdynamic",
                                 "-s",
                                 "-pipe",
                                 "-pthread",
                                 "-pthreads",
                                 "-flto",
                                 "-fno-lto",
                                 "-fno-pic",
                                 "-fno-PIC",
                                 "-fno-pie",
                                 "-fno-PIE",
                                 "-pg",
                                 "--coverage",
                                 "-fno-plt",
                                 "-export-dynamic",
                                 "-fasynchronous-unwind-tables",
                                 "-funwind-tables",
                                 "-static-pie",
                                 "-shared-libgcc"};
constexpr std::array kIgnoredPrefixes = {"-m",
                                         "-flto",
                                         "-fstack-protector",
                                         "-fstack-clash",
                                         "-fcf-protection",
                                         "--target=",
                                         "-fsanitize",
                                         "-fuse-ld",
                                         "-Wa,",
                                         "-fprofile",
                                         "--sysroot",
                                         "-fsplit-stack",
                                         "-B",
                                         "-fdebug-prefix-map",
                                         "-ffile-prefix-map",
                                         "-rtlib",
                                         "-stdlib=",
                                         "--ld-path"};

template <typename List>
bool one_of(std::string_view argument, const List& list) {
    return std::ranges::find(list, argument) != list.end();
}
template <typename List>
bool begins_with_one_of(std::string_view argument, const List& list) {
    return std::ranges::any_of(list, [&](const char* prefix) { return argument.starts_with(prefix); });
}

Input::Kind kind_of(std::string_view path) {
    if (path.ends_with(".a")) {
        return Input::Kind::Archive;
    }
    for (const char* end : {".o", ".bc", ".obj", ".lo", ".ll"}) {
        if (path.ends_with(end)) {
            return Input::Kind::Bitcode;
        }
    }
    return Input::Kind::Source;
}

class Parser {
  public:
    Parser(std::vector<std::string> arguments, Called called, Diagnostics& diagnostics)
        : arguments_(std::move(arguments)), diagnostics_(diagnostics), called_(called) {
        options_.plus_plus = called == Called::CPlusPlus;
    }

    CcOptions parse() {
        while (at_ < arguments_.size()) {
            const std::string argument = arguments_[at_++];
            if (argument.size() > 1 && argument.starts_with("@")) {
                insert_response_file(argument.substr(1));
            } else if (argument == "-" || !argument.starts_with("-")) {
                add_input(argument);
            } else if (!action(argument) && !level(argument) && !linking(argument)) {
                front_end(argument);
            }
        }
        return std::move(options_);
    }

  private:
    std::string value(const std::string& option) {
        if (at_ < arguments_.size()) {
            return arguments_[at_++];
        }
        diagnostics_.error("nothing follows " + option);
        return "";
    }

    void insert_response_file(const std::string& path) {
        std::ifstream file(path);
        if (!file) {
            diagnostics_.error("can't read the arguments in " + path);
        }
        std::vector<std::string> words{std::istream_iterator<std::string>(file), {}};
        arguments_.insert(arguments_.begin() + static_cast<std::ptrdiff_t>(at_), words.begin(), words.end());
    }

    void add_input(const std::string& path) {
        const bool forced = !language_.empty();
        const Input::Kind kind = forced ? Input::Kind::Source : kind_of(path);
        for (const char* end : {".cc", ".cpp", ".cxx", ".C", ".c++"}) {
            options_.plus_plus |= path.ends_with(end);
        }
        const bool c_as_plus_plus = called_ == Called::CPlusPlus && !forced && path.ends_with(".c");
        options_.inputs.push_back({kind, path, c_as_plus_plus ? std::vector<std::string>{"-x", "c++"} : language_});
    }

    bool action(const std::string& argument) {
        if (argument == "-c") {
            options_.action = Action::Compile;
        } else if (argument == "-S") {
            options_.action = Action::Assembly;
        } else if (argument == "-E" || argument == "-M" || argument == "-MM") {
            options_.action = Action::Preprocess;
            options_.front_end.push_back(argument);
        } else if (argument == "-fsyntax-only") {
            options_.action = Action::CheckSyntax;
        } else if (argument.starts_with("-print") || argument.starts_with("-dump") || argument.starts_with("--print") ||
                   argument == "--version" || argument == "-v" || argument == "-V" || argument == "--help" ||
                   argument == "-qversion" || argument == "-###") {
            options_.front_end.push_back(argument);
            if (argument != "-v") {
                asked_ = true;
            }
            if (asked_ || options_.inputs.empty()) {
                options_.action = options_.action == Action::Link ? Action::AskClang : options_.action;
            }
        } else if (argument == "-o") {
            options_.output = value(argument);
        } else if (argument.starts_with("-o") && !argument.starts_with("-objc")) {
            options_.output = argument.substr(2);
        } else if (argument == "-x") {
            const std::string language = value(argument);
            options_.plus_plus |= language.starts_with("c++");
            language_ = language == "none" ? std::vector<std::string>{} : std::vector<std::string>{"-x", language};
        } else {
            return false;
        }
        return true;
    }

    bool level(const std::string& argument) {
        if (!argument.starts_with("-O")) {
            if (argument == "-fno-vectorize" || argument == "-fno-tree-vectorize") {
                options_.optimise.vectorise = false;
                return true;
            }
            return false;
        }
        const std::string level = argument.substr(2);
        Effort& effort = options_.optimise.effort;
        if (level == "0") {
            effort = Effort::None;
        } else if (level.empty() || level == "1" || level == "g") {
            effort = Effort::Less;
        } else if (level == "2") {
            effort = Effort::Default;
        } else if (level == "s") {
            effort = Effort::Size;
        } else if (level == "z") {
            effort = Effort::MinSize;
        } else {
            effort = Effort::More;
        }
        if (level == "fast") {
            options_.front_end.push_back("-ffast-math");
        }
        return true;
    }

    bool linking(const std::string& argument) {
        if (argument == "-shared" || argument == "-dynamiclib") {
            diagnostics_.error(
                "-shared: a program in safe IR is linked whole; build a static library with tessera ar instead");
        } else if (argument == "-l") {
            options_.inputs.push_back({Input::Kind::Library, value(argument), {}});
        } else if (argument.starts_with("-l")) {
            options_.inputs.push_back({Input::Kind::Library, argument.substr(2), {}});
        } else if (argument == "-L") {
            options_.library_folders.push_back(value(argument));
        } else if (argument.starts_with("-L")) {
            options_.library_folders.push_back(argument.substr(2));
        } else if (argument == "-nostdlib" || argument == "-nodefaultlibs") {
            options_.standard_libraries = false;
            options_.start_files &= argument != "-nostdlib";
        } else if (argument == "-nostartfiles" || argument == "--no-entry") {
            options_.start_files = false;
        } else if (argument == "--tessera-keep-wasi") {
            options_.keeps_wasi = true;
        } else if (argument == "--tessera-wide") {
            options_.wide = true;
        } else if (argument == "--tessera-strip-debug") {
            options_.optimise.strip_debug = true;
        } else if (argument == "--building-libc") {
            options_.building_libc = true;
        } else if (argument.starts_with("--tessera-crate=")) {
            options_.crates.push_back(argument.substr(std::string_view("--tessera-crate=").size()));
        } else if (argument.starts_with("--tessera-emit-lowered=")) {
            options_.lowered_output = argument.substr(std::string_view("--tessera-emit-lowered=").size());
        } else if (argument == "-z") {
            to_linker({"-z", value(argument)});
        } else if (argument.starts_with("-Wl,")) {
            std::vector<std::string> words;
            for (std::size_t from = 4; from <= argument.size();) {
                const std::size_t to = std::min(argument.find(',', from), argument.size());
                words.push_back(argument.substr(from, to - from));
                from = to + 1;
            }
            to_linker(words);
        } else {
            return false;
        }
        return true;
    }

    void to_linker(const std::vector<std::string>& words) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            std::string word = words[i];
            if (word == "-z" && i + 1 < words.size()) {
                word = "-z" + words[++i];
            }
            if (word.starts_with("-zstack-size=") || word.starts_with("--stack-size=")) {
                const std::uint64_t bytes = number(word);
                if (bytes < 4096 || bytes > (std::uint64_t{1} << 30)) {
                    diagnostics_.error(word + ": a stack has 4 KiB to 1 GiB");
                } else {
                    options_.stack_bytes = static_cast<std::uint32_t>((bytes + 15) & ~std::uint64_t{15});
                }
            } else if (word.starts_with("--max-memory=")) {
                options_.memory_max_bytes = number(word);
            } else if (word.starts_with("--export=")) {
                options_.exports.push_back(word.substr(9));
            } else if (word == "--no-entry") {
                options_.start_files = false;
            }
        }
    }

    static std::uint64_t number(const std::string& word) {
        return std::strtoull(word.c_str() + word.find('=') + 1, nullptr, 0);
    }

    void front_end(const std::string& argument) {
        if (one_of(argument, kIgnoredWithValue)) {
            (void)value(argument);
        } else if (one_of(argument, kFrontEndWithValue)) {
            note_dependencies(argument);
            options_.front_end.push_back(argument);
            options_.front_end.push_back(value(argument));
        } else if (!one_of(argument, kIgnored) && !begins_with_one_of(argument, kIgnoredPrefixes)) {
            note_dependencies(argument);
            options_.front_end.push_back(argument);
        }
    }

    void note_dependencies(const std::string& argument) {
        options_.writes_dependencies |= argument == "-MD" || argument == "-MMD";
        options_.names_dependency_file |= argument.starts_with("-MF");
        options_.names_dependency_target |= argument.starts_with("-MT") || argument.starts_with("-MQ");
    }

    std::vector<std::string> arguments_;
    Diagnostics& diagnostics_;
    CcOptions options_;
    Called called_;
    std::vector<std::string> language_;
    std::size_t at_ = 0;
    bool asked_ = false;
};

}  // namespace

CcOptions parse_options(std::vector<std::string> arguments, Called called, Diagnostics& diagnostics) {
    return Parser(std::move(arguments), called, diagnostics).parse();
}

DependencyRule take_dependency_rule(CcOptions& options, const std::string& object) {
    DependencyRule rule{std::filesystem::path(object).replace_extension(".d").string(), object};
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < options.front_end.size(); ++i) {
        const std::string& word = options.front_end[i];
        const std::string name = word.substr(0, 3);
        if (name == "-MF" || name == "-MT" || name == "-MQ") {
            const bool is_apart = word.size() == 3 && i + 1 < options.front_end.size();
            (name == "-MF" ? rule.file : rule.target) = is_apart ? options.front_end[++i] : word.substr(3);
        } else if (word != "-MD" && word != "-MMD" && word != "-MP") {
            kept.push_back(word);
        }
    }
    options.front_end = std::move(kept);
    return rule;
}

}  // namespace tessera::lower
