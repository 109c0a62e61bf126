// Reader: what reading the sections and reading a function have in common: a cursor, a budget, and the first refusal.
#pragma once

#include "safeir/diag/enforcement.h"
#include "safeir/diag/limits.h"
#include "safeir/diag/refusal.h"
#include "safeir/diag/rule.h"
#include "safeir/read/budget.h"
#include "safeir/wire/byte_reader.h"
#include "safeir/wire/lists.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace tessera::safeir {

class Reader {
  protected:
    Reader(std::span<const std::byte> bytes, const Limits& limits, Budget& budget)
        : in_(bytes), limits_(limits), budget_(budget) {}

    // False, so that a check can end with it. The first one counts.
    bool refuse(Rule rule, std::string what, Site site = Site::current());
    bool refuse_cut_off(wire::List list);

    // How many of `list` follow, of which each takes a byte or more; they are charged. Refused by `above` if there are
    // more than there may be.
    bool read_count(wire::List list, std::uint32_t& count, Rule above = Rule::Limit);
    bool read_bytes(wire::List list, std::span<const std::byte>& bytes);
    bool charge(std::uint64_t bytes);

    ByteReader in_;
    const Limits& limits_;
    Budget& budget_;
    std::optional<Refusal> refusal_;
};

}  // namespace tessera::safeir
