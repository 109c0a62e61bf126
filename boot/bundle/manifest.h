// What a bundle's manifest says: the programs and what each is handed.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera::bundle {

enum class GrantKind : std::uint8_t { Console, Clock, Random, Directory, Object, Loader, Cores };

// One capability that a program is handed at its start, in the manifest's order.
struct Grant {
    GrantKind kind = GrantKind::Console;
    std::string guest_path;  // Directory: the pre-opened name, such as "/data"; Object: the program that implements it
    std::string prefix;  // Directory: where its files are in the bundle, such as "dirs/0"; Object: the interface's id
    std::string name{};  // Object: by which the program knows it; may be empty
    std::vector<std::string> interposed{};  // programs of which an object stands before it, the nearest to it first
};

// Beside memory and the time on the clock.
struct Limits {
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    std::uint64_t slots = kNone;
    std::uint64_t objects = kNone;
    std::uint64_t fibers = kNone;
    std::uint64_t microseconds = kNone;  // of processors
};

struct Program {
    std::string name;
    std::string file;                 // the .sir in the bundle
    std::vector<std::string> caches;  // code generated at build time, any number; the best that fits is taken
    std::vector<std::string> args;    // argv[1..]; argv[0] is the name
    std::vector<std::pair<std::string, std::string>> env;
    std::vector<Grant> grants;
    std::uint64_t memory_bytes = std::uint64_t{1} << 30U;
    std::uint64_t timeout_ms = 0;  // 0: none
    Limits limits;
    std::string entry;  // export to enter; empty: `tessera_main` if there is one, else `_start`
};

struct Manifest {
    std::vector<Program> programs;
};

inline constexpr std::size_t kProgramsMax = 4096;

// The text form: one `key value` a line, a program's keys after its `program NAME` line; %XX escapes in values.
[[nodiscard]] std::string write_manifest(const Manifest& manifest);
// Untrusted text; the error names the line.
[[nodiscard]] Result<Manifest> read_manifest(std::string_view text);

}  // namespace tessera::bundle
