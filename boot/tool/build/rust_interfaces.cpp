#include "boot/tool/build/rust_interfaces.h"

#include "boot/tool/base/files.h"
#include "boot/tool/base/parallel.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/build/program_build.h"
#include "boot/tool/build/schema_build.h"
#include "caps/schemac/names.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kModuleEnding = ".tessera.rs";
constexpr std::string_view kShimsEnding = ".shims.c";
// The line in a schema's C before what serves an interface NAME.
constexpr std::string_view kServes = "#ifdef TESSERA_RUST_SERVES_";

std::vector<fs::path> files_with(const fs::path& folder, std::string_view ending) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().filename().string().ends_with(ending)) {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    return files;
}

std::string stem_of(const fs::path& file, std::string_view ending) {
    const std::string name = file.filename().string();
    return name.substr(0, name.size() - ending.size());
}

std::vector<std::string> served_in(const std::string& shims) {
    std::vector<std::string> names;
    for (std::size_t at = shims.find(kServes); at != std::string::npos; at = shims.find(kServes, at + 1)) {
        const std::size_t from = at + kServes.size();
        const std::string name = shims.substr(from, shims.find('\n', from) - from);
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(name);
        }
    }
    return names;
}

class Maker {
  public:
    Maker(const Workspace& workspace, const ProgramSpec& program, const fs::path& folder)
        : workspace_(workspace), program_(program), own_(schema_folder(folder)), into_(folder / "rust"),
          standard_(workspace.build / "caps/schema"), shared_(workspace.build / "rust"),
          sdk_(workspace.root / "apps/sdk/rust") {}

    Result<RustInterfaces> make() {
        TRY_VOID(make_folder(into_));
        TRY_VOID(make_crates());
        TRY_VOID(make_shared_archive());
        TRY_VOID(make_own_archive());
        return RustInterfaces{
            .compile_words = {fmt::format("--tessera-crate=tessera={}", crate("tessera").string()),
                              fmt::format("--tessera-crate=interfaces={}", crate("interfaces").string())},
            .crates = {crate("tessera"), crate("interfaces")},
            .archives = {own_archive(), shared_archive()}};
    }

  private:
    [[nodiscard]] fs::path crate(const std::string& name) const { return into_ / ("lib" + name + ".rlib"); }
    [[nodiscard]] fs::path own_archive() const { return into_ / "libserved.a"; }
    [[nodiscard]] fs::path shared_archive() const { return shared_ / "libinterfaces.a"; }

    // Each as a module, so that one can name another.
    [[nodiscard]] std::string root_module() const {
        std::string text = "//! Made by tessera: the standard interfaces, and those of the program's schemas.\n";
        for (const fs::path& folder : {standard_, own_}) {
            for (const fs::path& file : files_with(folder, kModuleEnding)) {
                text += fmt::format(
                    "#[path = \"{}\"]\npub mod {};\n", file.string(), schemac::rust_name(stem_of(file, kModuleEnding)));
            }
        }
        return text + fmt::format("#[path = \"{}\"]\nmod granted;\npub use granted::granted;\n",
                                  (sdk_ / "interfaces/granted.rs").string());
    }

    Result<void> make_crates() {
        std::vector<fs::path> inputs = files_with(sdk_ / "tessera", ".rs");
        TRY_VOID(make_crate("tessera", sdk_ / "tessera/lib.rs", {}, inputs));
        const fs::path root = into_ / "interfaces.rs";
        const std::string text = root_module();
        if (read_file(root).value_or("") != text) {
            TRY_VOID(write_file(root, text));
        }
        for (const fs::path& folder : {standard_, own_}) {
            const auto modules = files_with(folder, kModuleEnding);
            inputs.insert(inputs.end(), modules.begin(), modules.end());
        }
        inputs.push_back(root);
        inputs.push_back(sdk_ / "interfaces/granted.rs");
        return make_crate("interfaces", root, {"--extern", "tessera=" + crate("tessera").string()}, inputs);
    }

