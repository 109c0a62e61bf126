#include "boot/tool/build/program_build.h"

#include "boot/tool/base/files.h"
#include "boot/tool/base/parallel.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/base/text.h"
#include "boot/tool/build/rust_interfaces.h"
#include "boot/tool/build/schema_build.h"
#include "core/base/launcher_line.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

// The files that a make rule as compilers write it (`-MD`) names behind its colon.
std::vector<fs::path> dependencies(const fs::path& rule_file) {
    std::vector<fs::path> files;
    const auto text = read_file(rule_file);
    if (!text) {
        return files;
    }
    std::string word;
    bool behind_colon = false;
    const auto end_word = [&] {
        if (behind_colon && !word.empty()) {
            files.emplace_back(word);
        }
        behind_colon = behind_colon || word.ends_with(':');
        word.clear();
    };
    for (std::size_t i = 0; i < text->size(); ++i) {
        const char letter = (*text)[i];
        if (letter == '\\' && i + 1 < text->size()) {
            const char next = (*text)[++i];
            if (next == ' ') {
                word += ' ';
            } else if (next == '\n') {
                end_word();
            } else {
                word += '\\';
                word += next;
            }
        } else if (std::isspace(static_cast<unsigned char>(letter)) != 0) {
            end_word();
        } else {
            word += letter;
        }
    }
    end_word();
    return files;
}

