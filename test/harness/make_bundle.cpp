// make-bundle OUT PROGRAM...: a bundle for experiments and tests, without a manifest file.
//
// PROGRAM is NAME=FILE[,OPTION...]; FILE is a .sir or LLVM assembly in lowered form. Options: cache (code for both
// feature sets), console, clock, random, dir:GUEST=FOLDER, arg:TEXT, env:NAME=VALUE, memory:BYTES, timeout:MS,
// entry:NAME.
#include "boot/bundle/writer.h"
#include "safeir/inspect/assembly.h"
#include "safeir/load/cache.h"
#include "safeir/load/wide_vectors.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace tessera;
namespace fs = std::filesystem;

[[noreturn]] void stop(const std::string& text) {
    std::fprintf(stderr, "make-bundle: %s\n", text.c_str());
    std::exit(1);
}

std::string read_text(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        stop("can't read " + path.string());
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::byte> to_bytes(const std::string& text) {
    // SAFETY: characters as bytes.
    const auto* data = reinterpret_cast<const std::byte*>(text.data());
    return {data, data + text.size()};
}

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) {
        return false;
    }
    text.remove_prefix(prefix.size());
    return true;
}

std::pair<std::string, std::string> split(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
        stop("expected NAME=VALUE: " + std::string(text));
    }
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

void add_directory(bundle::Writer& writer, bundle::Program& program, std::string_view text, unsigned& directories) {
    const auto [guest, folder] = split(text);
    const auto prefix = "dirs/" + std::to_string(directories++);
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
        if (file.is_regular_file()) {
            writer.add_file(prefix + "/" + fs::relative(file.path(), folder).string(),
                            to_bytes(read_text(file.path())));
        }
    }
    program.grants.push_back({bundle::GrantKind::Directory, guest, prefix});
}

// True: code is to be generated.
bool read_options(bundle::Writer& writer,
                  bundle::Program& program,
                  std::istringstream& options,
                  unsigned& directories) {
    bool cache = false;
    for (std::string option; std::getline(options, option, ',');) {
        std::string_view text = option;
        if (text == "cache") {
            cache = true;
        } else if (text == "console") {
            program.grants.push_back({bundle::GrantKind::Console, {}, {}});
        } else if (text == "clock") {
            program.grants.push_back({bundle::GrantKind::Clock, {}, {}});
        } else if (text == "random") {
            program.grants.push_back({bundle::GrantKind::Random, {}, {}});
        } else if (text == "loader") {
            program.grants.push_back({bundle::GrantKind::Loader, {}, {}});
        } else if (text == "cores") {
            program.grants.push_back({bundle::GrantKind::Cores, {}, {}});
        } else if (take(text, "dir:")) {
            add_directory(writer, program, text, directories);
        } else if (take(text, "arg:")) {
            program.args.emplace_back(text);
        } else if (take(text, "env:")) {
            program.env.push_back(split(text));
        } else if (take(text, "memory:")) {
            program.memory_bytes = std::stoull(std::string(text));
        } else if (take(text, "timeout:")) {
            program.timeout_ms = std::stoull(std::string(text));
        } else if (take(text, "entry:")) {
            program.entry = text;
        } else {
            stop("unknown option " + option);
        }
    }
    return cache;
}

std::vector<std::vector<std::byte>> generate(const std::vector<std::byte>& sir) {
    auto module = safeir::check_program(sir);
    if (!module) {
        stop(module.error().text);
    }
    std::vector<std::vector<std::byte>> caches;
    for (const auto features : {safeir::Features::X86_64, safeir::Features::X86_64_v3, safeir::Features::X86_64_v4}) {
        if (!safeir::is_useful(features, module->module())) {
            continue;
        }
        auto entry = safeir::generate_cache_entry(*module, features);
        if (!entry) {
            stop(entry.error().text);
        }
        caches.push_back(std::move(*entry));
    }
    return caches;
}

void add_program(bundle::Writer& writer, const std::string& text, unsigned& directories) {
    std::istringstream options(text);
    std::string head;
    std::getline(options, head, ',');
    const auto [name, path] = split(head);
    bundle::Program program;
    program.name = name;
    const bool cache = read_options(writer, program, options, directories);
    auto contents = read_text(path);
    std::vector<std::byte> sir;
    if (path.ends_with(".ll")) {
        auto assembled = safeir::assemble(contents, name);
        if (!assembled) {
            stop(assembled.error().text);
        }
        sir = std::move(*assembled);
    } else {
        sir = to_bytes(contents);
    }
    auto caches = cache ? generate(sir) : std::vector<std::vector<std::byte>>{};
    writer.add_program(std::move(program), std::move(sir), std::move(caches));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        stop("usage: make-bundle OUT NAME=FILE[,OPTION...]...");
    }
    bundle::Writer writer;
    unsigned directories = 0;
    for (int i = 2; i < argc; ++i) {
        add_program(writer, argv[i], directories);
    }
    const auto bundle = writer.finish();
    if (!bundle) {
        stop(bundle.error().text);
    }
    std::ofstream out(argv[1], std::ios::binary);
    // SAFETY: bytes as characters.
    out.write(reinterpret_cast<const char*>(bundle->data()), static_cast<std::streamsize>(bundle->size()));
    return out.good() ? 0 : 1;
}
