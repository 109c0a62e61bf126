#include "safeir/lower/driver/wasm_front_end.h"

#include "safeir/lower/driver/driver.h"
#include "safeir/lower/driver/front_end.h"
#include "safeir/lower/driver/temporary_folder.h"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string_view>

namespace tessera::lower {

namespace {

constexpr const char* kWasi = "wasi_snapshot_preview1";

int fail(const std::string& source, const std::string& text) {
    std::fprintf(stderr, "tessera cc: error: %s: %s\n", source.c_str(), text.c_str());
    return 1;
}

// wabt's tools say themselves what is wrong with a module.
int run_wabt(const std::vector<std::string>& command) {
    const int status = run_program(command);
    if (status == 127) {
        std::fprintf(stderr, "tessera cc: error: %s isn't installed: apt-get install wabt\n", command[0].c_str());
    }
    return status;
}

std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// What a module imports from elsewhere than WASI, as wasm2c's header names it ("'module' 'name'"); empty if nothing.
std::string foreign_import(std::string_view header) {
    constexpr std::string_view kMark = "/* import: '";
    for (std::size_t at = header.find(kMark); at != std::string_view::npos; at = header.find(kMark, at + 1)) {
        const std::size_t name = at + kMark.size();
        const std::size_t end = header.find("*/", name);
        if (!header.substr(name).starts_with(std::string(kWasi) + "'")) {
            return std::string("'") + std::string(header.substr(name, std::min(end, header.size()) - name));
        }
    }
    return "";
}

// The generated C reads each loaded value in an empty assembly statement, to keep loads that nobody uses. The bounds
// check before them is what may trap, and stays anyway.
void drop_barriers(std::string& text) {
    constexpr std::string_view kBarrier = "#define wasm_asm __asm__";
    if (const std::size_t at = text.find(kBarrier); at != std::string::npos) {
        text.replace(at, kBarrier.size(), "#define wasm_asm(...)");
    }
}

}  // namespace

bool is_wasm(const std::string& path) { return path.ends_with(".wasm") || path.ends_with(".wat"); }

int compile_wasm(const CcOptions& options,
                 const std::string& source,
                 const std::string& bitcode,
                 const std::string& object) {
    const TemporaryFolder work;
    std::string module = source;
    if (source.ends_with(".wat")) {
        module = work.file("program.wasm");
        if (const int status = run_wabt({"wat2wasm", source, "-o", module}); status != 0) {
            return status;
        }
    }
    const std::string generated = work.file("program.c");
    if (const int status = run_wabt({"wasm2c", module, "-n", "program", "-o", generated}); status != 0) {
        return status == 127 ? status
                             : fail(source,
                                    "wasm2c can't translate this module (Debian's knows no SIMD, exceptions, threads "
                                    "or several memories)");
    }
    std::string text = read_text(generated);
    const std::string header = read_text(work.file("program.h"));
    if (text.empty() || header.empty()) {
        return fail(source, "wasm2c made nothing of it");
    }
    if (const std::string import = foreign_import(header); !import.empty()) {
        return fail(source, "imports " + import + ", which nothing offers: a module may import " + kWasi);
    }
    drop_barriers(text);
    const auto has = [&](const char* what) { return header.find(what) != std::string::npos; };
    const auto define = [&](const char* name, bool when) { text += when ? std::string("#define ") + name + "\n" : ""; };
    define("TESSERA_WASM_IMPORTS", has("/* import: '"));
    define("TESSERA_WASM_MEMORY", has("Z_programZ_memory(Z_program_instance_t*"));
    define("TESSERA_WASM_INITIALIZE", has("void Z_programZ__initialize(Z_program_instance_t*)"));
    define("TESSERA_WASM_START", has("void Z_programZ__start(Z_program_instance_t*)"));
    text += "#include <wasm_main.h>\n";
    std::ofstream(generated, std::ios::binary) << text;

    CcOptions as_c = options;
    // Not of the C that was made of it, which goes.
    const DependencyRule rule = take_dependency_rule(as_c, object);
    if (options.writes_dependencies) {
        std::ofstream(rule.file) << rule.target << ": " << source << "\n";
    }
    as_c.front_end.insert(as_c.front_end.end(), {"-w", "-I", sdk_directory() + "/wasm", "-I", work.path()});
    as_c.writes_dependencies = false;
    return run_front_end(as_c, {Input::Kind::Source, generated, {}}, bitcode, bitcode);
}

}  // namespace tessera::lower
