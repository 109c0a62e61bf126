// The command line of `tessera cc`, read.
#pragma once

#include "safeir/lower/base/diagnostics.h"
#include "safeir/lower/unit/optimise.h"

#include <string>
#include <vector>

namespace tessera::lower {

enum class Action : unsigned char { Link, Compile, Assembly, Preprocess, CheckSyntax, AskClang };

struct Input {
    enum class Kind : unsigned char { Source, Bitcode, Archive, Library };  // Library: the name after -l
    Kind kind;
    std::string path;
    std::vector<std::string> language;  // the -x that was in force, as arguments
};

struct CcOptions {
    Action action = Action::Link;
    std::vector<Input> inputs;
    std::string output;                        // empty: the usual default
    std::vector<std::string> front_end;        // what clang is given as it is
    std::vector<std::string> library_folders;  // -L
    std::vector<std::string> exports;          // -Wl,--export=
    std::vector<std::string> crates;           // --tessera-crate=NAME=FILE: that a Rust program may name
    OptimiseOptions optimise;
    bool plus_plus = false;                // called as c++, or a C++ input
    bool standard_libraries = true;        // not -nostdlib, -nodefaultlibs
    bool start_files = true;               // not -nostartfiles, --no-entry
    bool keeps_wasi = false;               // --tessera-keep-wasi: as imports, for hosts of tests that have them
    bool wide = false;                     // --tessera-wide: 64-bit pointers, as Rust's; for C that goes with it
    bool building_libc = false;            // no emulation macros: our own build of the C library
    bool writes_dependencies = false;      // -MD or -MMD
    bool names_dependency_file = false;    // -MF
    bool names_dependency_target = false;  // -MT or -MQ
    std::uint32_t stack_bytes = 1U << 20;
    std::uint64_t memory_max_bytes = std::uint64_t{4} << 30;
    std::string lowered_output;  // --tessera-emit-lowered=FILE: the module before encoding, for tests
};

enum class Called : bool { Cc, CPlusPlus };

// A make rule as the options ask for it, of what clang does not compile: where it goes, and what it is of.
struct DependencyRule {
    std::string file;
    std::string target;
};
// `object` is what the user will call the result. The options that ask for it are taken out of `options`.
[[nodiscard]] DependencyRule take_dependency_rule(CcOptions& options, const std::string& object);

// Reads a command line; what makes no sense goes to `diagnostics`.
CcOptions parse_options(std::vector<std::string> arguments, Called called, Diagnostics& diagnostics);

}  // namespace tessera::lower
