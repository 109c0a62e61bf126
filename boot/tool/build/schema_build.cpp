#include "boot/tool/build/schema_build.h"

#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/build/program_build.h"

#include <cstdint>
#include <fmt/format.h>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIdAt = 4;  // in a flat description (docs/notes/schema.md)
constexpr std::size_t kIdBytes = 8;

// Empty if that is no description.
std::string id_in(const std::string& description) {
    if (description.size() < kIdAt + kIdBytes) {
        return "";
    }
    std::uint64_t id = 0;
    for (std::size_t i = kIdBytes; i > 0; --i) {
        id = id << 8U | static_cast<unsigned char>(description[kIdAt + i - 1]);
    }
    return fmt::format("{:016x}", id);
}

// STEM.NAME.tif
Result<std::string> find_interface(const fs::path& folder, const std::string& name) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (!entry.path().filename().string().ends_with("." + name + ".tif")) {
            continue;
        }
        const auto text = read_file(entry.path());
        return text ? id_in(*text) : std::string();
    }
    return std::string();
}

}  // namespace

fs::path schema_folder(const fs::path& folder) { return folder / "schema"; }

bool is_standard_schema(const std::string& name) { return name.starts_with("/tessera/"); }

Result<void> make_schema_headers(const Workspace& workspace,
                                 const Manifest& manifest,
                                 const ProgramSpec& program,
                                 const fs::path& folder) {
    const fs::path into = schema_folder(folder);
    const fs::path plugin = workspace.build / "caps/schemac/capnpc-tessera";
    std::error_code failure;
    for (const std::string& name : program.schemas) {
        if (is_standard_schema(name)) {
            if (!fs::exists(workspace.schemas() / name.substr(1), failure)) {
                return fail(Blame::Caller,
                            fmt::format("program {}: there is no standard schema {}", program.name, name));
            }
            continue;
        }
        const fs::path schema = manifest.folder / name;
        if (!fs::is_regular_file(schema, failure)) {
            return fail(Blame::Caller, fmt::format("program {}: there is no schema {}", program.name, schema.string()));
        }
        const fs::path header = into / (schema.stem().string() + ".tessera.h");
        if (is_current(header, {schema, plugin})) {
            continue;
        }
        const Step step(fmt::format("making headers of {}", name));
        TRY_VOID(make_folder(into));
        const std::vector<std::string> argv{"capnp",
                                            "compile",
                                            "-I",
                                            workspace.schemas().string(),
                                            "--src-prefix=" + schema.parent_path().string(),
                                            "-o" + plugin.string() + ":" + into.string(),
                                            schema.string()};
        TRY_TO(const Ended ended, run_command({.argv = argv, .capture = Capture::Both}));
        if (ended.status != 0) {
            return fail(Blame::Program,
                        fmt::format("program {}: the schema {} is refused:\n{}", program.name, name, ended.output));
        }
    }
    return {};
}

Result<std::string> interface_id(const Workspace& workspace, const fs::path& folder, const std::string& name) {
    for (const fs::path& where : {schema_folder(folder), workspace.build / "caps/schema"}) {
        TRY_TO(auto id, find_interface(where, name));
        if (!id.empty()) {
            return id;
        }
    }
    return fail(
        Blame::Caller,
        fmt::format("no interface is called {}, neither in the schemas of the program that is granted an object "
                    "of it (\"schemas\" in tessera.toml) nor in the standard ones",
                    name));
}

std::string interface_name(const Workspace& workspace, const fs::path& app, const std::string& id) {
    std::vector<fs::path> folders{workspace.build / "caps/schema"};
    std::error_code ignored;
    for (const auto& program : fs::directory_iterator(app, ignored)) {
        folders.push_back(schema_folder(program.path()));
    }
    for (const fs::path& folder : folders) {
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            const fs::path& file = entry.path();
            if (file.extension() != ".tif") {
                continue;
            }
            if (const auto text = read_file(file); text && id_in(*text) == id) {
                return file.stem().extension().string().substr(1);
            }
        }
    }
    return "";
}

}  // namespace tessera::tool
