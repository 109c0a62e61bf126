#include "safeir/load/compiler.h"

#include "safeir/load/ease.h"

#include "llvm/IR/Instructions.h"

namespace tessera::safeir {
namespace {

// At -O3 LLVM's placement of blocks may repeat a jump through a table, and weighs each pair of blocks with one against
// all that they lead to: 5 seconds for an interpreter of 256 operations, 0.3 for one of 128. At -O2 it repeats less.
constexpr unsigned kCasesMax = 128;

llvm::CodeGenOptLevel level_for(const llvm::Module& module) {
    for (const auto& function : module) {
        for (const auto& block : function) {
            const auto* choice = llvm::dyn_cast_or_null<llvm::SwitchInst>(block.getTerminator());
            if (choice != nullptr && choice->getNumCases() > kCasesMax) {
                return llvm::CodeGenOptLevel::Default;
            }
        }
    }
    return llvm::CodeGenOptLevel::Aggressive;
}

}  // namespace

Compiler::Compiler(Features features, GuardedPtr<CheckedModule> module)
    : features_(features), module_(std::move(module)), names_(module_->module()), forecast_(names_),
      instructions_(names_.functions().size()) {}

std::uint32_t Compiler::instructions_of(std::uint32_t function) {
    auto& count = instructions_[function];
    if (count == 0) {
        count = names_.functions()[function]->getInstructionCount();
    }
    return count;
}

Result<GeneratedObject> Compiler::compile(std::span<const std::uint32_t> functions, Tier tier) {
    const auto module = clone_functions(module_->module(), functions, names_, features_);
    TRY_TO(auto* const making, generator(tier));
    if (tier == Tier::Quick) {
        ease_selection(*module);
    } else {
        making->machine().setOptLevel(level_for(*module));
        simplify(*module, making->machine());
    }
    return making->generate(*module);
}

Result<GeneratedObject> Compiler::compile_tables() {
    const auto module = clone_tables(module_->module(), names_, features_);
    if (module == nullptr) {
        return GeneratedObject{};
    }
    TRY_TO(auto* const making, generator(Tier::Quick));
    return making->generate(*module);
}

Result<CodeGenerator*> Compiler::generator(Tier tier) {
    auto& generator = generators_[static_cast<std::size_t>(tier)];
    if (generator == nullptr) {
        TRY_TO(generator, CodeGenerator::create(features_, tier));
    }
    return generator.get();
}

}  // namespace tessera::safeir
