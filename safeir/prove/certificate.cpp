#include "safeir/prove/certificate.h"

#include "safeir/prove/byte_writer.h"
#include "safeir/prove/zero_bits.h"
#include "safeir/wire/proof.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/CFG.h"

#include <algorithm>

namespace tessera::safeir {
namespace {

// Lines that are taken several times in a row of steps, once.
Reason merged(const Reason& steps) {
    Reason result;
    auto segment = result.begin();
    for (const Step& step : steps) {
        if (step.line == nullptr) {
            result.push_back(step);
            segment = result.end();
            continue;
        }
        const auto before = static_cast<std::size_t>(segment - result.begin());
        const auto same = std::find_if(segment, result.end(), [&](const Step& one) { return one.line == step.line; });
        same != result.end() ? static_cast<void>(same->times += step.times) : result.push_back(step);
        segment = result.begin() + before;
    }
    llvm::erase_if(result, [](const Step& step) { return step.times == 0; });
    return result;
}

class CertificateWriter {
  public:
    CertificateWriter(llvm::Function& function, const FactProver& prover) : prover_(prover) {
        for (llvm::Argument& argument : function.args()) {
            const auto number = values_.size();
            values_[&argument] = number;
        }
        for (llvm::BasicBlock& block : function) {
            const auto index = blocks_.size();
            blocks_[&block] = index;
            for (llvm::Instruction& instruction : block) {
                const auto number = values_.size();
                values_[&instruction] = number;
            }
        }
    }

    std::vector<std::byte> write() {
        find_used();
        write_claims();
        write_invariants();
        for (const FactProver::Verdict& verdict : prover_.verdicts()) {
            write_goal(verdict.steps);
        }
        write_edges();
        return out_.data();
    }

  private:
    // ---- what is needed ----

    void find_used() {
        for (const FactProver::Verdict& verdict : prover_.verdicts()) {
            use(verdict.steps);
        }
        llvm::SmallVector<const Line*, 16> lines;
        for (std::size_t at = 0; at < used_.size(); ++at) {
            const Line& line = *used_[at];
            use(line.steps);
            for (const Line* premise : line.premises) {
                use(premise);
            }
            if (line.kind == Line::Kind::Invariant) {
                const FactProver::Assumption& assumption = prover_.assumptions()[line.number];
                invariants_.push_back(&assumption);
                for (const llvm::BasicBlock* from : llvm::predecessors(assumption.block)) {
                    use(assumption.proofs.lookup(from));
                }
            }
            if (line.is_rounded) {
                for (const Part& part : line.sum.parts()) {
                    for (const auto& [value, bits] : claims_of(part.value)) {
                        claims_[value] = std::max(claims_[value], bits);
                    }
                }
            }
        }
        std::ranges::sort(invariants_, {}, [&](const FactProver::Assumption* one) {
            return std::pair(blocks_.at(one->block), one->line.number);
        });
    }
    void use(const Reason& steps) {
        for (const Step& step : steps) {
            use(step.line);
        }
    }
    void use(const Line* line) {
        if (line != nullptr) {
            used_.insert(line);
        }
    }

    // ---- bytes ----

    static std::uint64_t zigzag(std::int64_t number) {
        return static_cast<std::uint64_t>(number) << 1U ^ static_cast<std::uint64_t>(number >> 63U);
    }
    void write_delta(std::uint64_t& last, std::uint64_t number) {
        out_.varint(zigzag(static_cast<std::int64_t>(number - last)));
        last = number;
    }
    void write_value(llvm::Value* value) { write_delta(last_value_, values_.at(value)); }
    void write_block(const llvm::BasicBlock* block) { write_delta(last_block_, blocks_.at(block)); }
    void write_sum(const Linear& sum) {
        out_.varint(sum.parts().size());
        for (const Part& part : sum.parts()) {
            write_value(part.value);
            out_.varint(zigzag(part.scale));
        }
        const auto high = static_cast<std::int64_t>(sum.constant >> 32U);
        const bool is_small = sum.constant == static_cast<std::int32_t>(sum.constant);
        out_.varint(zigzag(is_small ? 0 : high));
        out_.varint(zigzag(static_cast<std::int64_t>(is_small ? sum.constant : sum.constant - (Wide{high} << 32U))));
    }
    void write_first(wire::ProofLine kind, std::size_t small) {
        const bool fits = small < wire::kSmallNumbers;
        out_.byte(static_cast<std::uint8_t>((fits ? small : wire::kSmallNumbers) << 3U | kind));
        if (!fits) {
            out_.varint(small);
        }
    }
    std::uint64_t distance(const Line* line) const { return line != nullptr ? table_.size() - places_.at(line) : 0; }

