#include "safeir/load/upgrade.h"

#include "safeir/load/generate.h"

#include "llvm/Target/TargetMachine.h"

namespace tessera::safeir {
Upgrade::Upgrade(const LoadContext& context, LoadedProgram& program, CheckedModule module)
    : context_(context), program_(program), module_(std::make_unique<CheckedModule>(std::move(module))),
      names_(module_->module()) {}

Upgrade::~Upgrade() = default;

Result<std::unique_ptr<Upgrade>>
Upgrade::create(const LoadContext& context, LoadedProgram& program, CheckedModule module) {
    if (module.content_hash() != program.content_hash()) {
        return fail(Blame::Kernel, "full code is made from another program");
    }
    std::unique_ptr<Upgrade> upgrade(new Upgrade(context, program, std::move(module)));
    upgrade->machine_ = make_target_machine(context.features, Tier::Full);
    return upgrade;
}

Result<bool> Upgrade::step() {
    const auto function = program_.next_to_upgrade();
    if (!function) {
        return false;
    }
    GeneratedObject object;
    auto made = context_.guard->run([&]() -> Result<void> {
        auto module = clone_function(*names_.functions()[*function], names_, context_.features);
        simplify(*module, *machine_);
        TRY_TO(object, generate_object(*module, *machine_));
        return {};
    });
    if (!made) {
        // LLVM may have been interrupted in the middle of it: never to be used nor destroyed.
        (void)module_.release();
        (void)machine_.release();
        return std::unexpected(std::move(made).error());
    }
    TRY_VOID(program_.upgrade(*function, std::move(object)));
    return true;
}

}  // namespace tessera::safeir
