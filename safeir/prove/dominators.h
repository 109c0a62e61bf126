// Which blocks every way to a block leads through: found for what is written, and for the prover. By Lengauer and
// Tarjan's algorithm with path compression, in O(edges * log blocks). The checker only verifies it (block_tree).
#pragma once

#include "safeir/check/obligation.h"

#include "llvm/IR/BasicBlock.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tessera::safeir {

class Dominators {
  public:
    // The function has an entry block without predecessors, and every block has a terminator.
    void calculate(llvm::Function& function);

    [[nodiscard]] bool all_reachable() const { return order_.size() == blocks_; }
    [[nodiscard]] bool is_reachable(const llvm::BasicBlock& block) const { return number_[block.getNumber()] != 0; }
    // A block dominates itself. Both are reachable.
    [[nodiscard]] bool dominates(const llvm::BasicBlock& above, const llvm::BasicBlock& below) const {
        const std::uint32_t a = number_[above.getNumber()];
        const std::uint32_t b = number_[below.getNumber()];
        return enter_[a] <= enter_[b] && leave_[b] <= leave_[a];
    }
    // The immediate dominator of a reachable block that isn't the first.
    [[nodiscard]] const llvm::BasicBlock* above(const llvm::BasicBlock& block) const {
        return order_[immediate_[number_[block.getNumber()]] - 1];
    }
    [[nodiscard]] llvm::BasicBlock& root() const { return *order_.front(); }
    [[nodiscard]] std::span<llvm::BasicBlock* const> children(const llvm::BasicBlock& block) const {
        const std::uint32_t at = number_[block.getNumber()];
        return {children_.data() + first_child_[at], children_.data() + first_child_[at + 1]};
    }
    // As a program says it.
    [[nodiscard]] std::vector<TreeBlock> tree() const;

  private:
    void search_depth_first(llvm::Function& function);
    void find_immediate();
    std::uint32_t lowest_above(std::uint32_t at);
    void make_tree();

    // Blocks are numbered from 1 in the order of a depth-first search; 0 is none.
    std::size_t blocks_ = 0;
    std::vector<llvm::BasicBlock*> order_;
    std::vector<std::uint32_t> number_;  // by LLVM's number
    std::vector<std::uint32_t> parent_, semi_, immediate_, ancestor_, label_;
    std::vector<std::uint32_t> enter_, leave_, first_child_;
    std::vector<llvm::BasicBlock*> children_;
    std::vector<std::uint32_t> path_;
};

}  // namespace tessera::safeir
