#include "safeir/lower/driver/front_end.h"

#include "safeir/lower/base/places.h"
#include "safeir/lower/driver/driver.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tessera::lower {

namespace {

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

std::string level_option(Effort effort) {
    switch (effort) {
    case Effort::None:
        return "-O0";
    case Effort::Less:
        return "-O1";
    case Effort::Default:
        return "-O2";
    case Effort::More:
        return "-O3";
    case Effort::Size:
        return "-Os";
    case Effort::MinSize:
        return "-Oz";
    }
    return "-O0";
}

std::vector<std::string> clang_command(const CcOptions& options, bool plus_plus) {
    // -disable-O0-optnone: a function marked so would be skipped by the passes that safe IR can't do without.
    std::vector<std::string> command = {"clang-22",
                                        options.wide ? "--target=wasm64-wasip1" : "--target=wasm32-wasip1",
                                        "-mreference-types",
                                        "-mbulk-memory",
                                        "-nostdlibinc",
                                        "-Xclang",
                                        "-disable-O0-optnone",
                                        "-fno-math-errno",
                                        "-ffp-contract=off"};
    if (plus_plus) {
        // The front end's way to compile exceptions for a machine that unwinds; what becomes of it: exceptions.cpp.
        append(command,
               {"-nostdinc++", "-std=gnu++20", "-fexceptions", "-isystem", sysroot_directory() + "/include/c++/v1"});
    }
    command.push_back(level_option(options.optimise.effort));
    if (!plus_plus) {
        // What C compilers took for decades, and much C still needs, stays a warning.
        for (const char* habit : {"implicit-function-declaration",
                                  "implicit-int",
                                  "int-conversion",
                                  "incompatible-pointer-types",
                                  "incompatible-function-pointer-types",
                                  "return-mismatch",
                                  "return-type"}) {
            command.push_back(std::string("-Wno-error=") + habit);
        }
    }
    append(command, options.front_end);
    const std::string sysroot = sysroot_directory();
    append(command,
           {"-idirafter",
            sdk_directory() + "/include",
            "-idirafter",
            sysroot + "/include",
            "-idirafter",
            sdk_directory(),
            "-idirafter",
            schema_directory()});
    if (!options.building_libc) {
        append(command,
               {"-D_WASI_EMULATED_SIGNAL",
                "-D_WASI_EMULATED_PROCESS_CLOCKS",
                "-D_WASI_EMULATED_GETPID",
                "-D_WASI_EMULATED_MMAN",
                "-D__tessera__=1"});
    }
    return command;
}

// Whether the user asked for debug information (the last -g option counts, as with clang).
bool wants_debug_information(const CcOptions& options) {
    bool wanted = false;
    for (const std::string& option : options.front_end) {
        if (option.starts_with("-g")) {
            wanted = option != "-g0";
        }
    }
    return wanted;
}

bool is_plus_plus(const Input& source) {
    if (!source.language.empty()) {
        return source.language.back().starts_with("c++");
    }
    for (const char* end : {".cc", ".cpp", ".cxx", ".C", ".c++"}) {
        if (source.path.ends_with(end)) {
            return true;
        }
    }
    return false;
}

}  // namespace

int run_program(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const std::string& word : command) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    pid_t child = 0;
    if (posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0) {
        return 127;
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_front_end(const CcOptions& options,
                  const Input& source,
                  const std::string& bitcode_path,
                  const std::string& object) {
    std::vector<std::string> command = clang_command(options, is_plus_plus(source));
    append(command, {"-Xclang", "-disable-llvm-passes", "-emit-llvm", "-c", "-o", bitcode_path});
    if (!wants_debug_information(options) && !options.building_libc) {
        // What can't be lowered is named with its line; the program itself is written without lines (see places.h).
        append(command, {"-gline-tables-only", "-Xclang", "-dwarf-debug-flags", "-Xclang", kPlacesOnly});
    }
    if (options.writes_dependencies) {
        if (!options.names_dependency_file) {
            const std::size_t dot = object.rfind('.');
            const bool has_end = dot != std::string::npos && object.find('/', dot) == std::string::npos;
            append(command, {"-MF", (has_end ? object.substr(0, dot) : object) + ".d"});
        }
        if (!options.names_dependency_target) {
            append(command, {"-MT", object});
        }
    }
    append(command, source.language);
    command.push_back(source.path);
    return run_program(command);
}

void name_assembly(const CcOptions& options, const Input& source) {
    std::vector<std::string> command = clang_command(options, is_plus_plus(source));
    append(command, {"-w", "-fsyntax-only", "-fno-gnu-inline-asm"});
    append(command, source.language);
    command.push_back(source.path);
    run_program(command);
}

int run_clang_as_it_is(const CcOptions& options) {
    std::vector<std::string> command = clang_command(options, options.plus_plus);
    if (options.action == Action::CheckSyntax) {
        command.push_back("-fsyntax-only");
    } else if (options.action == Action::Preprocess) {
        command.push_back("-E");
    }
    if (!options.output.empty()) {
        append(command, {"-o", options.output});
    }
    for (const Input& input : options.inputs) {
        if (input.kind != Input::Kind::Library) {
            append(command, input.language);
            command.push_back(input.path);
        }
    }
    return run_program(command);
}

}  // namespace tessera::lower
