#include "safeir/check/block_tree.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/Function.h"

#include <algorithm>

namespace tessera::safeir {

BlockTree::BlockTree(std::span<const TreeBlock> blocks)
    : places_(blocks.front().block->getParent()->getMaxBlockNumber()) {
    std::vector<std::uint32_t> size(blocks.size(), 1);
    for (std::size_t i = blocks.size() - 1; i > 0; --i) {
        size[blocks[i].above] += size[i];
    }
    std::vector<std::uint32_t> next_free(blocks.size(), 1);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const std::uint32_t above = blocks[i].above;
        Place& place = places_[blocks[i].block->getNumber()];
        if (i != 0) {
            place.enter = next_free[above];
            place.depth = places_[blocks[above].block->getNumber()].depth + 1;
        }
        place.leave = place.enter + size[i];
        next_free[i] = place.enter + 1;
        next_free[above] = i != 0 ? place.leave : next_free[above];
    }
    for (const TreeBlock& each : blocks.subspan(1)) {
        const llvm::BasicBlock& above = *blocks[each.above].block;
        std::uint32_t deepest = places_[above.getNumber()].depth;
        for (const llvm::BasicBlock* from : llvm::predecessors(each.block)) {
            if (wrong_block_ == nullptr && !dominates(above, *from)) {
                wrong_block_ = each.block;
            }
            deepest = std::max(deepest, places_[from->getNumber()].depth);
        }
        climb_ += deepest - places_[above.getNumber()].depth;
    }
}

}  // namespace tessera::safeir
