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

Compiler::Compiler(Guard& guard, Features features, CheckedModule module)
    : guard_(guard), features_(features), module_(std::make_unique<CheckedModule>(std::move(module))),
      names_(module_->module()), forecast_(names_), instructions_(names_.functions().size()) {}

Compiler::~Compiler() {
    if (broken_) {
        // LLVM was interrupted in the middle of it: never to be destroyed.
        (void)module_.release();
        for (auto& generator : generators_) {
            (void)generator.release();
        }
    }
}

std::uint32_t Compiler::instructions_of(std::uint32_t function) {
    auto& count = instructions_[function];
    if (count == 0) {
        count = names_.functions()[function]->getInstructionCount();
    }
    return count;
}

std::span<const Forecast::Callee> Compiler::callees_of(std::uint32_t caller) {
    std::span<const Forecast::Callee> callees;
    const auto done = run([&]() -> Result<void> {
        callees = forecast_.callees_of(caller);
        return {};
    });
    return done ? callees : std::span<const Forecast::Callee>();
}

Result<GeneratedObject> Compiler::compile(std::span<const std::uint32_t> functions, Tier tier) {
    GeneratedObject object;
    TRY_VOID(run([&]() -> Result<void> {
        const auto module = clone_functions(module_->module(), functions, names_, features_);
        TRY_TO(auto* const making, generator(tier));
        if (tier == Tier::Quick) {
            ease_selection(*module);
        } else {
            making->machine().setOptLevel(level_for(*module));
            simplify(*module, making->machine(), guard_);
        }
        TRY_TO(object, making->generate(*module));
        return {};
    }));
    return object;
}

Result<GeneratedObject> Compiler::compile_tables() {
    GeneratedObject object;
    TRY_VOID(run([&]() -> Result<void> {
        if (const auto module = clone_tables(module_->module(), names_, features_)) {
            TRY_TO(auto* const making, generator(Tier::Quick));
            TRY_TO(object, making->generate(*module));
        }
        return {};
    }));
    return object;
}

Result<void> Compiler::run(llvm::function_ref<Result<void>()> work) {
    if (broken_) {
        return std::unexpected(*broken_);
    }
    auto done = guard_.run(work);
    if (!done) {
        broken_ = done.error();
    }
    return done;
}

Result<CodeGenerator*> Compiler::generator(Tier tier) {
    auto& generator = generators_[static_cast<std::size_t>(tier)];
    if (generator == nullptr) {
        TRY_TO(generator, CodeGenerator::create(features_, tier, guard_));
    }
    return generator.get();
}

}  // namespace tessera::safeir
