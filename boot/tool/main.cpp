// The `tessera` tool: reads its command line and calls one command.
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/base/text.h"
#include "boot/tool/build/manifest.h"
#include "boot/tool/commands/commands.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <exception>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace tessera::tool {
namespace {

// `tessera cc`, `tessera ar` and `tessera rustc` are compilers: every word is theirs, and so is the exit status.
int become_compiler(const Workspace& workspace, char** argv) {
    const std::string file = workspace.compiler().string();
    argv[0] = const_cast<char*>(file.c_str());  // execv's old signature; it does not write
    ::execv(file.c_str(), argv);
    say_error(fmt::format("cannot start {}: {}", file, std::strerror(errno)));
    return 1;
}

void add_run_options(CLI::App& app, RunOptions& run) {
    app.add_option("target", run.target, "an application's folder, a .c, .cpp, .rs, .wasm or .sir file, or an image")
        ->required();
    app.add_option("--cpus", run.cpus, "number of processors (default: the manifest's, else 1)");
    app.add_option("--memory", run.memory, "memory of the machine, such as \"512 MiB\"");
    app.add_option("--timeout", run.timeout, "end the programs after this time, such as \"5 s\"");
    app.add_option("--boot", run.boot_options, "further options for the kernel (docs/image.md)");
    app.add_flag("--iso", run.iso, "boot by GRUB from an ISO, as a plain machine would");
    app.add_flag("--uefi", run.uefi, "boot by UEFI firmware (implies --iso)");
    app.add_flag("--hosted", run.hosted, "run as a Linux process instead of a machine");
    app.add_flag("--no-cache", run.no_cache, "generate all code in the kernel");
    app.add_flag("--accounts", run.accounts, "say at the end what each program used of the machine");
    app.add_flag("--no-kvm", run.no_kvm, "emulate, even where the processor could virtualise");
    app.add_flag("--verbose,-v", run.verbose, "let the kernel say what it does");
    app.footer("Words behind -- are the program's arguments. Ctrl-C stops it.");
}

int dispatch(const Workspace& workspace, std::vector<std::string> words) {
    CLI::App app{"Tessera: verified programs in one bootable image"};
    app.name("tessera");
    app.require_subcommand(1);
    app.fallthrough(false);
    int status = 0;

    RunOptions run;
    CLI::App* run_app = app.add_subcommand("run", "build what is needed and run it");
    add_run_options(*run_app, run);
    // What is behind -- belongs to the program and is never read as options.
    if (!words.empty() && words.front() == "run") {
        if (const auto split = std::ranges::find(words, "--"); split != words.end()) {
            run.args_given = true;
            run.args.assign(split + 1, words.end());
            words.erase(split, words.end());
        }
    }
    run_app->callback([&] { status = run_command_line(workspace, run); });

    BuildOptions build;
    CLI::App* build_app = app.add_subcommand("build", "make a bootable image of an application");
    build_app
        ->add_option(
            "target", build.folder, "an application's folder, or one program: a .c, .cpp, .rs, .wasm or .sir file")
        ->required();
    build_app->add_option(
        "-o,--output", build.output, "app.iso, app.img, app.qcow2 or app.bundle (default: NAME.iso here)");
    build_app->add_option("--flavour", build.flavour, "open: with the compiler inside (the only one so far)");
    build_app->add_option("--boot", build.boot_options, "options for the kernel at every start (docs/image.md)");
    build_app->callback([&] { status = build_command(workspace, build); });

    CheckOptions check;
    CLI::App* check_app =
        app.add_subcommand("check", "say whether the kernel takes a program, or which rule it breaks");
    check_app->add_option("files", check.files, ".sir, or C, C++, Rust, WebAssembly or bitcode, which is lowered first")
        ->required();
    check_app->add_flag("--explain",
                        check.explain,
                        "say what the broken rule is for; of what is accepted, why each access to a slice is inside: "
                        "proven or checked");
    check_app->callback([&] { status = check_command(workspace, check); });

    GraphOptions graph;
    CLI::App* graph_app = app.add_subcommand("graph", "draw who holds which capability of whom in an application");
    graph_app->add_option(
        "folder", graph.folder, "the application's folder, with its tessera.toml (default: this one)");
    graph_app->add_option(
        "-o,--output", graph.output, "NAME.svg, .png, .dot or .txt (default: the image's name.svg here)");
    graph_app->add_option("--from", graph.from, "a program: only what it reaches, itself or through others");
    graph_app->add_flag("--text", graph.text, "as text, on standard output if there is no -o; needs no Graphviz");
    graph_app->callback([&] { status = graph_command(workspace, graph); });

    NewOptions made;
    CLI::App* new_app = app.add_subcommand("new", "lay down an application to begin with, in a folder of its own");
    new_app->add_option("name", made.name, "of the folder that is made here, and of the image")->required();
    new_app->add_option("--lang", made.language, "c (the default), c++ or rust");
    new_app->add_option(
        "--serves",
        made.serves,
        "an interface that it implements, with a client that calls it: a standard one's name, FILE.capnp or "
        "FILE.capnp:INTERFACE; c and c++");
    new_app->callback([&] { status = new_command(workspace, made); });

    std::filesystem::path dis_file;
    CLI::App* dis_app = app.add_subcommand("dis", "show a program as LLVM assembly");
    dis_app->add_option("file", dis_file, ".sir, or C, C++ or bitcode, which is lowered first")->required();
    dis_app->callback([&] { status = dis_command(workspace, dis_file); });

    app.add_subcommand("cc", "compile C and C++ to safe IR; takes a C compiler's options");
    app.add_subcommand("c++", "the same, with every source file taken for C++");
    app.add_subcommand("rustc", "compile Rust to safe IR; takes rustc's options");
    app.add_subcommand("ar", "archives of what cc made; takes ar's options");
    app.add_subcommand("schema", "check: what a schema's versions break; compile: headers of a schema");
    app.add_subcommand("decode", "show a message as text or JSON, by its schema");
    app.add_subcommand("encode", "make a message of text or JSON, by its schema");

    TestOptions test;
    CLI::App* test_app = app.add_subcommand("test", "run the tests");
    test_app->add_option("filter",
                         test.filter,
                         "only test programs (or, if none fits, cases) with this in their name; or an application's "
                         "folder: its own tests");
    test_app->add_flag("--quick", test.quick, "without sanitizers, machines and source checks");
    test_app->add_flag(
        "--mutate", test.mutate, "let the checker forget one rule at a time, and print which tests notice");
    test_app->add_option("--fuzz", test.fuzz_seconds, "run random programs for so many seconds, watching for escapes");
    test_app->add_flag("--list", test.list, "only say what there is");
    test_app->footer(
        "`tessera test --suite FILES... [compiler options] [-j N] [--timeout \"10 s\"] [--json FILE]` compiles "
        "and runs C programs instead: docs/notes/c.md.");
    test_app->callback([&] {
        std::error_code failure;
        const std::filesystem::path place = test.filter;
        const bool is_app = std::filesystem::exists(is_manifest(place) ? place : place / "tessera.toml", failure);
        status =
            !test.filter.empty() && is_app ? test_app_command(workspace, test.filter) : test_command(workspace, test);
    });

    BenchOptions bench;
    CLI::App* bench_app =
        app.add_subcommand("bench", "measure: codegen, load, boot, start, slices, caps, messages or embed");
    bench_app->add_option("name",
                          bench.name,
                          "codegen, load, boot, start, slices (loops over borrowed slices), caps (calls between "
                          "domains), messages or embed (libtessera); none: they are listed");
    bench_app->add_flag("--json", bench.json, "rows as JSON on standard output");
    bench_app->add_option("--rounds", bench.rounds, "rounds, of which the best counts (default 5)")
        ->check(CLI::Range(1, 100));
    bench_app->add_option("--filter", bench.filter, "only kernels with this in their name");
    bench_app->add_option("--plot", bench.plot, "codegen: a picture of the rows, as FILE.svg or FILE.png");
    bench_app->callback([&] { status = bench_command(workspace, bench); });

    app.add_subcommand("doctor", "say what is missing and the command that mends it")->callback([&] {
        status = doctor_command(workspace);
    });
    app.add_subcommand("clean", "remove everything that was built")->callback([&] {
        status = clean_command(workspace);
    });
    app.add_subcommand("version", "say which Tessera this is")->callback([&] { status = version_command(workspace); });

    std::vector<std::string> all_names;
    for (const CLI::App* command : app.get_subcommands({})) {
        all_names.push_back(command->get_name());
    }
    if (!words.empty() && !words.front().starts_with('-') &&
        std::ranges::find(all_names, words.front()) == all_names.end()) {
        const std::vector<std::string_view> names(all_names.begin(), all_names.end());
        const auto meant = closest(words.front(), names);
        say_error(fmt::format("there is no command \"{}\"{}; `tessera --help` lists them",
                              words.front(),
                              meant ? fmt::format("; did you mean \"{}\"?", *meant) : ""));
        return 2;
    }
    try {
        std::ranges::reverse(words);  // as CLI11 wants them
        app.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {  // --help
            return app.exit(error);
        }
        say_error(fmt::format("{}; `tessera --help` and `tessera COMMAND --help` say more", error.what()));
        return 2;
    }
    return status;
}

}  // namespace
}  // namespace tessera::tool

int main(int argc, char** argv) {
    const tessera::tool::Workspace workspace = tessera::tool::find_workspace();
    const std::string_view command = argc > 1 ? argv[1] : "";
    if (command == "cc" || command == "c++" || command == "ar" || command == "rustc") {
        return tessera::tool::become_compiler(workspace, argv);
    }
    if (command == "schema" || command == "decode" || command == "encode") {
        return tessera::tool::become_schema_tool(workspace, argv);
    }
    tessera::tool::watch_interrupts();
    try {
        std::vector<std::string> words(argv + 1, argv + argc);
        if (words.empty()) {
            words.emplace_back("--help");
        }
        if (words.front() == "test" && std::ranges::find(words, "--suite") != words.end()) {
            return tessera::tool::suite_command(workspace, {words.begin() + 1, words.end()});
        }
        return tessera::tool::dispatch(workspace, std::move(words));
    } catch (const std::exception& error) {
        tessera::tool::say_error(fmt::format("unexpected: {}; this is a fault of the tool's", error.what()));
        return 70;
    }
}
