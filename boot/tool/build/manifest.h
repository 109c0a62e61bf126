// tessera.toml: what goes into an image. The format is docs/manifest.md.
#pragma once

#include "boot/bundle/manifest.h"
#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera::tool {

// A capability that the program is handed.
struct Grant {
    enum class Kind : std::uint8_t { Console, Clock, Random, Loader, Cores, Directory, Object, Modules };
    Kind kind = Kind::Console;
    std::string guest_path{};               // directories, modules: where the program finds it; objects: if it is said
    std::filesystem::path host_path{};      // directories: what is taken into the image
    bool is_built = false;                  // directories: host_path is below the folder where `build` runs
    std::string server{};                   // objects: the program that implements it
    std::string interface{};                // objects: the interface's id, 16 hexadecimal digits, or its name
    std::vector<std::string> modules{};     // modules: their names
    std::string text{};                     // as written
    std::vector<std::string> interposed{};  // programs of which an object stands before it, the nearest to it first
};

struct ProgramSpec {
    std::string name;
    std::vector<std::string> sources;  // as written, with variables put in
    std::vector<std::string> exclude;
    std::vector<std::string> cflags;
    std::vector<std::string> schemas;  // relative to the folder
    std::string file;                  // a finished .sir, or what `build` makes
    std::string package;               // Debian source package
    std::vector<std::string> build;    // shell commands
    std::vector<std::string> args;
    std::vector<std::pair<std::string, std::string>> env;
    std::vector<Grant> grants;
    std::uint64_t memory_bytes_max = 1ULL << 30U;
    std::optional<std::chrono::milliseconds> timeout;
    bundle::Limits limits;
    std::string entry;  // export to enter; empty: the usual one
};

// A run of the whole image, and how it has to end: `tessera test FOLDER`.
struct AppTest {
    std::string name{};
    std::optional<std::vector<std::string>> args{};  // of the first program; its own if there are none here
    std::optional<std::string> output{};             // of all programs together, whole; none: not looked at
    int status = 0;                                  // the first program's
    std::chrono::milliseconds timeout{60000};
};

struct Manifest {
    std::filesystem::path folder;
    std::string name;
    std::string
        products{};  // of which its programs are built in the same place: the name of what it includes, or its own
    std::string flavour = "open";
    std::optional<std::uint64_t> memory_bytes;  // of the virtual machine
    std::optional<unsigned> cpus;
    std::vector<ProgramSpec> programs;
    std::vector<ProgramSpec> modules{};  // built, but not started: what they are made of alone is filled in
    std::vector<AppTest> tests{};
};

// What the variables in a manifest stand for.
struct ManifestPlaces {
    std::filesystem::path entry;     // ${tessera}
    std::filesystem::path packages;  // ${package} is a folder in here
};

// Reads `text` as the manifest of `folder`. `shown_as` is the file's name in messages. Blames the caller, in the form
// `file:line: key: expected ..., found ...`.
[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text,
                                              std::string_view shown_as,
                                              const std::filesystem::path& folder,
                                              const ManifestPlaces& places);

// Reads a manifest, or the tessera.toml of a folder.
[[nodiscard]] Result<Manifest> load_manifest(const std::filesystem::path& place, const ManifestPlaces& places);
// By its name.
[[nodiscard]] bool is_manifest(const std::filesystem::path& file);

}  // namespace tessera::tool
