// tessera graph: who holds what in an image, as a picture (Graphviz draws it) or as text.
#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"
#include "boot/tool/base/progress.h"
#include "boot/tool/base/text.h"
#include "boot/tool/build/app_build.h"
#include "boot/tool/build/capability_graph.h"
#include "boot/tool/build/schema_build.h"
#include "boot/tool/commands/commands.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <string_view>
#include <system_error>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kForms[] = {".svg", ".png", ".dot", ".txt"};
// A picture of dozens of programs takes a second; dot's own bounds are none.
constexpr std::chrono::seconds kDrawTimeMax{120};

Result<void> draw(const std::string& dot, const std::string& form, const fs::path& output) {
    if (find_on_path("dot").empty()) {
        return fail(Blame::Machine,
                    "Graphviz, which draws the picture, is not installed: sudo apt-get install --no-install-recommends "
                    "graphviz; or without a picture: `tessera graph --text`, or -o NAME.dot");
    }
    TRY_TO(const ScratchFolder scratch, ScratchFolder::create());
    const fs::path source = scratch.path() / "graph.dot";
    const fs::path drawn = scratch.path() / ("graph" + form);
    TRY_VOID(write_file(source, dot));
    TRY_TO(const Ended ended,
           run_command({.argv = {"dot", "-T" + form.substr(1), source.string(), "-o", drawn.string()},
                        .capture = Capture::Both,
                        .timeout = kDrawTimeMax}));
    if (ended.status != 0) {
        return fail(Blame::Machine, fmt::format("Graphviz failed (status {}): {}", ended.status, ended.output));
    }
    TRY_TO(const std::string picture, read_file(drawn));
    return write_file(output, picture);
}

Result<std::optional<std::size_t>> wanted_start(const CapabilityGraph& graph, const std::string& name) {
    if (name.empty()) {
        return std::nullopt;
    }
    const auto start = graph.program(name);
    if (!start) {
        std::vector<std::string_view> names;
        for (std::size_t i = 0; i < graph.program_count(); ++i) {
            names.emplace_back(graph.nodes[i].name);
        }
        const auto meant = closest(name, names);
        return fail(Blame::Caller,
                    fmt::format("--from: no program of {} is called \"{}\"{}; there are: {}",
                                graph.image,
                                name,
                                meant ? fmt::format(" (did you mean \"{}\"?)", *meant) : "",
                                fmt::join(names, ", ")));
    }
    return start;
}

Result<void> show(const Workspace& workspace, const GraphOptions& options) {
    TRY_TO(const Manifest manifest, load_manifest(options.folder, {workspace.entry(), workspace.sources()}));
    const CapabilityGraph graph = graph_of(manifest, [&](const std::string& id) {
        return interface_name(workspace, app_folder(workspace, manifest), id);
    });
    TRY_TO(const std::optional<std::size_t> start, wanted_start(graph, options.from));
    if (options.text && options.output.empty()) {
        fmt::print("{}", as_text(graph, start));
        return {};
    }
    const fs::path output = options.output.empty() ? fs::path(manifest.name + ".svg") : options.output;
    const std::string form = options.text ? ".txt" : output.extension().string();
    if (std::ranges::find(kForms, form) == std::end(kForms)) {
        return fail(
            Blame::Caller,
            fmt::format("-o: expected a name ending in {}, found \"{}\"", fmt::join(kForms, ", "), output.string()));
    }
    std::error_code failure;
    if (const fs::path folder = fs::absolute(output).parent_path(); !fs::is_directory(folder, failure)) {
        return fail(Blame::Caller, fmt::format("-o: there is no folder {}", folder.string()));
    }
    const std::string dot = as_dot(start ? part_from(graph, *start) : graph);
    if (form == ".txt" || form == ".dot") {
        TRY_VOID(write_file(output, form == ".txt" ? as_text(graph, start) : dot));
    } else {
        TRY_VOID(draw(dot, form, output));
    }
    say(fmt::format("wrote {}", output.string()));
    return {};
}

}  // namespace

int graph_command(const Workspace& workspace, const GraphOptions& options) {
    if (const auto shown = show(workspace, options); !shown) {
        say_error(shown.error().text);
        return 1;
    }
    return 0;
}

}  // namespace tessera::tool
