// Full code for a program that began with quick code, made beside it while it runs.
//
// LLVM's contexts belong to one thread, so this works on a module of its own: the same bytes, read and checked again.
// Functions that the program has called come first, the others after them. A call that is under way goes on in the code
// that it began with; the next one goes to the new code.
#pragma once

#include "core/base/result.h"
#include "safeir/load/clone.h"
#include "safeir/load/program.h"

#include <memory>

namespace tessera::safeir {

class Upgrade {
  public:
    // `module` has to be of the bytes that `program` was loaded from. The program must outlive this.
    static Result<std::unique_ptr<Upgrade>>
    create(const LoadContext& context, LoadedProgram& program, CheckedModule module);
    ~Upgrade();

    // Compiles one function. False: all have full code. After an error there is nothing more to be had.
    [[nodiscard]] Result<bool> step();

  private:
    Upgrade(const LoadContext& context, LoadedProgram& program, CheckedModule module);

    const LoadContext& context_;
    LoadedProgram& program_;
    std::unique_ptr<CheckedModule> module_;
    SymbolNames names_;
    std::unique_ptr<llvm::TargetMachine> machine_;
};

}  // namespace tessera::safeir
