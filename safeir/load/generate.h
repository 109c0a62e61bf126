// Machine code from a cloned module: an ELF object in memory and its line table.
#pragma once

#include "core/base/result.h"
#include "safeir/load/cpu_features.h"
#include "safeir/load/line_table.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace tessera::safeir {

enum class Tier : std::uint8_t {
    Quick,  // for a function that is waited for
    Full,   // for code that is kept
};

[[nodiscard]] std::unique_ptr<llvm::TargetMachine> make_target_machine(Features features, Tier tier);

// The few passes that the canonical form's guards and masks need for code of full quality. Vectorising and inlining is
// the image builder's (full.cpp).
void simplify(llvm::Module& module, llvm::TargetMachine& machine);

struct GeneratedObject {
    llvm::SmallVector<char, 0> elf;
    LineTable lines;
};

// Makes objects of one module after another: setting LLVM's passes up takes longer than a small function.
class CodeGenerator {
  public:
    static Result<std::unique_ptr<CodeGenerator>> create(Features features, Tier tier);
    ~CodeGenerator();

    [[nodiscard]] llvm::TargetMachine& machine() { return *machine_; }
    // Changes the module.
    [[nodiscard]] Result<GeneratedObject> generate(llvm::Module& module);

  private:
    CodeGenerator();
    struct Passes;
    std::unique_ptr<llvm::TargetMachine> machine_;
    std::unique_ptr<Passes> passes_;
};

}  // namespace tessera::safeir
