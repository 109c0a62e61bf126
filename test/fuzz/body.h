// The body of one function of the wire form while it is generated: blocks, values in scope, and at the end the bytes.
#pragma once

#include "safeir/prove/byte_writer.h"
#include "test/fuzz/mutator.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <utility>
#include <vector>

namespace tessera::fuzz {

// A value by number, or a constant by index.
struct Operand {
    std::uint32_t index = 0;
    bool is_constant = false;
};

// The module's constants, each once.
class Constants {
  public:
    Operand of(unsigned type, std::uint64_t low, std::uint64_t high = 0);
    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] const std::vector<std::byte>& bytes() const { return out_.data(); }

  private:
    std::map<std::pair<unsigned, std::pair<std::uint64_t, std::uint64_t>>, std::uint32_t> known_;
    safeir::ByteWriter out_;
    std::uint32_t count_ = 0;
};

class Body {
  public:
    explicit Body(std::uint32_t parameters) : values_(parameters) { blocks_.emplace_back(); }

    using Label = std::uint32_t;
    Label label() {
        places_.push_back(0);
        return static_cast<Label>(places_.size() - 1);
    }
    void start(Label label);  // a new block, which is what the label means

    // Instructions: the operation, then numbers as they are and operands by distance.
    Body& op(unsigned code);
    Body& number(std::uint64_t value);
    Body& use(Operand operand);
    Operand gives();  // the instruction just written gives a value

    // A phi of the current block, before anything else in it; its entries may be told at any time.
    Operand phi(unsigned type);
    void entry(Operand phi, Label from, Operand value);

    void jump(Label to);
    void branch(Operand condition, Label if_true, Label if_false);
    void many_ways(Operand value, Label otherwise, const std::vector<std::pair<Operand, Label>>& cases);
    void end() { blocks_.back().ended = true; }  // after ret or trap

    [[nodiscard]] Label here() const { return blocks_.back().label; }
    [[nodiscard]] std::vector<std::byte> bytes() const;

  private:
    struct Phi {
        unsigned type;
        std::vector<std::pair<Label, Operand>> entries;
    };
    struct Block {
        Label label = 0;
        std::vector<Phi> phis;
        safeir::ByteWriter code;
        std::vector<std::byte> end_operands;  // of the terminator, already encoded, between which labels stand
        unsigned end_code = 0;
        std::vector<Label> targets;
        std::vector<std::vector<std::byte>> cases;
        bool ended = false;
    };
    std::vector<std::byte> encoded(Operand operand) const;
    std::vector<std::vector<std::uint32_t>> leading() const;
    static std::vector<std::uint32_t> above(const std::vector<std::vector<std::uint32_t>>& leading);

    std::vector<Block> blocks_;
    std::vector<std::uint32_t> places_ = {0};  // by label: the block
    std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> phi_places_;
    std::uint32_t values_;
};

}  // namespace tessera::fuzz
