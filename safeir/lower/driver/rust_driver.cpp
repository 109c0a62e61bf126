#include "safeir/lower/driver/rust_driver.h"

#include "safeir/lower/driver/driver.h"
#include "safeir/lower/driver/front_end.h"
#include "safeir/lower/driver/temporary_folder.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace tessera::lower {

namespace {

namespace fs = std::filesystem;

void say(const std::string& text) { std::fprintf(stderr, "tessera rustc: error: %s\n", text.c_str()); }

int run_rustc(const std::vector<std::string>& command) {
    const int status = run_program(command);
    if (status == 127) {
        say("rustc isn't installed: get Rust 1.95 (its LLVM is 22, as ours) with std for x86_64-unknown-linux-gnu");
    }
    return status;
}

// All of std and of what the crate depends on comes in with fat LTO; nothing is linked by rustc. A panic ends the
// program.
void make_one_module(std::vector<std::string>& command) {
    for (const char* option : {"lto=fat", "panic=abort", "linker=true", "embed-bitcode=yes"}) {
        command.emplace_back("-C");
        command.emplace_back(option);
    }
}

std::string level_of(Effort effort) {
    switch (effort) {
    case Effort::None:
        return "0";
    case Effort::Less:
        return "1";
    case Effort::Default:
        return "2";
    case Effort::More:
        return "3";
    case Effort::Size:
        return "s";
    case Effort::MinSize:
        return "z";
    }
    return "2";
}

// What was asked of `tessera rustc`.
class Request {
  public:
    explicit Request(std::vector<std::string> words) : words_(std::move(words)) {
        while (at_ < words_.size() && problem_.empty()) {
            read();
        }
        const bool makes_program = crate_types_.empty() || crate_types_ == "bin";
        passes_through_ = is_question_ || !makes_program || !links_;
        for (const char* type : {"cdylib", "dylib", "staticlib"}) {
            if (crate_types_.find(type) != std::string::npos && !is_question_) {
                problem_ =
                    std::string("a crate of type ") + type + " has no use here: a program is a crate of type bin";
            }
        }
        // A macro runs inside rustc, and a build script (so cargo names it) beside it: both on this machine.
        is_for_host_ = crate_types_ == "proc-macro" || crate_name_.starts_with("build_script_");
    }

    [[nodiscard]] const std::string& problem() const { return problem_; }

    int run() {
        std::vector<std::string> command = {"rustc"};
        if (is_question_ || is_for_host_) {
            command.insert(command.end(), words_.begin(), words_.end());
            return run_rustc(command);
        }
        command.insert(command.end(), kept_.begin(), kept_.end());
        if (passes_through_) {
            // With rustc's own way of panics: a macro may use the crate, too.
            command.insert(command.end(), {"-C", "embed-bitcode=yes"});
            append_emit(command, emit_);
            if (!output_.empty()) {
                command.insert(command.end(), {"-o", output_});
            }
            return run_rustc(command);
        }
        const TemporaryFolder work;
        const std::string bitcode = work.file("program.bc");
        append_emit(command, other_emit_ + "llvm-bc=" + bitcode + ",link=" + work.file("program"));
        make_one_module(command);
        if (const int status = run_rustc(command); status != 0) {
            return status;
        }
        return link(bitcode);
    }

  private:
    static void append_emit(std::vector<std::string>& command, const std::string& kinds) {
        if (!kinds.empty()) {
            command.push_back("--emit=" + kinds);
        }
    }

    // The value of an option that is in this word behind `name`, or is the next word.
    bool option(std::string_view name, std::string& value) {
        const std::string& word = words_[at_];
        if (word == name && at_ + 1 < words_.size()) {
            value = words_[++at_];
            return true;
        }
        const bool is_long = name.starts_with("--");
        if (word.starts_with(name) && word != name && (!is_long || word[name.size()] == '=')) {
            value = word.substr(name.size() + (is_long ? 1 : 0));
            return true;
        }
        return false;
    }

    void read() {
        const std::size_t first = at_;
        std::string value;
        const std::string& word = words_[at_];
        bool keep = true;
        if (word == "-" || word == "-V" || word == "-vV" || word == "--version" || word == "-h" || word == "--help" ||
            option("--print", value) || option("--explain", value)) {
            is_question_ |= word != "-";
        } else if (word == "-O") {
            level_ = "3";
        } else if (word == "-g") {
            debug_ = true;
        } else if (option("--crate-type", value)) {
            crate_types_ += (crate_types_.empty() ? "" : ",") + value;
        } else if (option("--crate-name", value)) {
            crate_name_ = value;
        } else if (option("--out-dir", value)) {
            folder_ = value;
        } else if (option("--emit", value)) {
            emit(value);
            keep = false;
        } else if (option("--target", value)) {
            if (value != "x86_64-unknown-linux-gnu") {
                problem_ = "--target " + value + ": programs are compiled for x86_64-unknown-linux-gnu";
            }
        } else if (option("--codegen", value) || option("-C", value)) {
            keep = codegen(value);
        } else if (option("-o", value)) {
            output_ = value;
            keep = false;
        } else if (word.ends_with(".rs")) {
            source_ = word;
        }
        ++at_;
        if (keep) {
            kept_.insert(kept_.end(),
                         words_.begin() + static_cast<std::ptrdiff_t>(first),
                         words_.begin() + static_cast<std::ptrdiff_t>(at_));
        }
    }

