#include "safeir/read/reader.h"

#include <fmt/format.h>

namespace tessera::safeir {

bool Reader::refuse(Rule rule, std::string what, Site site) {
    if (!is_enforced(rule, site)) {
        return true;
    }
    if (!refusal_) {
        refusal_ = Refusal{rule_id(rule), std::move(what), {}, {}, {}};
    }
    return false;
}

bool Reader::refuse_cut_off(wire::List list) {
    return refuse(Rule::Malformed,
                  fmt::format("the {} are cut off or a count in them is not possible", wire::entry(list).words));
}

bool Reader::read_count(wire::List list, std::uint32_t& count, Rule above) {
    const auto& entry = wire::entry(list);
    const std::uint64_t value = in_.varint();
    if (value > in_.remaining()) {
        in_.fail();
        return refuse_cut_off(list);
    }
    if (value > entry.most && !refuse(above, fmt::format("{}: more than {}", entry.words, entry.most))) {
        return false;
    }
    count = static_cast<std::uint32_t>(value);
    return charge(value * entry.bytes);
}

bool Reader::read_bytes(wire::List list, std::span<const std::byte>& bytes) {
    std::uint32_t size = 0;
    if (!read_count(list, size)) {
        return false;
    }
    bytes = in_.bytes(size);
    return true;
}

bool Reader::charge(std::uint64_t bytes) {
    budget_.charge(bytes);
    return !budget_.is_exceeded() ||
           refuse(Rule::Limit,
                  fmt::format("built_bytes: what is read would take more than {} bytes of memory, {} for each of the "
                              "file's own and {} for any",
                              budget_.allowed(),
                              limits_.built_bytes_a_byte,
                              limits_.built_bytes));
}

}  // namespace tessera::safeir
