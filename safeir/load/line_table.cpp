#include "safeir/load/line_table.h"

#include <algorithm>
#include <utility>

namespace tessera::safeir {
std::optional<LineTable::Place> LineTable::find(std::uint32_t function, std::uint32_t offset) const {
    const auto key = std::pair{function, offset};
    auto row = std::partition_point(
        rows.begin(), rows.end(), [&](const Row& r) { return std::pair{r.function, r.offset} <= key; });
    if (row == rows.begin() || (--row)->function != function || row->file >= files.size()) {
        return std::nullopt;
    }
    return Place{&files[row->file], row->line};
}

std::optional<std::uint32_t> function_index(llvm::StringRef symbol) {
    std::uint32_t index = 0;
    if (!symbol.consume_front("f.") || symbol.getAsInteger(10, index)) {
        return std::nullopt;
    }
    return index;
}

}  // namespace tessera::safeir
