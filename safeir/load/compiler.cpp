#include "safeir/load/compiler.h"

#include "safeir/load/ease.h"

#include "llvm/Target/TargetMachine.h"

namespace tessera::safeir {

Compiler::Compiler(Guard& guard, Features features, CheckedModule module)
    : guard_(guard), features_(features), module_(std::make_unique<CheckedModule>(std::move(module))),
      names_(module_->module()), forecast_(names_), instructions_(names_.functions().size()) {}

Compiler::~Compiler() {
    if (broken_) {
        // LLVM was interrupted in the middle of it: never to be destroyed.
        (void)module_.release();
        for (auto& machine : machines_) {
            (void)machine.release();
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
        if (tier == Tier::Quick) {
            ease_selection(*module);
        } else {
            simplify(*module, machine(tier));
        }
        TRY_TO(object, generate_object(*module, machine(tier)));
        return {};
    }));
    return object;
}

Result<GeneratedObject> Compiler::compile_tables() {
    GeneratedObject object;
    TRY_VOID(run([&]() -> Result<void> {
        if (const auto module = clone_tables(module_->module(), names_, features_)) {
            TRY_TO(object, generate_object(*module, machine(Tier::Quick)));
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

llvm::TargetMachine& Compiler::machine(Tier tier) {
    auto& machine = machines_[static_cast<std::size_t>(tier)];
    if (machine == nullptr) {
        machine = make_target_machine(features_, tier);
    }
    return *machine;
}

}  // namespace tessera::safeir
