#include "boot/tool/bench/bench_rows.h"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tessera::tool {

void print_rows(const std::vector<BenchRow>& rows) {
    fmt::print("{:<34} {:>12} {:<8} {:<28} {:>12} {:>7}\n", "name", "value", "unit", "peer", "peer value", "ratio");
    for (const BenchRow& row : rows) {
        fmt::print("{:<34} {:>12.3f} {:<8} ", row.name, row.value, row.unit);
        if (row.peer.empty()) {
            fmt::print("\n");
        } else {
            fmt::print("{:<28} {:>12.3f} {:>7.3f}\n", row.peer, row.peer_value, row.ratio());
        }
    }
}

void print_json(const std::string& bench, const std::vector<BenchRow>& rows) {
    nlohmann::json all = nlohmann::json::array();
    for (const BenchRow& row : rows) {
        nlohmann::json one{{"name", row.name}, {"value", row.value}, {"unit", row.unit}};
        if (!row.peer.empty()) {
            one["peer"] = row.peer;
            one["peer_value"] = row.peer_value;
            one["ratio"] = row.ratio();
        }
        all.push_back(std::move(one));
    }
    fmt::print("{}\n", nlohmann::json{{"bench", bench}, {"rows", all}}.dump(1));
}

double geometric_mean(const std::vector<double>& values) {
    double total = 0;
    for (const double value : values) {
        total += std::log(value);
    }
    return values.empty() ? 0 : std::exp(total / static_cast<double>(values.size()));
}

}  // namespace tessera::tool
