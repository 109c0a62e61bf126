#include "safeir/lower/driver/driver.h"

#include "safeir/lower/driver/front_end.h"
#include "safeir/lower/driver/options.h"
#include "safeir/lower/driver/output.h"
#include "safeir/lower/driver/rust_driver.h"
#include "safeir/lower/driver/wasm_front_end.h"
#include "safeir/lower/program/linker.h"
#include "safeir/lower/program/program.h"
#include "safeir/lower/unit/unit.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tessera::lower {

namespace {

constexpr std::size_t kActivityBytes = 4096;
char* activity = nullptr;  // shared with the parent, which says it when this process dies

void note_activity(const char* what) {
    if (activity != nullptr) {
        std::snprintf(activity, kActivityBytes, "%s", what);
    }
}

// A temporary file that is gone with this object.
class TemporaryFile {
  public:
    TemporaryFile() {
        const char* folder = std::getenv("TMPDIR");
        path_ = std::string(folder != nullptr ? folder : "/tmp") + "/tessera-cc-XXXXXX.bc";
        const int file = mkstemps(path_.data(), 3);
        if (file >= 0) {
            close(file);
        }
    }
    ~TemporaryFile() { unlink(path_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

std::string default_object(const std::string& source, const char* end) {
    const std::string name = std::filesystem::path(source).stem().string();
    return (name.empty() ? "a" : name) + end;
}

class Driver {
  public:
    explicit Driver(CcOptions options, Diagnostics& diagnostics)
        : options_(std::move(options)), diagnostics_(diagnostics) {
        const auto any = [this](bool (*is)(const std::string&)) {
            return std::ranges::any_of(options_.inputs, [is](const Input& input) { return is(input.path); });
        };
        // What is in a WebAssembly module was optimised once: without -O it is still no debug build.
        if (any(is_wasm) && options_.optimise.effort == Effort::None) {
            options_.optimise.effort = Effort::Default;
        }
        // std comes with its own line numbers, which only -g asks for.
        options_.optimise.strip_debug |= any(is_rust) && !std::ranges::any_of(options_.front_end, [](const auto& word) {
                                             return word.starts_with("-g") && word != "-g0";
                                         });
    }

    int run() {
        if (options_.plus_plus && options_.standard_libraries && !options_.building_libc && !have_plus_plus_library()) {
            return 1;
        }
        switch (options_.action) {
        case Action::AskClang:
        case Action::Preprocess:
        case Action::CheckSyntax:
            return run_clang_as_it_is(options_);
        case Action::Compile:
        case Action::Assembly:
            return compile_all();
        case Action::Link:
            return link();
        }
        return 1;
    }

  private:
    // The C++ library is made when a program first needs it.
    bool have_plus_plus_library() {
        if (options_.action == Action::AskClang || std::filesystem::exists(sysroot_directory() + "/cxx.stamp")) {
            return true;
        }
        std::error_code failure;
        const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failure);
        const std::string compiler = self.string() + (self.filename() == "tessera-cc" ? "" : " cc");
        if (run_program({sdk_directory() + "/build-cxx", sysroot_directory(), compiler}) != 0) {
            diagnostics_.error("there is no C++ library in " + sysroot_directory());
            return false;
        }
        return true;
    }

    int run_front_end_for(const Input& source, const std::string& bitcode, const std::string& object) {
        if (is_rust(source.path)) {
            return compile_rust(options_, source.path, bitcode, object);
        }
        if (is_wasm(source.path)) {
            return compile_wasm(options_, source.path, bitcode, object);
        }
        return run_front_end(options_, source, bitcode, object);
    }

    // Compiles `source` into `object` (bitcode, or assembly for -S).
    int compile(const Input& source, const std::string& object, const std::string& dependency_name) {
        const TemporaryFile raw;
        note_activity(source.path.c_str());
        const bool is_bitcode = source.kind == Input::Kind::Bitcode;
        const int status = is_bitcode ? 0 : run_front_end_for(source, raw.path(), dependency_name);
        if (status != 0) {
            if (status == 127 && !is_rust(source.path) && !is_wasm(source.path)) {
                diagnostics_.error("clang-22 isn't installed: apt-get install clang-22");
            }
            return status;
        }
        llvm::LLVMContext context;
        auto module = read_module(is_bitcode ? source.path : raw.path(), context, diagnostics_);
        if (module != nullptr && !module->getModuleInlineAsm().empty()) {
            name_assembly(options_, source);
        }
        if (module == nullptr || !prepare_unit(*module, options_.optimise, diagnostics_)) {
            return 1;
        }
        const bool written = options_.action == Action::Assembly ? write_assembly(*module, object, diagnostics_)
                                                                 : write_bitcode(*module, object, diagnostics_);
        return written ? 0 : 1;
    }

    // Bitcode of another compiler's, or assembly: what a clang would take with -c. An object of ours is done already.
    static bool is_compiled(const Input& input) {
        const llvm::StringRef path = input.path;
        return input.kind == Input::Kind::Source ||
               (input.kind == Input::Kind::Bitcode && (path.ends_with(".ll") || path.ends_with(".bc")));
    }

    int compile_all() {
        unsigned sources = 0;
        for (const Input& input : options_.inputs) {
            sources += is_compiled(input) ? 1 : 0;
        }
        if (sources == 0) {
            diagnostics_.error("no source files to compile");
            return 1;
        }
        if (sources > 1 && !options_.output.empty()) {
            diagnostics_.error("-o with several source files and no link");
            return 1;
        }
        for (const Input& input : options_.inputs) {
            if (!is_compiled(input)) {
                continue;
            }
            const char* end = options_.action == Action::Assembly ? ".s" : ".o";
            const std::string object = options_.output.empty() ? default_object(input.path, end) : options_.output;
            if (const int status = compile(input, object, object); status != 0) {
                return status;
            }
        }
        return 0;
    }

    std::string find_library(const std::string& name) {
        std::vector<std::string> folders = options_.library_folders;
        folders.push_back(sysroot_directory() + "/lib");
        for (const std::string& folder : folders) {
            const std::string path = folder + "/lib" + name + ".a";
            if (std::filesystem::exists(path)) {
                return path;
            }
        }
        diagnostics_.error("library -l" + name + " not found (looked for lib" + name +
                           ".a; shared libraries can't be used)");
        return "";
    }

    int link() {
        if (options_.inputs.empty()) {
            diagnostics_.error("no input files");
            return 1;
        }
        std::vector<std::unique_ptr<TemporaryFile>> temporary;
        LinkInputs inputs;
        for (const Input& input : options_.inputs) {
            switch (input.kind) {
            case Input::Kind::Source:
                temporary.push_back(std::make_unique<TemporaryFile>());
                if (const int status = compile(input, temporary.back()->path(), default_object(input.path, ".o"));
                    status != 0) {
                    return status;
                }
                inputs.objects.push_back(temporary.back()->path());
                break;
            case Input::Kind::Bitcode:
                inputs.objects.push_back(input.path);
                break;
            case Input::Kind::Archive:
                inputs.archives.push_back(input.path);
                break;
            case Input::Kind::Library:
                inputs.archives.push_back(find_library(input.path));
                break;
            }
        }
        if (options_.standard_libraries) {
            inputs.long_double_archive = sysroot_directory() + "/lib/libc-printscan-long-double.a";
            if (std::filesystem::exists(sysroot_directory() + "/cxx.stamp")) {
                inputs.libraries.push_back(sysroot_directory() + "/lib/libc++.a");
            }
            for (const char* name : {"c-tessera",
                                     "c",
                                     "wasi-emulated-signal",
                                     "wasi-emulated-process-clocks",
                                     "wasi-emulated-getpid",
                                     "wasi-emulated-mman"}) {
                inputs.libraries.push_back(sysroot_directory() + "/lib/lib" + name + ".a");
            }
            for (const char* name : {"c-tessera", "c"}) {
                inputs.wide_libraries.push_back(sysroot_directory() + "/lib64/lib" + name + ".a");
            }
            if (!std::filesystem::exists(sysroot_directory() + "/lib/libc.a")) {
                diagnostics_.error("the C library isn't built: run ./tessera once, or apps/sdk/build-sysroot " +
                                   sysroot_directory());
            }
        }
        return diagnostics_.failed() ? 1 : finish(inputs);
    }

    // What is called .sir is for tessera alone; the rest is to be run where it lies, as compilers' output is.
    static std::string launcher_for(const std::string& output) {
        std::error_code failure;
        const auto self = std::filesystem::read_symlink("/proc/self/exe", failure);
        const auto launcher = self.parent_path() / "tessera-launcher";
        const bool is_wanted = !output.ends_with(".sir") && std::filesystem::exists(launcher, failure);
        return is_wanted ? launcher.string() : "";
    }

    int finish(LinkInputs& inputs) {
        llvm::LLVMContext context;
        inputs.wanted = options_.exports;
        inputs.keeps_wasi = options_.keeps_wasi;
        if (options_.start_files) {
            inputs.start = "__tessera_start";
        }
        auto linked = link_modules(inputs, context, options_.optimise, note_activity, diagnostics_);
        if (linked == nullptr) {
            return 1;
        }
        note_activity("the linked program");
        auto program = lower_program(
            std::move(linked), {options_.exports, options_.stack_bytes, options_.memory_max_bytes}, diagnostics_);
        if (!program) {
            return 1;
        }
        const std::string output = options_.output.empty() ? "a.out" : options_.output;
        if (!options_.lowered_output.empty() && !write_for_test(*program, options_.lowered_output, diagnostics_)) {
            return 1;
        }
        return write_program(*program, output, launcher_for(output), diagnostics_) ? 0 : 1;
    }

    CcOptions options_;
    Diagnostics& diagnostics_;
};

int run_here(int argc, char** argv) {
    Diagnostics diagnostics;
    const Called called = argc > 0 && std::strcmp(argv[0], "c++") == 0 ? Called::CPlusPlus : Called::Cc;
    CcOptions options = parse_options(std::vector<std::string>(argv + 1, argv + argc), called, diagnostics);
    int status = 1;
    if (!diagnostics.failed()) {
        status = Driver(std::move(options), diagnostics).run();
    }
    for (const std::string& line : diagnostics.lines()) {
        std::fprintf(stderr,
                     "%s%s\n",
                     line.starts_with("error") || line.starts_with("warning") ? "tessera cc: " : "",
                     line.c_str());
    }
    return status == 0 && diagnostics.failed() ? 1 : status;
}

std::string from_environment(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

}  // namespace

std::string sdk_directory() { return from_environment("TESSERA_SDK", TESSERA_SOURCE_ROOT "/apps/sdk"); }
std::string schema_directory() {
    return from_environment("TESSERA_BUILD", TESSERA_SOURCE_ROOT "/build") + "/caps/schema/include";
}
std::string sysroot_directory() { return from_environment("TESSERA_SYSROOT", TESSERA_SOURCE_ROOT "/build/sysroot"); }

// LLVM's readers crash on damaged input, and bitcode may come from anywhere: all work is done in a child.
int cc_main(int argc, char** argv) {
    void* shared = mmap(nullptr, kActivityBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    activity = shared == MAP_FAILED ? nullptr : static_cast<char*>(shared);
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        const int status = run_here(argc, argv);
        std::fflush(nullptr);
        _exit(status);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (child > 0 && WIFEXITED(status)) {
        return WEXITSTATUS(status);
    }
    const char* what = activity != nullptr && *activity != '\0' ? activity : "the input";
    std::fprintf(stderr,
                 "tessera cc: error: %s is damaged, or too much for the compiler: LLVM crashed on it (%s)\n",
                 what,
                 child > 0 ? strsignal(WTERMSIG(status)) : "could not start");
    return 1;
}

int ar_main(int argc, char** argv) {
    std::vector<char*> arguments(argv, argv + argc);
    arguments.push_back(nullptr);
    std::string name = "llvm-ar-22";
    arguments[0] = name.data();
    execvp(arguments[0], arguments.data());
    std::fprintf(stderr, "tessera ar: llvm-ar-22 isn't installed: apt-get install llvm-22\n");
    return 127;
}

}  // namespace tessera::lower