// Sources as written: relative to the manifest's folder, with patterns.
Result<std::vector<fs::path>> expand(const std::vector<std::string>& patterns, const fs::path& folder) {
    std::vector<fs::path> files;
    for (const std::string& pattern : patterns) {
        const fs::path full = (folder / pattern).lexically_normal();
        std::error_code failure;
        if (pattern.find_first_of("*?") == std::string::npos) {
            if (!fs::exists(full, failure)) {
                return fail(Blame::Caller, fmt::format("there is no file {}", full.string()));
            }
            files.push_back(full);
            continue;
        }
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(full.parent_path(), failure)) {
            if (matches_pattern(full.filename().string(), entry.path().filename().string())) {
                found.push_back(entry.path());
            }
        }
        if (found.empty()) {
            return fail(Blame::Caller, fmt::format("no file fits {}", full.string()));
        }
        std::ranges::sort(found);
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

// A product's name that is readable and unique to its source.
std::string object_name(const fs::path& source) {
    return fmt::format(
        "{}.{:08x}.o", source.filename().string(), std::hash<std::string>{}(source.string()) & 0xffffffffU);
}

class ProgramBuilder {
  public:
    ProgramBuilder(const Workspace& workspace,
                   const Manifest& manifest,
                   const ProgramSpec& program,
                   const fs::path& folder)
        : workspace_(workspace), manifest_(manifest), program_(program), folder_(folder) {}

    Result<fs::path> build() {
        TRY_VOID(make_folder(folder_));
        if (!program_.package.empty()) {
            TRY_VOID(fetch_package());
        }
        if (!program_.build.empty()) {
            return build_by_recipe();
        }
        if (!program_.file.empty()) {
            const fs::path file = manifest_.folder / program_.file;
            std::error_code failure;
            if (!fs::is_regular_file(file, failure)) {
                return fail(Blame::Caller,
                            fmt::format("program {}: there is no file {}", program_.name, file.string()));
            }
            return file;
        }
        return build_from_sources();
    }

  private:
    [[nodiscard]] std::vector<fs::path> toolchain() const {
        return {workspace_.compiler(), workspace_.build / "sysroot/sdk.stamp"};
    }

    Result<void> fetch_package() {
        const fs::path unpacked = workspace_.sources() / program_.package;
        std::error_code failure;
        if (fs::is_directory(unpacked, failure)) {
            return {};
        }
        TRY_TO(const FolderLock lock, FolderLock::take(workspace_.sources()));
        const Step step(fmt::format("fetching the source of {} from Debian", program_.package));
        Command fetch{.argv = {(workspace_.root / "apps/sdk/fetch-source").string(),
                               workspace_.sources().string(),
                               program_.package},
                      .capture = Capture::Both};
        TRY_TO(const Ended ended, run_command(fetch));
        if (ended.status != 0 || !fs::is_directory(unpacked, failure)) {
            return fail(Blame::Machine,
                        fmt::format("program {}: could not fetch Debian's source package {}:\n{}",
                                    program_.name,
                                    program_.package,
                                    ended.output));
        }
        return {};
    }

    Result<fs::path> build_by_recipe() {
        const fs::path origin = program_.package.empty() ? manifest_.folder : workspace_.sources() / program_.package;
        const fs::path copy = recipe_folder(folder_);
        const fs::path product = copy / program_.file;
        const fs::path done = folder_ / "recipe.done";
        std::string recipe;
        for (const std::string& line : program_.build) {
            recipe += line + "\n";
        }
        std::vector<fs::path> inputs = toolchain();
        inputs.push_back(origin);
        std::error_code failure;
        // What is beside the manifest may be read through ${app}. A package's folder stays as it was unpacked.
        for (const auto& entry : fs::recursive_directory_iterator(manifest_.folder, failure)) {
            inputs.push_back(entry.path());
        }
        if (is_current(done, inputs) && read_file(done).value_or("") == recipe && fs::exists(product, failure)) {
            return product;
        }
        const Step step(fmt::format("building {} by its own recipe", program_.name));
        fs::remove_all(copy, failure);
        fs::copy(origin, copy, fs::copy_options::recursive | fs::copy_options::copy_symlinks, failure);
        if (failure) {
            return fail(Blame::Machine,
                        fmt::format("cannot copy {} to {}: {}", origin.string(), copy.string(), failure.message()));
        }
        for (const std::string& line : program_.build) {
            const std::string quoted = shell_quote(workspace_.entry().string());
            TRY_TO(const Ended ended,
                   run_command({.argv = {"/bin/sh", "-c", line},
                                .folder = copy.string(),
                                .environment = {{"CC", quoted + " cc"},
                                                {"CXX", quoted + " c++"},
                                                {"AR", quoted + " ar"},
                                                {"RANLIB", "true"},
                                                {"RUSTC", (workspace_.root / "apps/sdk/rustc").string()}},
                                .capture = Capture::Both}));
            if (ended.status != 0) {
                return fail(Blame::Program,
                            fmt::format("program {}: the command `{}` failed in {} (status {}):\n{}",
                                        program_.name,
                                        line,
                                        copy.string(),
                                        ended.status,
                                        ended.output));
            }
        }
        if (!fs::is_regular_file(product, failure)) {
            return fail(Blame::Caller,
                        fmt::format("program {}: its recipe ran, but made no {}", program_.name, product.string()));
        }
        TRY_VOID(write_file(done, recipe));
        return product;
    }

    Result<fs::path> build_from_sources() {
        TRY_TO(std::vector<fs::path> sources, expand(program_.sources, manifest_.folder));
        if (!program_.exclude.empty()) {
            TRY_TO(const std::vector<fs::path> excluded, expand(program_.exclude, manifest_.folder));
            std::erase_if(
                sources, [&](const fs::path& source) { return std::ranges::find(excluded, source) != excluded.end(); });
        }
        TRY_VOID(make_schema_headers(workspace_, manifest_, program_, folder_));
        if (wants_rust_interfaces(program_)) {
            TRY_TO(rust_, make_rust_interfaces(workspace_, program_, folder_));
        }
        std::vector<Compilation> compilations;
        std::vector<fs::path> objects;
        for (const fs::path& source : sources) {
            const fs::path object = folder_ / object_name(source);
            objects.push_back(object);
            compilations.push_back({source, object, compile_words(source, object)});
        }
        std::erase_if(compilations, [this](const Compilation& c) { return compiled_already(c); });
        TRY_VOID(compile_all(compilations));
        return link(std::move(objects));
    }

    struct Compilation {
        fs::path source;
        fs::path object;
        std::vector<std::string> words;
    };

    [[nodiscard]] std::vector<std::string> compile_words(const fs::path& source, const fs::path& object) const {
        std::vector<std::string> words{workspace_.compiler().string(), "cc", "-c", "-g"};
        if (std::ranges::none_of(program_.cflags, [](const std::string& flag) { return flag.starts_with("-O"); })) {
            words.emplace_back("-O3");
        }
        words.insert(words.end(), program_.cflags.begin(), program_.cflags.end());
        if (!program_.schemas.empty()) {
            words.push_back("-I" + schema_folder(folder_).string());
        }
        if (source.extension() == ".rs") {
            words.insert(words.end(), rust_.compile_words.begin(), rust_.compile_words.end());
        }
        for (const std::string& more : {source.string(),
                                        std::string("-o"),
                                        object.string(),
                                        std::string("-MD"),
                                        std::string("-MF"),
                                        object.string() + ".d"}) {
            words.push_back(more);
        }
        return words;
    }

    [[nodiscard]] bool compiled_already(const Compilation& compilation) const {
        std::vector<fs::path> inputs = toolchain();
        inputs.push_back(compilation.source);
        inputs.insert(inputs.end(), rust_.crates.begin(), rust_.crates.end());
        for (fs::path& file : dependencies(compilation.object.string() + ".d")) {
            inputs.push_back(manifest_.folder / file);
        }
        return is_current(compilation.object, inputs) &&
               read_file(compilation.object.string() + ".command").value_or("") == shell_join(compilation.words);
    }

    // All on as many processors as there are; the first failure is the result, and what the compiler says is shown.
    Result<void> compile_all(const std::vector<Compilation>& compilations) {
        if (compilations.empty()) {
            return {};
        }
        Step step(fmt::format("compiling {}", program_.name));
        return in_parallel(compilations.size(), [&](std::size_t i) {
            step.update(fmt::format("compiling {}: {} of {}", program_.name, i + 1, compilations.size()));
            return compile(compilations[i]);
        });
    }

    Result<void> compile(const Compilation& compilation) {
        std::error_code ignored;
        fs::remove(compilation.object, ignored);
        TRY_TO(const Ended ended,
               run_command({.argv = compilation.words, .folder = manifest_.folder.string(), .capture = Capture::Both}));
        if (!ended.output.empty()) {
            fmt::print(stderr, "{}", ended.output);
        }
        if (ended.status != 0) {
            return fail(Blame::Program,
                        fmt::format("program {}: {} does not compile (see above)",
                                    program_.name,
                                    compilation.source.lexically_proximate(fs::current_path(ignored)).string()));
        }
        return write_file(compilation.object.string() + ".command", shell_join(compilation.words));
    }

    Result<fs::path> link(std::vector<fs::path> objects) {
        objects.insert(objects.end(), rust_.archives.begin(), rust_.archives.end());
        const fs::path product = folder_ / (program_.name + ".sir");
        std::vector<std::string> words{workspace_.compiler().string(), "cc", "-o", product.string()};
        for (const fs::path& object : objects) {
            words.push_back(object.string());
        }
        for (const std::string& flag : program_.cflags) {
            if (flag.starts_with("-Wl,") || flag.starts_with("-l") || flag.starts_with("-L") ||
                flag.starts_with("--") || flag.starts_with("-nost") || flag.starts_with("-O")) {
                words.push_back(flag);
            }
        }
        std::vector<fs::path> inputs = objects;
        const std::vector<fs::path> tools = toolchain();
        inputs.insert(inputs.end(), tools.begin(), tools.end());
        const fs::path command_file = product.string() + ".command";
        if (is_current(product, inputs) && read_file(command_file).value_or("") == shell_join(words)) {
            return product;
        }
        const Step step(fmt::format("linking {}", program_.name));
        std::error_code ignored;
        fs::remove(product, ignored);
        TRY_TO(const Ended ended,
               run_command({.argv = words, .folder = manifest_.folder.string(), .capture = Capture::Both}));
        if (!ended.output.empty()) {
            fmt::print(stderr, "{}", ended.output);
        }
        if (ended.status != 0) {
            return fail(Blame::Program, fmt::format("program {} does not link (see above)", program_.name));
        }
        TRY_VOID(write_file(command_file, shell_join(words)));
        return product;
    }

    const Workspace& workspace_;
    const Manifest& manifest_;
    const ProgramSpec& program_;
    const fs::path& folder_;
    RustInterfaces rust_{};
};

}  // namespace

// The program's own bytes, in `folder` if the file has more: a line for Linux.
static Result<fs::path> made_plain(const fs::path& file, const fs::path& folder) {
    TRY_TO(const std::string text, read_file(file));
    if (launcher_bytes(text) == 0) {
        return file;
    }
    fs::path plain = folder / "plain.sir";
    if (!is_current(plain, {file})) {
        TRY_VOID(write_file(plain, without_launcher(text)));
    }
    return plain;
}

fs::path recipe_folder(const fs::path& folder) { return folder / "recipe"; }

bool is_current(const fs::path& product, const std::vector<fs::path>& inputs) {
    std::error_code failure;
    const auto made = fs::last_write_time(product, failure);
    if (failure) {
        return false;
    }
    return std::ranges::all_of(inputs, [&](const fs::path& input) {
        std::error_code gone;
        const auto changed = fs::last_write_time(input, gone);
        return !gone && changed <= made;
    });
}

Result<fs::path> build_program(const Workspace& workspace,
                               const Manifest& manifest,
                               const ProgramSpec& program,
                               const fs::path& folder) {
    TRY_TO(fs::path made, ProgramBuilder(workspace, manifest, program, folder).build());
    return made_plain(made, folder);
}

}  // namespace tessera::tool
