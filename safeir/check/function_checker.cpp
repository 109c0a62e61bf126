#include "safeir/check/function_checker.h"

#include "safeir/check/proof_checker.h"

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
        for (auto instruction = block->begin(); good && instruction != block->end(); ++instruction) {
            good = check_operands(*instruction);
        }
    }
    return std::move(refusal_);
}

std::optional<Refusal> FunctionChecker::check_proof() {
    if (!notes_.obligations.empty() || !notes_.proof.empty()) {
        (void)ProofChecker(*notes_.function,
                           tree_,
                           notes_.proof,
                           [this](Rule rule, const llvm::Instruction* at, const std::string& what, Site site) {
                               return refuse(rule, at, what, site);
                           })
            .check(notes_.obligations);
    }
    return std::move(refusal_);
}

bool FunctionChecker::check_blocks() {
    if (const llvm::BasicBlock* block = tree_.wrong_block()) {
        return refuse(Rule::Dominance, &block->front(), "a block is behind another one only on some ways");
    }
    return tree_.climb() <= limits_.block_climb ||
           refuse(Rule::Limit,
                  nullptr,
                  fmt::format("block_climb: {} is more than {}", tree_.climb(), limits_.block_climb));
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
        const bool before = phi != nullptr                    ? tree_.dominates(*from, *phi->getIncomingBlock(use))
                            : from == instruction.getParent() ? definition->comesBefore(&instruction)
                                                              : tree_.dominates(*from, *instruction.getParent());
        if (!before && !refuse(Rule::Dominance, &instruction)) {
            return false;
        }
    }
    return true;
}

}  // namespace tessera::safeir
