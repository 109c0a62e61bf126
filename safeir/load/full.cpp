// The full tier: LLVM's whole optimiser over the whole program. Not linked into the kernel.
#include "safeir/load/cache.h"
#include "safeir/load/cache_entry.h"
#include "safeir/load/clone.h"
#include "safeir/load/generate.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"

namespace tessera::safeir {
namespace {

// A counter stays as wide as its program made it. Where addresses may wrap at 32 bits, a widened one is cut off again
// for each of them, and code generation finds no common step for what it sees as different sums.
void keep_counters_narrow() {
    auto& options = llvm::cl::getRegisteredOptions();
    if (const auto option = options.find("indvars-widen-indvars"); option != options.end()) {
        static_cast<llvm::cl::opt<bool>*>(option->second)->setValue(false);
    }
}

void optimise(llvm::Module& module, llvm::TargetMachine& machine) {
    keep_counters_narrow();
    llvm::LoopAnalysisManager loops;
    llvm::FunctionAnalysisManager functions;
    llvm::CGSCCAnalysisManager sccs;
    llvm::ModuleAnalysisManager modules;
    llvm::PipelineTuningOptions options;
    options.LoopVectorization = true;
    options.SLPVectorization = true;
    llvm::PassBuilder builder(&machine, options);
    // No library function exists: loops stay loops, no call is understood by its name.
    llvm::TargetLibraryInfoImpl library(machine.getTargetTriple());
    library.disableAllFunctions();
    functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(sccs);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, sccs, modules);
    builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3).run(module, modules);
}

}  // namespace

Result<std::vector<std::byte>> generate_cache_entry(const CheckedModule& program, Features features) {
    const SymbolNames names(program.module());
    auto module = clone_whole(program.module(), names, features);
    for (const auto& exported : program.exports()) {
        module->getFunction(function_symbol(exported.function))->setLinkage(llvm::GlobalValue::ExternalLinkage);
    }
    TRY_TO(const auto generator, CodeGenerator::create(features, Tier::Full));
    optimise(*module, generator->machine());
    TRY_TO(const auto object, generator->generate(*module));
    return encode_cache_entry(
        cache_binding(program.content_hash(), features), object.lines, {object.elf.data(), object.elf.size()});
}

}  // namespace tessera::safeir
