#include "safeir/inspect/explain.h"

#include "safeir/check/function_checker.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

#include <filesystem>
#include <fmt/format.h>
#include <map>

namespace tessera::safeir {
namespace {

enum TrapReason : unsigned {
#define TESSERA_TRAP(code, name, text) k##name = (code),
#include "safeir/spec/traps.def"
#undef TESSERA_TRAP
};

std::string place_of(const llvm::Instruction& instruction) {
    const llvm::DILocation* location = instruction.getDebugLoc().get();
    if (location == nullptr || location->getLine() == 0) {
        return {};
    }
    return fmt::format(
        "{}:{}", std::filesystem::path(location->getFilename().str()).filename().string(), location->getLine());
}

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

std::string reasons(const llvm::SmallVectorImpl<const llvm::Instruction*>& facts) {
    std::string text;
    for (const llvm::Instruction* fact : facts) {
        const bool is_loop = llvm::isa<llvm::PHINode>(fact);
        const std::string place = place_of(*fact);
        text += fmt::format("{}{}{}{}",
                            text.empty() ? "" : ", ",
                            is_loop ? "a loop's invariant" : (is_inserted(*fact) ? "the check" : "the condition"),
                            place.empty() ? "" : " at ",
                            place);
    }
    return text.empty() ? "ranges alone" : text;
}

}  // namespace

std::vector<SliceAccess> explain_slices(const CheckedModule& program) {
    std::vector<SliceAccess> all;
    const Limits limits;
    std::uint64_t proof_work = 0;
    std::map<const llvm::Instruction*, unsigned> checks;
    for (llvm::Function& function : program.module()) {
        if (function.isDeclaration()) {
            continue;
        }
        FunctionChecker checker(function, limits);
        (void)checker.check(proof_work);
        const llvm::DominatorTree dominators(function);
        const llvm::LoopInfo loops(dominators);
        for (std::size_t i = 0; i < checker.verdicts().size(); ++i) {
            const Obligation& obligation = checker.obligations()[i];
            const FactProver::Verdict& verdict = checker.verdicts()[i];
            if (obligation.rule != Rule::SliceBounds && obligation.rule != Rule::SliceArgument) {
                continue;
            }
            SliceAccess access{function.getName().str(), place_of(*obligation.at), name_of(*obligation.at)};
            access.is_access = obligation.rule == Rule::SliceBounds;
            for (const llvm::Instruction* fact : verdict.by) {
                if (is_inserted(*fact)) {
                    (is_outside(*fact, *obligation.at, loops) ? access.is_checked_before : access.is_checked) = true;
                    access.check = checks.try_emplace(fact, checks.size() + 1).first->second;
                }
            }
            access.why = fmt::format("{}: {}",
                                     access.is_checked          ? "checked"
                                     : access.is_checked_before ? "checked before the loop"
                                                                : "proven",
                                     reasons(verdict.by));
            all.push_back(std::move(access));
        }
    }
    return all;
}

}  // namespace tessera::safeir
