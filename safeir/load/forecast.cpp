#include "safeir/load/forecast.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Instructions.h"

#include <algorithm>

namespace tessera::safeir {
namespace {

bool ends_in_trap(const llvm::BasicBlock& block) { return llvm::isa<llvm::UnreachableInst>(block.getTerminator()); }

// How likely each block is reached from the entry, if every branch goes either way and none to a trap. Ways back in
// loops are left out: what counts is whether a block is entered, not how often.
llvm::MapVector<const llvm::BasicBlock*, float> chances(const llvm::Function& function) {
    llvm::MapVector<const llvm::BasicBlock*, float> reached;
    const llvm::ReversePostOrderTraversal<const llvm::Function*> order(&function);
    llvm::DenseMap<const llvm::BasicBlock*, unsigned> position;
    for (const auto* block : order) {
        position.try_emplace(block, static_cast<unsigned>(position.size()));
    }
    reached[&function.getEntryBlock()] = 1;
    for (const auto* block : order) {
        const float chance = reached[block];
        unsigned ways = 0;
        for (const auto* next : llvm::successors(block)) {
            ways += position.lookup(next) > position.lookup(block) && !ends_in_trap(*next) ? 1 : 0;
        }
        for (const auto* next : llvm::successors(block)) {
            if (position.lookup(next) > position.lookup(block) && !ends_in_trap(*next)) {
                reached[next] = std::min(1.0F, reached[next] + chance / static_cast<float>(ways));
            }
        }
    }
    return reached;
}

}  // namespace

std::span<const Forecast::Callee> Forecast::callees_of(std::uint32_t caller) {
    auto& known = known_[caller];
    if (!known) {
        known = find_callees(caller);
    }
    return *known;
}

std::vector<Forecast::Callee> Forecast::find_callees(std::uint32_t caller) const {
    llvm::MapVector<std::uint32_t, float> found;
    for (const auto& [block, chance] : chances(*names_.functions()[caller])) {
        for (const auto& instruction : *block) {
            const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
            const auto* callee = call == nullptr ? nullptr : call->getCalledFunction();
            if (callee != nullptr && !callee->isDeclaration() && names_.index_of(*callee) != caller) {
                auto& probability = found[names_.index_of(*callee)];
                probability = std::max(probability, chance);
            }
        }
    }
    std::vector<Callee> callees;
    for (const auto& [function, probability] : found) {
        callees.push_back({function, probability});
    }
    std::ranges::sort(callees, [](const Callee& a, const Callee& b) {
        return a.probability > b.probability || (a.probability == b.probability && a.function < b.function);
    });
    return callees;
}

}  // namespace tessera::safeir
