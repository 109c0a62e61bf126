// Which functions a function is likely to call, from its code alone: the code of those can be made before it is needed.
#pragma once

#include "safeir/load/clone.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tessera::safeir {

class Forecast {
  public:
    explicit Forecast(const SymbolNames& names) : names_(names), known_(names.functions().size()) {}

    struct Callee {
        std::uint32_t function = 0;
        float probability = 0;  // that one call of the caller calls it at all
    };
    // Each function once, the caller itself never, in order of probability. Looked up at first, once; linear in the
    // caller's size.
    [[nodiscard]] std::span<const Callee> callees_of(std::uint32_t caller);

  private:
    [[nodiscard]] std::vector<Callee> find_callees(std::uint32_t caller) const;

    const SymbolNames& names_;
    std::vector<std::optional<std::vector<Callee>>> known_;
};

}  // namespace tessera::safeir
