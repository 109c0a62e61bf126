#include "boot/tool/bench/plot.h"

#include "boot/tool/base/files.h"
#include "boot/tool/base/process.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <string_view>

namespace tessera::tool {
namespace {

constexpr double kLeft = 150;
constexpr double kWidth = 560;
constexpr double kTop = 88;
constexpr double kLine = 13;
constexpr double kLeast = 0.125;  // of the scale; dots outside are drawn at its edge
constexpr double kMost = 8;
constexpr std::array<const char*, 5> kColours{"#0b6e4f", "#d1495b", "#3066be", "#8d8d8d", "#c98f00"};

double x_of(double ratio) {
    const double part = std::log(std::clamp(ratio, kLeast, kMost) / kLeast) / std::log(kMost / kLeast);
    return kLeft + part * kWidth;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char letter : text) {
        out += letter == '<' ? "&lt;" : letter == '&' ? "&amp;" : std::string(1, letter);
    }
    return out;
}

struct Figures {
    std::vector<std::string> engines;
    std::map<std::string, std::map<std::string, double>> ratios;  // kernel, engine
    std::map<std::string, std::string> summaries;                 // engine
};

Figures figures_of(const std::vector<BenchRow>& rows) {
    Figures figures;
    for (const BenchRow& row : rows) {
        const std::size_t slash = row.name.find('/');
        if (slash == std::string::npos || row.peer.empty()) {
            continue;
        }
        const std::string engine = row.name.substr(0, slash);
        if (std::ranges::find(figures.engines, engine) == figures.engines.end()) {
            figures.engines.push_back(engine);
        }
        if (row.unit == "ratio") {
            std::string& summary = figures.summaries[engine];
            if (!summary.empty()) {
                continue;  // of a part
            }
            summary = fmt::format("{}: mean {:.2f}", engine, row.value);
        } else {
            figures.ratios[row.name.substr(slash + 1)][engine] = row.ratio();
        }
    }
    return figures;
}

}  // namespace

std::string plot_svg(const std::vector<BenchRow>& rows, const std::string& title) {
    const Figures figures = figures_of(rows);
    std::vector<std::string> kernels;
    for (const auto& [kernel, ratios] : figures.ratios) {
        kernels.push_back(kernel);
    }
    const auto first = [&](const std::string& kernel) {
        const auto& ratios = figures.ratios.at(kernel);
        const auto found = figures.engines.empty() ? ratios.end() : ratios.find(figures.engines.front());
        return found != ratios.end() ? found->second : kMost;
    };
    std::ranges::sort(kernels, std::greater{}, first);
    const double bottom = kTop + kLine * static_cast<double>(kernels.size());
    std::string svg;
    const auto out = std::back_inserter(svg);
    fmt::format_to(out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
                   "font-family=\"sans-serif\" font-size=\"10\">\n"
                   "<rect width=\"{0:.0f}\" height=\"{1:.0f}\" fill=\"white\"/>\n"
                   "<text x=\"10\" y=\"20\" font-size=\"14\">{2}</text>\n",
                   kLeft + kWidth + 30,
                   bottom + 30,
                   escaped(title));
    double legend = 10;
    double line = 38;
    for (std::size_t i = 0; i < figures.engines.size(); ++i) {
        const auto summary = figures.summaries.find(figures.engines[i]);
        const std::string text = summary != figures.summaries.end() ? summary->second : figures.engines[i];
        const double width = 30 + 6.0 * static_cast<double>(text.size());
        if (legend + width > kLeft + kWidth + 30) {
            legend = 10;
            line += 14;
        }
        fmt::format_to(
            out,
            "<circle cx=\"{:.0f}\" cy=\"{:.0f}\" r=\"4\" fill=\"{}\"/><text x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n",
            legend + 4,
            line,
            kColours[i % kColours.size()],
            legend + 12,
            line + 4,
            escaped(text));
        legend += width;
    }
    for (const double mark : {0.125, 0.25, 0.5, 1.0, 1.3, 2.0, 4.0, 8.0}) {
        fmt::format_to(out,
                       "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2:.0f}\" stroke=\"{3}\"/>"
                       "<text x=\"{0:.1f}\" y=\"{4:.0f}\" text-anchor=\"middle\">{5:g}</text>\n",
                       x_of(mark),
                       kTop - 8,
                       bottom,
                       mark == 1.0 ? "black" : "#d8d8d8",
                       kTop - 12,
                       mark);
    }
    double y = kTop;
    for (const std::string& kernel : kernels) {
        fmt::format_to(
            out, "<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>\n", kLeft - 8, y + 4, escaped(kernel));
        // The first engine last, on top of the others.
        for (std::size_t i = figures.engines.size(); i-- > 0;) {
            const auto& ratios = figures.ratios.at(kernel);
            if (const auto ratio = ratios.find(figures.engines[i]); ratio != ratios.end()) {
                fmt::format_to(out,
                               "<circle cx=\"{:.1f}\" cy=\"{:.0f}\" r=\"{}\" fill=\"{}\"/>\n",
                               x_of(ratio->second),
                               y,
                               i == 0 ? 4 : 3,
                               kColours[i % kColours.size()]);
            }
        }
        y += kLine;
    }
    fmt::format_to(out, "<text x=\"{:.0f}\" y=\"{:.0f}\">time, native = 1 (less is better)</text>\n", kLeft, y + 14);
    svg += "</svg>\n";
    return svg;
}

Result<void>
write_plot(const std::vector<BenchRow>& rows, const std::string& title, const std::filesystem::path& file) {
    const bool picture = file.extension() == ".png";
    std::filesystem::path vector = file;
    vector.replace_extension(".svg");
    const std::string svg = plot_svg(rows, title);
    TRY_VOID(write_file(picture ? vector : file, svg));
    if (!picture) {
        return {};
    }
    TRY_TO(const Ended ended,
           run_command({.argv = {"rsvg-convert", "--zoom=1.5", "-o", file.string(), vector.string()},
                        .capture = Capture::Both}));
    if (ended.status != 0) {
        return fail(Blame::Machine, fmt::format("rsvg-convert failed: {}", ended.output));
    }
    return {};
}

}  // namespace tessera::tool