    Result<void> make_crate(const std::string& name,
                            const fs::path& root,
                            const std::vector<std::string>& with,
                            const std::vector<fs::path>& inputs) {
        if (is_current(crate(name), inputs)) {
            return {};
        }
        const Step step(fmt::format("compiling the crate {} of {}", name, program_.name));
        std::vector<std::string> words{workspace_.compiler().string(),
                                       "rustc",
                                       "--edition=2024",
                                       "-O",
                                       "--cap-lints=allow",
                                       "--crate-type=rlib",
                                       "--crate-name=" + name,
                                       "-o",
                                       crate(name).string(),
                                       root.string()};
        words.insert(words.end(), with.begin(), with.end());
        return run(words);
    }

    // Of the standard interfaces what calls and what serves them.
    Result<void> make_shared_archive() {
        const std::vector<fs::path> shims = files_with(standard_, kShimsEnding);
        std::vector<fs::path> inputs = shims;
        inputs.push_back(workspace_.compiler());
        TRY_TO(const FolderLock lock, FolderLock::take(shared_));
        if (is_current(shared_archive(), inputs)) {
            return {};
        }
        const Step step("compiling what Rust programs call the standard interfaces by");
        return make_archive(shims, shared_, shared_archive());
    }

    // The same of the program's own.
    Result<void> make_own_archive() {
        const std::vector<fs::path> shims = files_with(own_, kShimsEnding);
        std::vector<fs::path> inputs = shims;
        inputs.push_back(workspace_.compiler());
        if (is_current(own_archive(), inputs)) {
            return {};
        }
        const Step step(fmt::format("compiling what {} calls its interfaces by", program_.name));
        return make_archive(shims, into_, own_archive());
    }

    // An object for what calls, and one for each interface that can be served: the linker takes what is used.
    Result<void>
    make_archive(const std::vector<fs::path>& shims, const fs::path& folder, const fs::path& archived) const {
        std::vector<std::vector<std::string>> commands;
        std::vector<fs::path> objects;
        for (const fs::path& file : shims) {
            const std::string stem = (folder / stem_of(file, kShimsEnding)).string();
            objects.emplace_back(stem + ".o");
            commands.push_back(compile_words(file, objects.back(), {}));
            TRY_TO(const std::string text, read_file(file));
            for (const std::string& name : served_in(text)) {
                objects.emplace_back(stem + "." + name + ".o");
                commands.push_back(
                    compile_words(file, objects.back(), {"-DTESSERA_RUST_SERVES", "-DTESSERA_RUST_SERVES_" + name}));
            }
        }
        TRY_VOID(in_parallel(commands.size(), [&](std::size_t i) { return run(commands[i]); }));
        return archive(archived, objects);
    }

    [[nodiscard]] std::vector<std::string>
    compile_words(const fs::path& source, const fs::path& object, const std::vector<std::string>& with) const {
        std::vector<std::string> words{workspace_.compiler().string(),
                                       "cc",
                                       "--tessera-wide",
                                       "--building-libc",
                                       "-O2",
                                       "-w",
                                       "-I" + workspace_.schemas().string(),
                                       "-I" + own_.string(),
                                       "-c",
                                       source.string(),
                                       "-o",
                                       object.string()};
        words.insert(words.end(), with.begin(), with.end());
        return words;
    }

    Result<void> archive(const fs::path& file, const std::vector<fs::path>& objects) const {
        std::error_code ignored;
        fs::remove(file, ignored);
        std::vector<std::string> words{workspace_.compiler().string(), "ar", "crs", file.string()};
        for (const fs::path& object : objects) {
            words.push_back(object.string());
        }
        return run(words);
    }

    Result<void> run(const std::vector<std::string>& words) const {
        TRY_TO(const Ended ended, run_command({.argv = words, .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Program,
                        fmt::format("program {}: its interfaces do not compile:\n{}", program_.name, ended.output));
        }
        return {};
    }

    const Workspace& workspace_;
    const ProgramSpec& program_;
    fs::path own_;
    fs::path into_;
    fs::path standard_;
    fs::path shared_;
    fs::path sdk_;
};

}  // namespace

bool wants_rust_interfaces(const ProgramSpec& program) {
    return !program.schemas.empty() &&
           std::ranges::any_of(program.sources, [](const std::string& source) { return source.ends_with(".rs"); });
}

Result<RustInterfaces>
make_rust_interfaces(const Workspace& workspace, const ProgramSpec& program, const fs::path& folder) {
    return Maker(workspace, program, folder).make();
}

}  // namespace tessera::tool
