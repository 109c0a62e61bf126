#include "safeir/load/generate.h"

#include "safeir/load/line_recorder.h"
#include "safeir/load/settle.h"
#include "safeir/load/wide_phi.h"
#include "safeir/load/zero_clamp.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCELFStreamer.h"
#include "llvm/MC/MCObjectWriter.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar.h"

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

// An object's writer, which tells the recorder when it has laid out all code.
class ObjectStreamer final : public llvm::MCELFStreamer {
  public:
    ObjectStreamer(llvm::MCContext& context,
                   std::unique_ptr<llvm::MCAsmBackend> backend,
                   std::unique_ptr<llvm::MCObjectWriter> writer,
                   std::unique_ptr<llvm::MCCodeEmitter> emitter,
                   LineRecorder& lines)
        : MCELFStreamer(context, std::move(backend), std::move(writer), std::move(emitter)), lines_(lines) {
        new llvm::MCTargetStreamer(*this);  // registers itself, and is then this streamer's
    }

    // Called when the object is finished.
    void reset() override {
        lines_.resolve(getAssembler());
        MCELFStreamer::reset();
    }

  private:
    LineRecorder& lines_;
};

// As TargetMachine::addPassesToEmitFile does, which has no place for a recorder.
Result<void> add_code_generator(llvm::legacy::PassManager& passes,
                                llvm::TargetMachine& machine,
                                llvm::raw_pwrite_stream& stream,
                                LineRecorder& lines) {
    auto* const machine_modules = new llvm::MachineModuleInfoWrapperPass(&machine);
    auto* const config = machine.createPassConfig(passes);
    config->setDisableVerify(true);
    passes.add(config);
    passes.add(machine_modules);
    if (config->addISelPasses()) {
        return fail(Blame::Kernel, "the code generator can't select instructions");
    }
    config->addMachinePasses();
    config->setInitialized();
    const auto& target = machine.getTarget();
    auto& context = machine_modules->getMMI().getContext();
    std::unique_ptr<llvm::MCAsmBackend> backend(target.createMCAsmBackend(
        *machine.getMCSubtargetInfo(), *machine.getMCRegisterInfo(), machine.Options.MCOptions));
    auto writer = backend->createObjectWriter(stream);
    std::unique_ptr<llvm::MCCodeEmitter> emitter(target.createMCCodeEmitter(*machine.getMCInstrInfo(), context));
    auto* const printer = static_cast<llvm::AsmPrinter*>(target.createAsmPrinter(
        machine,
        std::make_unique<ObjectStreamer>(context, std::move(backend), std::move(writer), std::move(emitter), lines)));
    lines.listen_to(*printer);
    passes.add(printer);
    passes.add(llvm::createFreeMachineFunctionPass());
    return {};
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
    passes.add(llvm::createEarlyCSEPass());
    passes.add(llvm::createCFGSimplificationPass());
    passes.add(llvm::createInstructionCombiningPass());
    passes.run(module);
}

struct CodeGenerator::Passes {
    llvm::SmallVector<char, 0> elf;
    llvm::raw_svector_ostream stream{elf};
    LineRecorder lines;
    llvm::legacy::PassManager manager;
};

CodeGenerator::CodeGenerator() = default;
CodeGenerator::~CodeGenerator() = default;

Result<std::unique_ptr<CodeGenerator>> CodeGenerator::create(Features features, Tier tier) {
    std::unique_ptr<CodeGenerator> generator(new CodeGenerator);
    generator->machine_ = make_target_machine(features, tier);
    generator->passes_ = std::make_unique<Passes>();
    auto& passes = *generator->passes_;
    // No library function is assumed to exist, so that no loop becomes a call of memset behind the checker's back.
    llvm::TargetLibraryInfoImpl library(generator->machine_->getTargetTriple());
    library.disableAllFunctions();
    passes.manager.add(new llvm::TargetLibraryInfoWrapperPass(library));
    TRY_VOID(add_code_generator(passes.manager, *generator->machine_, passes.stream, passes.lines));
    return generator;
}

Result<GeneratedObject> CodeGenerator::generate(llvm::Module& module) {
    passes_->elf.clear();
    settle_undefined(module);
    if (machine_->getOptLevel() != llvm::CodeGenOptLevel::None) {
        expand_zero_clamps(module);
        widen_loaded_phis(module);
    }
    passes_->manager.run(module);
    return GeneratedObject{passes_->elf, passes_->lines.take()};
}

}  // namespace tessera::safeir
