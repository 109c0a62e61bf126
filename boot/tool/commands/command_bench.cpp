// tessera bench: measures, and compares with peers in the same run.
#include "boot/tool/base/progress.h"
#include "boot/tool/base/text.h"
#include "boot/tool/bench/benches.h"
#include "boot/tool/bench/plot.h"
#include "boot/tool/commands/commands.h"

#include <array>
#include <fmt/format.h>
#include <string_view>

namespace tessera::tool {

int bench_command(const Workspace& workspace, const BenchOptions& options) {
    using Bench = Result<std::vector<BenchRow>> (*)(const Workspace&, const BenchOptions&);
    constexpr std::array<std::pair<std::string_view, Bench>, 9> kBenches{{{"codegen", bench_codegen},
                                                                          {"load", bench_load},
                                                                          {"boot", bench_boot},
                                                                          {"start", bench_start},
                                                                          {"slices", bench_slices},
                                                                          {"caps", bench_caps},
                                                                          {"messages", bench_messages},
                                                                          {"embed", bench_embed},
                                                                          {"runtime", bench_runtime}}};
    if (options.name.empty()) {
        for (const auto& [name, bench] : kBenches) {
            fmt::print("{}\n", name);
        }
        return 0;
    }
    for (const auto& [name, bench] : kBenches) {
        if (name == options.name) {
            const auto rows = bench(workspace, options);
            if (!rows) {
                say_error(rows.error().text);
                return 1;
            }
            if (!options.plot.empty()) {
                const std::string title = "tessera bench " + options.name;
                if (const auto drawn = write_plot(*rows, title, options.plot); !drawn) {
                    say_error(drawn.error().text);
                    return 1;
                }
            }
            options.json ? print_json(options.name, *rows) : print_rows(*rows);
            return 0;
        }
    }
    const std::array<std::string_view, 9> names{
        "codegen", "load", "boot", "start", "slices", "caps", "messages", "embed", "runtime"};
    const auto meant = closest(options.name, names);
    say_error(fmt::format(
        "there is no bench \"{}\"{}; there are codegen, load, boot, start, slices, caps, messages, embed and runtime",
        options.name,
        meant ? fmt::format("; did you mean \"{}\"?", *meant) : ""));
    return 2;
}

}  // namespace tessera::tool
