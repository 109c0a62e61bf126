// Which blocks every way to a block leads through, as the program says: a tree of blocks, verified edge by edge. If for
// each edge the block above the one that it leads to is at or above the one that it comes from, then every way to a
// block leads through all that are above it, since each of its edges keeps that so.
#pragma once

#include "safeir/check/obligation.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tessera::safeir {

class BlockTree {
  public:
    // All blocks of one function, the first one first, each behind the one above it.
    explicit BlockTree(std::span<const TreeBlock> blocks);

    // The first block with an edge that the tree is wrong about; null: it is right.
    [[nodiscard]] const llvm::BasicBlock* wrong_block() const { return wrong_block_; }
    // Whether every way to `below` leads through `above`. A block dominates itself.
    [[nodiscard]] bool dominates(const llvm::BasicBlock& above, const llvm::BasicBlock& below) const {
        const Place& outer = places_[above.getNumber()];
        const Place& inner = places_[below.getNumber()];
        return outer.enter <= inner.enter && inner.leave <= outer.leave;
    }
    // How far LLVM's algorithm, which code generation runs, may have to climb for all blocks together.
    [[nodiscard]] std::uint64_t climb() const { return climb_; }

  private:
    struct Place {  // intervals that nest as the tree does
        std::uint32_t enter = 0;
        std::uint32_t leave = 0;
        std::uint32_t depth = 0;
    };
    std::vector<Place> places_;  // by LLVM's number
    const llvm::BasicBlock* wrong_block_ = nullptr;
    std::uint64_t climb_ = 0;
};

}  // namespace tessera::safeir
