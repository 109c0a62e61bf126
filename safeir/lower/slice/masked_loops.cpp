#include "safeir/lower/slice/masked_loops.h"

#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/Loads.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

namespace tessera::lower {

static constexpr unsigned kShortLoop = 16;  // LLVM's own idea of it
static constexpr unsigned kUsualLanes = 8;

llvm::PreservedAnalyses KeepMaskedLoopsScalar::run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
    llvm::LoopInfo& loops = analyses.getResult<llvm::LoopAnalysis>(function);
    llvm::DominatorTree& dominators = analyses.getResult<llvm::DominatorTreeAnalysis>(function);
    llvm::ScalarEvolution& evolution = analyses.getResult<llvm::ScalarEvolutionAnalysis>(function);
    llvm::AssumptionCache& assumptions = analyses.getResult<llvm::AssumptionAnalysis>(function);
    const auto needs_mask = [&](llvm::Loop& loop, llvm::BasicBlock& block) {
        return llvm::any_of(block, [&](llvm::Instruction& instruction) {
            auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction);
            return load != nullptr
                       ? !llvm::isDereferenceableAndAlignedInLoop(load, &loop, evolution, dominators, &assumptions)
                       : llvm::isa<llvm::StoreInst>(instruction);
        });
    };
    // A loop that is known to be short gets no loop for the rest behind it: a last vector with a mask instead.
    const auto would_mask_its_end = [&](llvm::Loop& loop) {
        const unsigned most = evolution.getSmallConstantMaxTripCount(&loop);
        return most != 0 && most < kShortLoop && evolution.getSmallConstantTripMultiple(&loop) % kUsualLanes != 0;
    };
    for (llvm::Loop* loop : loops.getLoopsInPreorder()) {
        llvm::BasicBlock* latch = loop->getLoopLatch();
        if (!loop->isInnermost() || latch == nullptr) {
            continue;
        }
        const bool masked = would_mask_its_end(*loop) || llvm::any_of(loop->blocks(), [&](llvm::BasicBlock* block) {
                                return !dominators.dominates(block, latch) && needs_mask(*loop, *block);
                            });
        if (masked) {
            llvm::addStringMetadataToLoop(loop, "llvm.loop.vectorize.enable", 0);
        }
    }
    return llvm::PreservedAnalyses::all();
}

}  // namespace tessera::lower
