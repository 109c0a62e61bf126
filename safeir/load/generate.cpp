#include "safeir/load/generate.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar.h"
#include "llvm/Transforms/Scalar/GVN.h"

#include <mutex>

// Only X86's code generator: no assembly parser, no disassembler.
extern "C" {
void LLVMInitializeX86TargetInfo();
void LLVMInitializeX86Target();
void LLVMInitializeX86TargetMC();
void LLVMInitializeX86AsmPrinter();
}

namespace tessera::safeir {
namespace {

// An interpreter's jump to its next operation is repeated behind each operation, as clang does it for a computed goto,
// up to this many operations; LLVM's own limit for other jumps through tables is 16. A table of a program has at most
// 2^12 such cases, and the copies are limited by both numbers.
constexpr unsigned kRepeatedJumps = 256;

void set_limits_of_repetition() {
    auto& options = llvm::cl::getRegisteredOptions();
    for (const char* name : {"tail-dup-pred-size", "tail-dup-succ-size"}) {
        if (const auto option = options.find(name); option != options.end()) {
            static_cast<llvm::cl::opt<unsigned>*>(option->second)->setValue(kRepeatedJumps);
        }
    }
}

const llvm::Target* x86_target() {
    static const llvm::Target* const target = [] {
        LLVMInitializeX86TargetInfo();
        LLVMInitializeX86Target();
        LLVMInitializeX86TargetMC();
        LLVMInitializeX86AsmPrinter();
        set_limits_of_repetition();
        std::string ignored;
        return llvm::TargetRegistry::lookupTarget(llvm::Triple("x86_64-unknown-linux-gnu"), ignored);
    }();
    return target;
}

}  // namespace

std::unique_ptr<llvm::TargetMachine> make_target_machine(Features features, Tier tier) {
    llvm::TargetOptions options;
    // No code path may run on into whatever comes next in memory.
    options.TrapUnreachable = true;
    options.NoTrapAfterNoreturn = false;
    options.ExceptionModel = llvm::ExceptionHandling::None;
    const auto level = tier == Tier::Quick ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Aggressive;
    const auto features_text = features_name(features);
    return std::unique_ptr<llvm::TargetMachine>(
        x86_target()->createTargetMachine(llvm::Triple("x86_64-unknown-linux-gnu"),
                                          {features_text.data(), features_text.size()},
                                          "",
                                          options,
                                          llvm::Reloc::PIC_,
                                          llvm::CodeModel::Small,
                                          level,
                                          /*JIT=*/true));
}

void simplify(llvm::Module& module, llvm::TargetMachine& machine) {
    llvm::TargetLibraryInfoImpl library(machine.getTargetTriple());
    library.disableAllFunctions();
    llvm::legacy::PassManager passes;
    passes.add(new llvm::TargetLibraryInfoWrapperPass(library));
    passes.add(llvm::createTargetTransformInfoWrapperPass(machine.getTargetIRAnalysis()));
    passes.add(llvm::createEarlyCSEPass(/*UseMemorySSA=*/true));
    passes.add(llvm::createInstructionCombiningPass());
    passes.add(llvm::createCFGSimplificationPass());
    passes.add(llvm::createLICMPass());
    passes.add(llvm::createGVNPass());
    passes.add(llvm::createInstructionCombiningPass());
    passes.add(llvm::createCFGSimplificationPass());
    passes.run(module);
}

Result<GeneratedObject> generate_object(llvm::Module& module, llvm::TargetMachine& machine) {
    GeneratedObject object;
    {
        // No library function is assumed to exist, so that no loop becomes a call of memset behind the checker's back.
        llvm::TargetLibraryInfoImpl library(machine.getTargetTriple());
        library.disableAllFunctions();
        llvm::raw_svector_ostream stream(object.elf);
        llvm::legacy::PassManager passes;
        passes.add(new llvm::TargetLibraryInfoWrapperPass(library));
        if (machine.addPassesToEmitFile(
                passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile, /*DisableVerify=*/true)) {
            return fail(Blame::Kernel, "the code generator can't write objects");
        }
        passes.run(module);
    }
    if (module.debug_compile_units_begin() != module.debug_compile_units_end()) {
        object.lines = read_line_table({object.elf.data(), object.elf.size()});
        drop_debug_sections(object.elf);
    }
    return object;
}

}  // namespace tessera::safeir
