#include "safeir/lower/unit/optimise.h"

#include "safeir/lower/slice/masked_loops.h"
#include "safeir/lower/slice/slice_loops.h"
#include "safeir/lower/unit/retarget.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/IPO/ExpandVariadics.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/Scalar/DCE.h"
#include "llvm/Transforms/Scalar/LowerConstantIntrinsics.h"
#include "llvm/Transforms/Scalar/ScalarizeMaskedMemIntrin.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/Mem2Reg.h"

#include <cstdlib>
#include <memory>

namespace tessera::lower {

static std::unique_ptr<llvm::TargetMachine> make_machine(const char* triple_name) {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    std::string problem;
    const llvm::Triple triple(triple_name);
    const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, problem);
    if (target == nullptr) {
        llvm::report_fatal_error(llvm::Twine("LLVM was built without x86: ") + problem);
    }
    return std::unique_ptr<llvm::TargetMachine>(
        target->createTargetMachine(triple, kProcessor, kFeatures, llvm::TargetOptions(), std::nullopt));
}

llvm::TargetMachine& program_machine(const llvm::Module& module) {
    static const std::unique_ptr<llvm::TargetMachine> machine = make_machine(kProgramTriple);
    static const std::unique_ptr<llvm::TargetMachine> wide_machine = make_machine(kWideTriple);
    return is_wide(module) ? *wide_machine : *machine;
}

namespace {

// The four analysis managers that a pass manager needs, registered with each other.
class Passes {
  public:
    explicit Passes(llvm::TargetMachine* machine, llvm::PipelineTuningOptions tuning = {}) : builder_(machine, tuning) {
        builder_.registerModuleAnalyses(modules_);
        builder_.registerCGSCCAnalyses(components_);
        builder_.registerFunctionAnalyses(functions_);
        builder_.registerLoopAnalyses(loops_);
        builder_.crossRegisterProxies(loops_, functions_, components_, modules_);
    }
    llvm::PassBuilder& builder() { return builder_; }
    void run(llvm::ModulePassManager& passes, llvm::Module& module) { passes.run(module, modules_); }

  private:
    llvm::PassBuilder builder_;
    llvm::LoopAnalysisManager loops_;
    llvm::FunctionAnalysisManager functions_;
    llvm::CGSCCAnalysisManager components_;
    llvm::ModuleAnalysisManager modules_;
};

llvm::OptimizationLevel level_of(Effort effort) {
    switch (effort) {
    case Effort::None:
        return llvm::OptimizationLevel::O0;
    case Effort::Less:
        return llvm::OptimizationLevel::O1;
    case Effort::Default:
        return llvm::OptimizationLevel::O2;
    case Effort::More:
        return llvm::OptimizationLevel::O3;
    case Effort::Size:
        return llvm::OptimizationLevel::Os;
    case Effort::MinSize:
        return llvm::OptimizationLevel::Oz;
    }
    return llvm::OptimizationLevel::O0;
}

}  // namespace

void expand_variadics(llvm::Module& module) {
    // The pass takes its mode from this option alone in LLVM 22.1.8, whatever it is constructed with.
    static const bool once = [] {
        const char* arguments[] = {"tessera", "--expand-variadics-override=lowering"};
        return llvm::cl::ParseCommandLineOptions(2, arguments, "", &llvm::nulls());
    }();
    (void)once;
    Passes passes(&program_machine(module));
    llvm::ModulePassManager pipeline;
    pipeline.addPass(llvm::ExpandVariadicsPass(llvm::ExpandVariadicsMode::Lowering));
    passes.run(pipeline, module);
}

void optimise_unit(llvm::Module& module, OptimiseOptions options) {
    llvm::PipelineTuningOptions tuning;
    const bool vectorise = options.vectorise && options.effort >= Effort::Default && options.effort != Effort::MinSize;
    tuning.LoopVectorization = vectorise;
    tuning.LoopInterleaving = vectorise;
    tuning.SLPVectorization = vectorise;
    Passes passes(&program_machine(module), tuning);
    passes.builder().registerVectorizerStartEPCallback(
        [vectorise](llvm::FunctionPassManager& before, llvm::OptimizationLevel) {
            if (vectorise) {
                before.addPass(VectoriseSliceLoops());
            }
            before.addPass(KeepMaskedLoopsScalar());
        });
    llvm::ModulePassManager pipeline;
    if (options.effort == Effort::None) {
        // Capabilities may not rest in memory, so even here local variables become values.
        llvm::FunctionPassManager function;
        function.addPass(llvm::PromotePass());
        function.addPass(llvm::SimplifyCFGPass());
        pipeline.addPass(passes.builder().buildO0DefaultPipeline(llvm::OptimizationLevel::O0));
        pipeline.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(function)));
    } else {
        pipeline = passes.builder().buildPerModuleDefaultPipeline(level_of(options.effort));
    }
    passes.run(pipeline, module);
    // For no machine in particular: the processor has masked accesses, safe IR has none.
    Passes plain(nullptr);
    llvm::FunctionPassManager last;
    last.addPass(llvm::LowerConstantIntrinsicsPass());
    last.addPass(llvm::ScalarizeMaskedMemIntrinPass());
    last.addPass(llvm::DCEPass());
    llvm::ModulePassManager end;
    end.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(last)));
    plain.run(end, module);
}

void optimise_program(llvm::Module& module, Effort) {
    Passes passes(&program_machine(module));
    llvm::ModulePassManager pipeline;
    pipeline.addPass(llvm::GlobalDCEPass());
    passes.run(pipeline, module);
}

}  // namespace tessera::lower
