// What a bench found: rows of name, value, unit, peer, peer's value and ratio, as a table or as JSON.
#pragma once

#include <string>
#include <vector>

namespace tessera::tool {

struct BenchRow {
    std::string name;
    double value = 0;
    std::string unit;
    std::string peer{};  // empty: nothing to compare with
    double peer_value = 0;
    [[nodiscard]] double ratio() const { return peer_value > 0 ? value / peer_value : 0; }
};

void print_rows(const std::vector<BenchRow>& rows);
void print_json(const std::string& bench, const std::vector<BenchRow>& rows);

[[nodiscard]] double geometric_mean(const std::vector<double>& values);

}  // namespace tessera::tool
