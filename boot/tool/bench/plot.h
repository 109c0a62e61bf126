// A picture of what a bench found: one line a kernel, one dot an engine, on a logarithmic scale of ratios.
#pragma once

#include "boot/tool/bench/bench_rows.h"
#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tessera::tool {

// Rows are named "engine/kernel"; the first engine orders the kernels.
[[nodiscard]] std::string plot_svg(const std::vector<BenchRow>& rows, const std::string& title);

// Writes FILE as SVG, or as PNG if that is how its name ends (by rsvg-convert; the SVG is then kept beside it).
[[nodiscard]] Result<void>
write_plot(const std::vector<BenchRow>& rows, const std::string& title, const std::filesystem::path& file);

}  // namespace tessera::tool
