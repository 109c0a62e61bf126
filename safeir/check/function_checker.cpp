#include "safeir/check/function_checker.h"

#include "safeir/check/proof_checker.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <fmt/format.h>

namespace tessera::safeir {

bool FunctionChecker::refuse(Rule rule, const llvm::Instruction* at, const std::string& particulars, Site site) {
    if (!is_enforced(rule, site)) {
        return true;
    }
    if (refusal_) {
        return false;
    }
    std::string what(rule_sentence(rule));
    if (!particulars.empty()) {
        what += " (" + particulars + ")";
    }
    refusal_ = Refusal{rule_id(rule), std::move(what), notes_.function->getName().str(), {}, {}};
    if (at != nullptr) {
        llvm::raw_string_ostream stream(refusal_->instruction);
        at->print(stream);
        refusal_->instruction.erase(0, refusal_->instruction.find_first_not_of(' '));
        refusal_->instruction.resize(std::min<std::size_t>(refusal_->instruction.size(), 160));
        if (const llvm::DILocation* location = at->getDebugLoc().get();
            location != nullptr && location->getLine() != 0) {
            refusal_->location = fmt::format("{}:{}", location->getFilename().str(), location->getLine());
        }
    }
    return false;
}

std::optional<Refusal> FunctionChecker::check_code() {
    bool good = check_blocks();
    for (auto block = notes_.function->begin(); good && block != notes_.function->end(); ++block) {
        good = check_phis(*block);
        for (auto instruction = block->begin(); good && instruction != block->end(); ++instruction) {
            good = check_operands(*instruction);
        }
    }
    return std::move(refusal_);
}

std::optional<Refusal> FunctionChecker::check_proof() {
    if (!notes_.obligations.empty() || !notes_.proof.empty()) {
        (void)ProofChecker(*notes_.function,
                           dominators_,
                           notes_.proof,
                           [this](Rule rule, const llvm::Instruction* at, const std::string& what, Site site) {
                               return refuse(rule, at, what, site);
                           })
            .check(notes_.obligations);
    }
    return std::move(refusal_);
}

bool FunctionChecker::check_blocks() {
    if (!llvm::pred_empty(&notes_.function->getEntryBlock())) {
        return refuse(Rule::Blocks, nullptr);
    }
    dominators_.calculate(*notes_.function);
    for (const llvm::BasicBlock& block : *notes_.function) {
        if (!dominators_.is_reachable(block)) {
            return refuse(Rule::Blocks, &block.front(), "unreachable block");
        }
    }
    return dominators_.climb() <= limits_.block_climb ||
           refuse(Rule::Limit,
                  nullptr,
                  fmt::format("block_climb: {} is more than {}", dominators_.climb(), limits_.block_climb));
}

// One entry an incoming edge, from the edges that there are; a block's several edges bring the same value.
bool FunctionChecker::check_phis(llvm::BasicBlock& block) {
    if (!llvm::isa<llvm::PHINode>(block.front())) {
        return true;
    }
    llvm::SmallVector<const llvm::BasicBlock*, 8> edges(llvm::predecessors(&block));
    llvm::sort(edges);
    const bool has_repeats = std::ranges::adjacent_find(edges) != edges.end();
    const llvm::PHINode* good_before = nullptr;  // its blocks are known to be the edges
    for (llvm::PHINode& phi : block.phis()) {
        if (phi.getNumIncomingValues() == 0) {
            return refuse(Rule::Dominance, &phi, "a phi without entries");
        }
        const bool same_blocks = good_before != nullptr && std::ranges::equal(phi.blocks(), good_before->blocks());
        if (same_blocks && !has_repeats) {
            continue;
        }
        llvm::SmallVector<std::pair<const llvm::BasicBlock*, const llvm::Value*>, 8> incoming;
        for (unsigned i = 0; i < phi.getNumIncomingValues(); ++i) {
            incoming.emplace_back(phi.getIncomingBlock(i), phi.getIncomingValue(i));
        }
        llvm::sort(incoming);
        if (!std::ranges::equal(incoming, edges, {}, &std::pair<const llvm::BasicBlock*, const llvm::Value*>::first)) {
            return refuse(Rule::Dominance, &phi, "a phi's entries are not the block's incoming edges");
        }
        for (std::size_t i = 1; has_repeats && i < incoming.size(); ++i) {
            if (incoming[i].first == incoming[i - 1].first && incoming[i].second != incoming[i - 1].second) {
                return refuse(Rule::Dominance, &phi, "a phi has two values for one block");
            }
        }
        good_before = &phi;
    }
    return true;
}

// Every value is there before it is used.
bool FunctionChecker::check_operands(llvm::Instruction& instruction) {
    for (const llvm::Use& use : instruction.operands()) {
        const auto* definition = llvm::dyn_cast<llvm::Instruction>(use.get());
        if (definition == nullptr) {
            continue;
        }
        const llvm::BasicBlock* from = definition->getParent();
        const auto* phi = llvm::dyn_cast<llvm::PHINode>(&instruction);
        const bool before = phi != nullptr ? dominators_.dominates(*from, *phi->getIncomingBlock(use))
                            : from == instruction.getParent() ? definition->comesBefore(&instruction)
                                                              : dominators_.dominates(*from, *instruction.getParent());
        if (!before && !refuse(Rule::Dominance, &instruction)) {
            return false;
        }
    }
    return true;
}

}  // namespace tessera::safeir
