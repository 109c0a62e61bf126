#include "test/fuzz/body.h"

#include "safeir/wire/format.h"

namespace tessera::fuzz {

using namespace safeir::wire;

Operand Constants::of(unsigned type, std::uint64_t low, std::uint64_t high) {
    const auto [entry, is_new] = known_.try_emplace({type, {low, high}}, count_);
    if (is_new) {
        ++count_;
        out_.varint(type);
        out_.byte(type >= kFirstTableType ? std::uint8_t{kSplat} : std::uint8_t{kScalar});
        // `high` is 32 or 64 for what is a float, or a vector of them: fixed bytes.
        if (high == 32) {
            out_.fixed(static_cast<std::uint32_t>(low));
        } else if (high == 64) {
            out_.fixed(low);
        } else {
            out_.varint(low);
            if (type == kI128) {
                out_.varint(high);
            }
        }
    }
    return {entry->second, true};
}

void Body::start(Label label) {
    places_[label] = static_cast<std::uint32_t>(blocks_.size());
    blocks_.emplace_back();
    blocks_.back().label = label;
}

Body& Body::op(unsigned code) {
    blocks_.back().code.byte(static_cast<std::uint8_t>(code));
    return *this;
}

Body& Body::number(std::uint64_t value) {
    blocks_.back().code.varint(value);
    return *this;
}

Body& Body::use(Operand operand) {
    blocks_.back().code.bytes(encoded(operand));
    return *this;
}

Operand Body::gives() { return {values_++, false}; }

Operand Body::phi(unsigned type) {
    phi_places_[values_] = {static_cast<std::uint32_t>(blocks_.size() - 1),
                            static_cast<std::uint32_t>(blocks_.back().phis.size())};
    blocks_.back().phis.push_back({type, {}});
    return gives();
}

void Body::entry(Operand phi, Label from, Operand value) {
    const auto [block, index] = phi_places_.at(phi.index);
    blocks_[block].phis[index].entries.emplace_back(from, value);
}

void Body::jump(Label to) {
    blocks_.back().end_code = kBr;
    blocks_.back().targets = {to};
    end();
}

void Body::branch(Operand condition, Label if_true, Label if_false) {
    blocks_.back().end_code = kCondBr;
    blocks_.back().end_operands = encoded(condition);
    blocks_.back().targets = {if_true, if_false};
    end();
}

void Body::many_ways(Operand value, Label otherwise, const std::vector<std::pair<Operand, Label>>& cases) {
    Block& block = blocks_.back();
    block.end_code = kSwitch;
    block.end_operands = encoded(value);
    block.targets = {otherwise};
    for (const auto& [constant, label] : cases) {
        block.cases.push_back(encoded(constant));
        block.targets.push_back(label);
    }
    end();
}

std::vector<std::byte> Body::encoded(Operand operand) const {
    safeir::ByteWriter out;
    const std::uint64_t index = operand.is_constant ? operand.index : values_ - operand.index;
    out.varint(index << 1U | (operand.is_constant ? 1U : 0U));
    return out.data();
}

// By block: which lead to it, in their order, each once.
std::vector<std::vector<std::uint32_t>> Body::leading() const {
    std::vector<std::vector<std::uint32_t>> leading(blocks_.size());
    for (std::uint32_t from = 0; from < blocks_.size(); ++from) {
        for (const Label target : blocks_[from].targets) {
            auto& list = leading[places_[target]];
            if (list.empty() || list.back() != from) {
                list.push_back(from);
            }
        }
    }
    return leading;
}

// By block: the next one that every way leads through.
std::vector<std::uint32_t> Body::above(const std::vector<std::vector<std::uint32_t>>& leading) {
    constexpr std::uint32_t kUnknown = ~0U;
    std::vector<std::uint32_t> above(leading.size(), kUnknown);
    above.front() = 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (std::uint32_t block = 1; block < leading.size(); ++block) {
            std::uint32_t common = kUnknown;
            for (std::uint32_t from : leading[block]) {
                while (above[from] != kUnknown && common != kUnknown && common != from) {
                    std::uint32_t& later = common > from ? common : from;
                    later = above[later];
                }
                common = above[from] != kUnknown ? from : common;
            }
            changed = changed || above[block] != common;
            above[block] = common;
        }
    }
    return above;
}

std::vector<std::byte> Body::bytes() const {
    const auto leading = this->leading();
    const auto above = Body::above(leading);
    safeir::ByteWriter out;
    out.varint(blocks_.size());
    for (std::uint32_t at = 0; at < blocks_.size(); ++at) {
        const Block& block = blocks_[at];
        if (!leading[at].empty() && leading[at].front() != above[at]) {
            out.byte(kAbove);
            out.varint(at - above[at]);
        }
        for (const Phi& phi : block.phis) {
            std::map<std::uint32_t, Operand> values;
            for (const auto& [from, value] : phi.entries) {
                values[places_[from]] = value;
            }
            out.byte(kPhi);
            out.varint(phi.type);
            out.varint(leading[at].size());
            for (const std::uint32_t from : leading[at]) {
                const Operand value = values[from];
                out.varint(std::uint64_t{value.index} << 1U | (value.is_constant ? 1U : 0U));
            }
        }
        out.bytes(block.code.data());
        if (block.end_code == 0) {
            continue;
        }
        out.byte(static_cast<std::uint8_t>(block.end_code));
        out.bytes(block.end_operands);
        out.varint(places_[block.targets.front()]);
        if (block.end_code == kSwitch) {
            out.varint(block.cases.size());
        }
        for (std::size_t i = 1; i < block.targets.size(); ++i) {
            if (block.end_code == kSwitch) {
                out.bytes(block.cases[i - 1]);
            }
            out.varint(places_[block.targets[i]]);
        }
    }
    return out.data();
}

}  // namespace tessera::fuzz