    void emit(const std::string& kinds) {
        emit_ += (emit_.empty() ? "" : ",") + kinds;
        links_ = false;
        other_emit_.clear();
        for (std::size_t from = 0; from <= emit_.size();) {
            const std::size_t to = std::min(emit_.find(',', from), emit_.size());
            const std::string kind = emit_.substr(from, to - from);
            if (kind == "link" || kind.starts_with("link=")) {
                links_ = true;
                output_ = kind.size() > 5 ? kind.substr(5) : output_;
            } else if (!kind.empty()) {
                other_emit_ += kind + ",";
            }
            from = to + 1;
        }
    }

    // Whether rustc is to have this one too.
    bool codegen(const std::string& option) {
        const std::string name = option.substr(0, option.find('='));
        const std::string value = name.size() < option.size() ? option.substr(name.size() + 1) : "";
        if (name == "opt-level") {
            level_ = value;
        } else if (name == "debuginfo") {
            debug_ = value != "0" && value != "none";
        } else if (name == "extra-filename") {
            extra_name_ = value;
        } else if (name == "panic" && value == "unwind") {
            problem_ = "panics can't be unwound: a panic ends the program (-C panic=abort)";
        } else if (name == "link-arg") {
            link_options_.push_back(value);
            return false;
        } else if (name == "panic" || name == "lto" || name == "embed-bitcode" || name == "linker" || name == "strip" ||
                   name == "linker-flavor" || name == "linker-plugin-lto" || name == "prefer-dynamic") {
            return false;
        }
        return true;
    }

    int link(const std::string& bitcode) {
        std::string name = crate_name_.empty() ? fs::path(source_).stem().string() : crate_name_;
        const std::string output =
            !output_.empty() ? output_ : (fs::path(folder_.empty() ? "." : folder_) / (name + extra_name_)).string();
        std::vector<std::string> command = {
            "cc", "-O" + (level_ == "0" ? std::string("1") : level_), bitcode, "-o", output};
        command.insert(command.end(), link_options_.begin(), link_options_.end());
        if (!debug_) {
            command.emplace_back("--tessera-strip-debug");
        }
        std::vector<char*> arguments;
        for (std::string& word : command) {
            arguments.push_back(word.data());
        }
        return cc_main(static_cast<int>(arguments.size()), arguments.data());
    }

    std::vector<std::string> words_;
    std::size_t at_ = 0;
    std::vector<std::string> kept_;
    std::string problem_;
    std::string source_;
    std::string output_;
    std::string folder_;
    std::string crate_types_;
    std::string crate_name_;
    std::string extra_name_;
    std::string emit_;
    std::string other_emit_;  // without link, each with a comma behind it
    std::string level_ = "0";
    std::vector<std::string> link_options_;
    bool links_ = true;
    bool debug_ = false;
    bool is_question_ = false;
    bool is_for_host_ = false;
    bool passes_through_ = false;
};

// rustc names every file in several rules; ours is one: the object's.
void keep_one_rule(const std::string& rules, const std::string& wanted, const std::string& object) {
    std::ifstream input(rules);
    std::string line;
    std::getline(input, line);
    const std::size_t colon = line.find(": ");
    std::ofstream(wanted) << object << ":" << (colon == std::string::npos ? "" : line.substr(colon + 1)) << "\n";
}

}  // namespace

bool is_rust(const std::string& path) { return path.ends_with(".rs"); }

int compile_rust(const CcOptions& options,
                 const std::string& source,
                 const std::string& bitcode,
                 const std::string& object_name) {
    const TemporaryFolder work;
    std::vector<std::string> command = {"rustc", "--edition=2021", "--crate-type=bin"};
    CcOptions without_rule = options;
    const auto [rules, object] = take_dependency_rule(without_rule, object_name);
    command.insert(command.end(), {"-C", "opt-level=" + level_of(options.optimise.effort)});
    if (!options.optimise.strip_debug) {
        command.insert(command.end(), {"-C", "debuginfo=1"});
    }
    for (const std::string& crate : options.crates) {
        const std::string file = crate.substr(std::min(crate.find('=') + 1, crate.size()));
        command.insert(command.end(), {"--extern", crate, "-L", fs::path(file).parent_path().string()});
    }
    const std::string written = work.file("program.bc");
    command.push_back("--emit=dep-info=" + work.file("rules") + ",llvm-bc=" + written +
                      ",link=" + work.file("program"));
    make_one_module(command);
    command.push_back(source);
    if (const int status = run_rustc(command); status != 0) {
        return status;
    }
    if (options.writes_dependencies) {
        keep_one_rule(work.file("rules"), rules, object);
    }
    std::error_code failure;
    fs::copy_file(written, bitcode, fs::copy_options::overwrite_existing, failure);
    if (failure) {
        say("can't write " + bitcode + ": " + failure.message());
        return 1;
    }
    return 0;
}

int rustc_main(int argc, char** argv) {
    Request request(std::vector<std::string>(argv + 1, argv + argc));
    if (!request.problem().empty()) {
        say(request.problem());
        return 1;
    }
    return request.run();
}

}  // namespace tessera::lower
