#include "safeir/prove/dominators.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/Function.h"

#include <algorithm>

namespace tessera::safeir {

void Dominators::calculate(llvm::Function& function) {
    search_depth_first(function);
    find_immediate();
    make_tree();
}

void Dominators::search_depth_first(llvm::Function& function) {
    blocks_ = function.size();
    number_.assign(function.getMaxBlockNumber(), 0);
    order_.clear();
    parent_.assign(1, 0);
    struct Visit {
        llvm::BasicBlock* block;
        unsigned next;
    };
    std::vector<Visit> stack;
    const auto enter = [&](llvm::BasicBlock& block, std::uint32_t parent) {
        order_.push_back(&block);
        parent_.push_back(parent);
        number_[block.getNumber()] = static_cast<std::uint32_t>(order_.size());
        stack.push_back({&block, 0});
    };
    enter(function.getEntryBlock(), 0);
    while (!stack.empty()) {
        Visit& visit = stack.back();
        const llvm::Instruction* end = visit.block->getTerminator();
        if (visit.next == end->getNumSuccessors()) {
            stack.pop_back();
            continue;
        }
        llvm::BasicBlock* next = end->getSuccessor(visit.next++);
        if (number_[next->getNumber()] == 0) {
            enter(*next, number_[visit.block->getNumber()]);
        }
    }
}

// The block with the lowest semidominator on the way up from `at` to the root of its tree of finished blocks; the way
// becomes shorter for the next time.
std::uint32_t Dominators::lowest_above(std::uint32_t at) {
    if (ancestor_[at] == 0) {
        return at;
    }
    path_.clear();
    for (std::uint32_t v = at; ancestor_[ancestor_[v]] != 0; v = ancestor_[v]) {
        path_.push_back(v);
    }
    while (!path_.empty()) {
        const std::uint32_t v = path_.back();
        path_.pop_back();
        const std::uint32_t above = ancestor_[v];
        if (semi_[label_[above]] < semi_[label_[v]]) {
            label_[v] = label_[above];
        }
        ancestor_[v] = ancestor_[above];
    }
    return label_[at];
}

void Dominators::find_immediate() {
    const auto count = static_cast<std::uint32_t>(order_.size());
    semi_.resize(count + 1);
    label_.resize(count + 1);
    for (std::uint32_t v = 0; v <= count; ++v) {
        semi_[v] = label_[v] = v;
    }
    immediate_.assign(count + 1, 0);
    ancestor_.assign(count + 1, 0);
    // Buckets as lists: the blocks whose semidominator is v.
    std::vector<std::uint32_t> bucket(count + 1, 0);
    std::vector<std::uint32_t> next_in_bucket(count + 1, 0);
    for (std::uint32_t w = count; w >= 2; --w) {
        for (const llvm::BasicBlock* from : llvm::predecessors(order_[w - 1])) {
            if (const std::uint32_t v = number_[from->getNumber()]; v != 0) {
                semi_[w] = std::min(semi_[w], semi_[lowest_above(v)]);
            }
        }
        next_in_bucket[w] = bucket[semi_[w]];
        bucket[semi_[w]] = w;
        const std::uint32_t parent = parent_[w];
        ancestor_[w] = parent;
        for (std::uint32_t v = bucket[parent]; v != 0; v = next_in_bucket[v]) {
            const std::uint32_t lowest = lowest_above(v);
            immediate_[v] = semi_[lowest] < semi_[v] ? lowest : parent;
        }
        bucket[parent] = 0;
    }
    for (std::uint32_t w = 2; w <= count; ++w) {
        if (immediate_[w] != semi_[w]) {
            immediate_[w] = immediate_[immediate_[w]];
        }
    }
}

// Intervals that nest as the tree does, children in a row.
void Dominators::make_tree() {
    const auto count = static_cast<std::uint32_t>(order_.size());
    first_child_.assign(count + 2, 0);
    for (std::uint32_t w = 2; w <= count; ++w) {
        ++first_child_[immediate_[w] + 1];
    }
    for (std::uint32_t v = 1; v <= count + 1; ++v) {
        first_child_[v] += first_child_[v - 1];
    }
    children_.resize(count == 0 ? 0 : count - 1);
    std::vector<std::uint32_t> fill(first_child_.begin(), first_child_.end() - 1);
    std::vector<std::uint32_t> size(count + 1, 1);
    for (std::uint32_t w = 2; w <= count; ++w) {
        children_[fill[immediate_[w]]++] = order_[w - 1];
    }
    for (std::uint32_t w = count; w >= 2; --w) {
        size[immediate_[w]] += size[w];
    }
    enter_.assign(count + 1, 0);
    leave_.assign(count + 1, 0);
    std::vector<std::uint32_t> next_free(count + 1, 1);
    for (std::uint32_t w = 1; w <= count; ++w) {
        const std::uint32_t above = immediate_[w];
        enter_[w] = w == 1 ? 0 : next_free[above];
        leave_[w] = enter_[w] + size[w];
        next_free[w] = enter_[w] + 1;
        if (w != 1) {
            next_free[above] = leave_[w];
        }
    }
}

std::vector<TreeBlock> Dominators::tree() const {
    std::vector<TreeBlock> blocks;
    for (std::size_t i = 0; i < order_.size(); ++i) {
        blocks.push_back({order_[i], i == 0 ? 0 : immediate_[i + 1] - 1});  // which has a lower number
    }
    return blocks;
}

}  // namespace tessera::safeir
