#include "safeir/lower/slice/slice_loops.h"

#include "safeir/lower/slice/body_copy.h"
#include "safeir/lower/slice/masked_loops.h"
#include "safeir/lower/slice/slice_accessors.h"
#include "safeir/lower/slice/slice_work.h"

#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Vectorize/LoopVectorize.h"

namespace tessera::lower {
namespace {

constexpr unsigned kLoopsMax = 64;  // of a function

bool has_accessors(const llvm::Function& function) {
    return llvm::any_of(llvm::instructions(function), [](const llvm::Instruction& instruction) {
        const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
        return call != nullptr && is_slice_accessor(call->getCalledFunction());
    });
}

// Of the loops that were made twice and not vectorised, those remain that gain by it: with no check inside where the
// program has none outside.
void give_back(llvm::Function& function, llvm::ArrayRef<Versioned> versioned) {
    llvm::DominatorTree dominators(function);
    const llvm::LoopInfo loops(dominators);
    for (const Versioned& each : versioned) {
        if (each.header == nullptr || each.choice == nullptr) {
            continue;
        }
        const llvm::Loop* loop = loops.getLoopFor(llvm::cast<llvm::BasicBlock>(each.header));
        if (loop == nullptr || llvm::getBooleanLoopAttribute(loop, "llvm.loop.isvectorized")) {
            continue;
        }
        if (auto* choice = llvm::dyn_cast_or_null<llvm::BranchInst>(each.choice); each.may_be_proven) {
            choice->setCondition(llvm::ConstantInt::getFalse(function.getContext()));
        }
        if (auto* choice = llvm::dyn_cast_or_null<llvm::BranchInst>(each.choice_apart)) {
            choice->setCondition(llvm::ConstantInt::getTrue(function.getContext()));
        }
    }
}

// False where nothing was opened.
bool open_loops(llvm::Function& function, llvm::FunctionAnalysisManager& analyses, SliceWork& work) {
    llvm::SmallVector<llvm::WeakVH, 8> headers;
    for (llvm::Loop* loop : analyses.getResult<llvm::LoopAnalysis>(function).getLoopsInPreorder()) {
        if (loop->isInnermost() && headers.size() < kLoopsMax) {
            headers.emplace_back(loop->getHeader());
        }
    }
    for (const llvm::WeakVH& header : headers) {
        llvm::LoopInfo& loops = analyses.getResult<llvm::LoopAnalysis>(function);
        llvm::Loop* loop = loops.getLoopFor(llvm::cast<llvm::BasicBlock>(header));
        if (loop != nullptr && open_slices(*loop, function, analyses, work)) {
            analyses.invalidate(function, llvm::PreservedAnalyses::none());
        }
    }
    return !work.accesses.empty();
}

// The function as it was written.
void put_back(llvm::Function& function, llvm::FunctionAnalysisManager& analyses, BodyCopy& written) {
    // Its assumptions are never invalidated: they follow changes, but not a body that is another.
    analyses.getResult<llvm::AssumptionAnalysis>(function).clear();
    analyses.invalidate(function, llvm::PreservedAnalyses::none());
    written.put_back();
    if (llvm::Function* begin = function.getParent()->getFunction(kOpenSlice)) {
        begin->eraseFromParent();
    }
}

}  // namespace

llvm::PreservedAnalyses VectoriseSliceLoops::run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
    if (function.hasOptSize() || !has_accessors(function)) {
        return llvm::PreservedAnalyses::all();
    }
    analyses.invalidate(function, llvm::LoopSimplifyPass().run(function, analyses));
    BodyCopy written(function);
    SliceWork work;
    if (!open_loops(function, analyses, work)) {
        return llvm::PreservedAnalyses::none();
    }
    (void)KeepMaskedLoopsScalar().run(function, analyses);
    analyses.invalidate(function, llvm::PreservedAnalyses::none());
    (void)llvm::LoopVectorizePass().run(function, analyses);
    give_back(function, work.loops);
    if (!close_slices(function, work)) {
        put_back(function, analyses, written);
    }
    return llvm::PreservedAnalyses::none();
}

}  // namespace tessera::lower