    void write_claims() {
        out_.varint(claims_.size());
        for (const auto& [value, bits] : claims_) {
            write_value(value);
            out_.byte(static_cast<std::uint8_t>(bits));
        }
    }
    void write_invariants() {
        out_.varint(invariants_.size());
        for (const FactProver::Assumption* each : invariants_) {
            write_block(each->block);
            write_sum(each->line.sum);
            note(&each->line);
        }
    }
    void note(const Line* line) {
        places_[line] = table_.size();
        table_.push_back(line);
    }

    void write_steps(const Reason& steps) {
        for (const Step& step : steps) {
            out_.varint(distance(step.line) << 1U | (step.times != 1 ? 1U : 0U));
            if (step.times != 1) {
                out_.varint(zigzag(step.times));
            }
        }
    }
    void write_goal(const Reason& all) {
        const Reason steps = merged(all);
        for (const Step& step : steps) {
            write_line(step.line);
        }
        write_first(wire::kGoal, steps.size());
        write_steps(steps);
    }
    // What the line needs comes before it.
    void write_line(const Line* line) {
        if (line == nullptr || places_.contains(line)) {
            return;
        }
        const Reason steps = merged(line->steps);
        for (const Step& step : steps) {
            write_line(step.line);
        }
        for (const Line* premise : line->premises) {
            write_line(premise);
        }
        switch (line->kind) {
        case Line::Kind::State:
            write_first(wire::kState, steps.size());
            write_sum(line->sum);
            write_steps(steps);
            break;
        case Line::Kind::Shape:
            write_first(wire::kShape, line->number);
            write_value(line->value);
            break;
        case Line::Kind::Exact:
            write_first(wire::kExact, line->number);
            write_value(line->value);
            break;
        case Line::Kind::Together:
            write_first(wire::kTogether, 0);
            write_value(line->value);
            write_value(line->other);
            break;
        case Line::Kind::Edge:
            write_edge(*line);
            break;
        case Line::Kind::Invariant:
            break;  // is there from the start
        }
        for (const Line* premise : line->premises) {
            out_.varint(distance(premise));
        }
        note(line);
    }
    void write_edge(const Line& line) {
        write_first(wire::kEdge,
                    (line.path != 0 ? wire::kEdgeHasPath : 0U) | (line.is_at_hand ? wire::kEdgeAtHand : 0U) |
                        (line.is_reversed ? wire::kEdgeReversed : 0U));
        if (!line.is_at_hand) {
            write_block(line.to);
        }
        if (line.path != 0) {
            out_.varint(line.path);
        }
    }

    // In the order of the block's first phi, as the checker asks for them.
    void write_edges() {
        for (std::size_t at = 0; at < invariants_.size();) {
            llvm::BasicBlock* block = invariants_[at]->block;
            std::size_t end = at;
            while (end < invariants_.size() && invariants_[end]->block == block) {
                ++end;
            }
            llvm::SmallVector<const llvm::BasicBlock*, 8> edges;
            if (auto* phi = llvm::dyn_cast<llvm::PHINode>(&block->front())) {
                edges.append(phi->block_begin(), phi->block_end());
            } else {
                edges.append(llvm::pred_begin(block), llvm::pred_end(block));
            }
            for (const llvm::BasicBlock* from : edges) {
                const std::size_t before = table_.size();
                for (std::size_t i = at; i < end; ++i) {
                    write_goal(invariants_[i]->proofs.lookup(from));
                }
                for (std::size_t i = before; i < table_.size(); ++i) {
                    places_.erase(table_[i]);
                }
                table_.resize(before);
            }
            at = end;
        }
    }

    const FactProver& prover_;
    ByteWriter out_;
    llvm::DenseMap<const llvm::Value*, std::uint64_t> values_;
    llvm::DenseMap<const llvm::BasicBlock*, std::uint64_t> blocks_;
    std::uint64_t last_value_ = 0;
    std::uint64_t last_block_ = 0;
    llvm::SetVector<const Line*> used_;
    std::vector<const FactProver::Assumption*> invariants_;
    llvm::MapVector<llvm::Value*, unsigned> claims_;
    std::vector<const Line*> table_;
    llvm::DenseMap<const Line*, std::size_t> places_;
};

}  // namespace

std::vector<std::byte> write_certificate(llvm::Function& function, const FactProver& prover) {
    return CertificateWriter(function, prover).write();
}

}  // namespace tessera::safeir
