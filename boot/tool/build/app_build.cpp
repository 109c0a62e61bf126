#include "boot/tool/build/app_build.h"

#include "boot/bundle/writer.h"
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/build/program_build.h"
#include "boot/tool/build/schema_build.h"
#include "safeir/spec/method_name.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

// The processors that images are made ready for: every x86-64, those since about 2013 (AVX2, BMI, FMA), and with
// AVX-512 for programs that gain by it.
constexpr const char* kProcessors[] = {"x86-64", "x86-64-v3", "x86-64-v4"};

Result<std::vector<std::byte>> read_bytes(const fs::path& file) {
    TRY_TO(const std::string text, read_file(file));
    std::vector<std::byte> bytes(text.size());
    if (!text.empty()) {
        std::memcpy(bytes.data(), text.data(), text.size());
    }
    return bytes;
}

// Machine code for one program and processor, made by a process of its own: code generation may fail in any way.
Result<fs::path> generate(const Workspace& workspace,
                          const ProgramSpec& program,
                          const fs::path& sir,
                          const fs::path& folder,
                          const std::string& processor) {
    const fs::path code = folder / fmt::format("{}.{}.code", program.name, processor);
    if (is_current(code, {sir, workspace.generator()})) {
        return code;
    }
    const Step step(fmt::format("generating code of {} for {}", program.name, processor));
    TRY_TO(const Ended ended,
           run_command({.argv = {workspace.generator().string(), sir.string(), processor, code.string()},
                        .capture = Capture::Both}));
    if (ended.status != 0) {
        return fail(Blame::Program,
                    fmt::format("program {}: {}",
                                program.name,
                                ended.output.empty() ? fmt::format("code generation failed (status {})", ended.status)
                                                     : ended.output));
    }
    return code;
}

Result<std::vector<std::vector<std::byte>>> generate_all(const Workspace& workspace,
                                                         const ProgramSpec& program,
                                                         const fs::path& sir,
                                                         const fs::path& folder,
                                                         CodeCache cache) {
    std::vector<std::vector<std::byte>> codes;
    for (const char* processor : kProcessors) {
        if (cache != CodeCache::Generate) {
            break;
        }
        TRY_TO(const fs::path code, generate(workspace, program, sir, folder, processor));
        TRY_TO(std::vector<std::byte> bytes, read_bytes(code));
        if (!bytes.empty()) {
            codes.push_back(std::move(bytes));
        }
    }
    return codes;
}

Result<void> add_directory(bundle::Writer& writer, const fs::path& host, const std::string& prefix) {
    std::error_code failure;
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator at(host, failure), end; !failure && at != end; at.increment(failure)) {
        if (at->is_regular_file(failure)) {
            files.push_back(at->path());
        }
    }
    if (failure) {
        return fail(Blame::Caller, fmt::format("cannot read the folder {}: {}", host.string(), failure.message()));
    }
    for (const fs::path& file : files) {
        TRY_TO(std::vector<std::byte> bytes, read_bytes(file));
        writer.add_file(prefix + "/" + file.lexically_relative(host).generic_string(), std::move(bytes));
    }
    return {};
}

bundle::Program describe(const ProgramSpec& spec, std::size_t& directories) {
    bundle::Program program;
    program.name = spec.name;
    program.args = spec.args;
    program.env = spec.env;
    program.memory_bytes = spec.memory_bytes_max;
    program.timeout_ms = spec.timeout ? static_cast<std::uint64_t>(spec.timeout->count()) : 0;
    program.limits = spec.limits;
    program.entry = spec.entry;
    for (const Grant& grant : spec.grants) {
        switch (grant.kind) {
        case Grant::Kind::Console:
            program.grants.push_back({bundle::GrantKind::Console, "", ""});
            break;
        case Grant::Kind::Clock:
            program.grants.push_back({bundle::GrantKind::Clock, "", ""});
            break;
        case Grant::Kind::Random:
            program.grants.push_back({bundle::GrantKind::Random, "", ""});
            break;
        case Grant::Kind::Loader:
            program.grants.push_back({bundle::GrantKind::Loader, "", ""});
            break;
        case Grant::Kind::Cores:
            program.grants.push_back({bundle::GrantKind::Cores, "", ""});
            break;
        case Grant::Kind::Directory:
        case Grant::Kind::Modules:
            program.grants.push_back(
                {bundle::GrantKind::Directory, grant.guest_path, fmt::format("dirs/{}", directories++)});
            break;
        case Grant::Kind::Object:
            program.grants.push_back({bundle::GrantKind::Object, grant.server, grant.interface, grant.guest_path});
            break;
        }
        program.grants.back().interposed = grant.interposed;
    }
    return program;
}

}  // namespace

