#include "safeir/inspect/explain.h"

#include "safeir/inspect/proof_text.h"
#include "safeir/read/read_program.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>
#include <map>

namespace tessera::safeir {
namespace {

enum TrapReason : unsigned {
#define TESSERA_TRAP(code, name, text) k##name = (code),
#include "safeir/spec/traps.def"
#undef TESSERA_TRAP
};

// A branch that a trap for slices is the other arm of: no source says that, so the compiler has inserted it.
bool is_inserted(const llvm::Instruction& instruction) {
    const auto* branch = llvm::dyn_cast<llvm::BranchInst>(&instruction);
    return branch != nullptr && llvm::any_of(branch->successors(), [](const llvm::BasicBlock* arm) {
               const auto* trap = llvm::dyn_cast<llvm::IntrinsicInst>(&arm->front());
               const auto* reason = trap != nullptr && trap->getIntrinsicID() == llvm::Intrinsic::ubsantrap
                                        ? llvm::dyn_cast<llvm::ConstantInt>(trap->getArgOperand(0))
                                        : nullptr;
               return reason != nullptr && reason->getZExtValue() == kSliceBounds;
           });
}

// Whether the check is made once for all turns of a loop around the access.
bool is_outside(const llvm::Instruction& check, const llvm::Instruction& access, const llvm::LoopInfo& loops) {
    const llvm::Loop* loop = loops.getLoopFor(access.getParent());
    return loop != nullptr && !loop->contains(check.getParent());
}

std::string name_of(const llvm::Instruction& at) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    if (llvm::isa<llvm::LoadInst>(at)) {
        stream << "load ";
        at.getType()->print(stream);
    } else if (llvm::isa<llvm::StoreInst>(at)) {
        stream << "store ";
        at.getOperand(0)->getType()->print(stream);
    } else {
        stream << "part passed on";
    }
    return text;
}

std::string reasons(const ProofText& proof, const std::vector<std::size_t>& taken) {
    std::string text;
    for (const std::size_t at : taken) {
        const ProofText::Line& line = proof.lines[at];
        if (line.from == nullptr) {
            continue;
        }
        const std::string place = place_of(*line.from);
        text += fmt::format("{}{}{}{}",
                            text.empty() ? "" : ", ",
                            line.is_invariant ? "a loop's invariant"
                                              : (is_inserted(*line.from) ? "the check" : "the condition"),
                            place.empty() ? "" : " at ",
                            place);
    }
    return text.empty() ? "ranges alone" : text;
}

}  // namespace

std::vector<SliceAccess> explain_slices(std::span<const std::byte> sir) {
    std::vector<SliceAccess> all;
    const auto program = read_program(sir, {});
    if (!program) {
        return all;
    }
    std::map<const llvm::Instruction*, unsigned> checks;
    for (const FunctionNotes& notes : program->functions) {
        if (notes.proof.empty()) {
            continue;
        }
        llvm::Function& function = *notes.function;
        const ProofText proof = read_proof(function, notes.proof, notes.obligations.size());
        const llvm::DominatorTree dominators(function);
        const llvm::LoopInfo loops(dominators);
        for (std::size_t i = 0; i < notes.obligations.size(); ++i) {
            const Obligation& obligation = notes.obligations[i];
            if (obligation.rule != Rule::SliceBounds && obligation.rule != Rule::SliceArgument) {
                continue;
            }
            SliceAccess access{function.getName().str(), place_of(*obligation.at), name_of(*obligation.at)};
            access.is_access = obligation.rule == Rule::SliceBounds;
            for (const std::size_t at : proof.taken[i]) {
                const llvm::Instruction* from = proof.lines[at].from;
                access.proof.push_back(proof.lines[at].text);
                if (from != nullptr && is_inserted(*from)) {
                    (is_outside(*from, *obligation.at, loops) ? access.is_checked_before : access.is_checked) = true;
                    access.check = checks.try_emplace(from, checks.size() + 1).first->second;
                }
            }
            access.why = fmt::format("{}: {}",
                                     access.is_checked          ? "checked"
                                     : access.is_checked_before ? "checked before the loop"
                                                                : "proven",
                                     reasons(proof, proof.taken[i]));
            all.push_back(std::move(access));
        }
    }
    return all;
}

}  // namespace tessera::safeir
