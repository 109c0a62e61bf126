#include "boot/system/accounts_report.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tessera::system {
namespace {

using runtime::Resource;

struct Column {
    std::string_view title;
    Resource resource;
    std::uint64_t unit;
    bool has_peak;  // time only grows
};
constexpr std::array kColumns = {Column{"memory, KiB", Resource::MemoryBytes, 1024, true},
                                 Column{"slots", Resource::Slots, 1, true},
                                 Column{"objects", Resource::Objects, 1, true},
                                 Column{"fibers", Resource::Fibers, 1, true},
                                 Column{"time, ms", Resource::Microseconds, 1000, false}};

using Row = std::array<std::string, kColumns.size() + 1>;

Row row_of(const NamedAccount& named) {
    Row row{std::string(named.name)};
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        const auto& column = kColumns[i];
        row[i + 1] = std::to_string(named.account->used(column.resource) / column.unit);
        if (column.has_peak) {
            row[i + 1] += " (" + std::to_string(named.account->peak(column.resource) / column.unit) + ")";
        }
    }
    return row;
}

}  // namespace

std::string accounts_report(const std::vector<NamedAccount>& accounts) {
    Row titles{"account"};
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        titles[i + 1] = std::string(kColumns[i].title) + (kColumns[i].has_peak ? " (peak)" : "");
    }
    std::vector<Row> rows{titles};
    for (const auto& account : accounts) {
        rows.push_back(row_of(account));
    }
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto width = std::ranges::max(rows, {}, [i](const Row& each) { return each[i].size(); })[i].size();
            const std::string space(width - row[i].size(), ' ');
            text += i == 0 ? row[i] + space : "  " + space + row[i];
        }
        text += '\n';
    }
    text.pop_back();
    return text;
}

}  // namespace tessera::system