fs::path app_folder(const Workspace& workspace, const Manifest& manifest) {
    // Two applications of one name in different places do not share products.
    return workspace.apps() / fmt::format("{}-{:08x}",
                                          manifest.products,
                                          std::hash<std::string>{}(manifest.folder.string()) & 0xffffffffU);
}

Result<BuiltApp> build_app(const Workspace& workspace, const Manifest& manifest, CodeCache cache) {
    const fs::path folder_of_all = app_folder(workspace, manifest);
    BuiltApp built{.folder = folder_of_all, .bundle = folder_of_all / (manifest.name + ".bundle"), .programs = {}};
    TRY_TO(const FolderLock lock, FolderLock::take(built.folder));
    bundle::Writer writer;
    std::map<std::string, fs::path> modules;
    for (const ProgramSpec& spec : manifest.modules) {
        const fs::path folder = built.folder / spec.name;
        TRY_TO(modules[spec.name], build_program(workspace, manifest, spec, folder));
        TRY_TO(auto codes, generate_all(workspace, spec, modules[spec.name], folder, cache));
        TRY_TO(std::vector<std::byte> bytes, read_bytes(modules[spec.name]));
        writer.add_module(spec.name + ".sir", std::move(bytes), std::move(codes));
    }
    std::size_t directories = 0;
    for (const ProgramSpec& spec : manifest.programs) {
        const fs::path folder = built.folder / spec.name;
        TRY_TO(const fs::path sir, build_program(workspace, manifest, spec, folder));
        TRY_TO(std::vector<std::byte> sir_bytes, read_bytes(sir));
        TRY_TO(auto codes, generate_all(workspace, spec, sir, folder, cache));
        bundle::Program program = describe(spec, directories);
        std::size_t index = 0;
        for (const Grant& grant : spec.grants) {
            if (grant.kind == Grant::Kind::Directory) {
                const fs::path host = grant.is_built ? recipe_folder(folder) / grant.host_path : grant.host_path;
                TRY_VOID(add_directory(writer, host, program.grants[index].prefix));
            }
            for (const std::string& module : grant.modules) {
                TRY_TO(std::vector<std::byte> bytes, read_bytes(modules[module]));
                writer.add_file(fmt::format("{}/{}.sir", program.grants[index].prefix, module), std::move(bytes));
            }
            if (grant.kind == Grant::Kind::Object && !safeir::is_interface_id(grant.interface)) {
                TRY_TO(program.grants[index].prefix, interface_id(workspace, folder, grant.interface));
            }
            ++index;
        }
        writer.add_program(std::move(program), std::move(sir_bytes), std::move(codes));
        built.programs.push_back(sir);
    }
    TRY_TO(const std::vector<std::byte> bytes, writer.finish());
    TRY_VOID(write_file(built.bundle, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    return built;
}

Manifest manifest_of_file(const fs::path& file) {
    std::error_code ignored;
    const fs::path full = fs::weakly_canonical(file, ignored);
    Manifest manifest;
    manifest.folder = full.parent_path();
    ProgramSpec program;
    program.name = full.stem().string();
    std::ranges::replace_if(
        program.name,
        [](unsigned char letter) { return std::isalnum(letter) == 0 && letter != '-' && letter != '_'; },
        '_');
    manifest.name = manifest.products = program.name;
    (full.extension() == ".sir" ? program.file : program.sources.emplace_back()) = full.string();
    program.grants = {{Grant::Kind::Console}, {Grant::Kind::Clock}, {Grant::Kind::Random}, {Grant::Kind::Cores}};
    manifest.programs.push_back(std::move(program));
    return manifest;
}

}  // namespace tessera::tool
