// The independent check of what the reader makes: types, operands, flags, attributes, linkage, and the shapes of
// addresses, shifts, lanes, structs and traps. The reader can't build a module that is refused here, so the kernel does
// without; tests ask after each check, and of modules that no reader made.
#pragma once

#include "safeir/diag/limits.h"
#include "safeir/diag/refusal.h"
#include "safeir/read/program_types.h"

#include "llvm/IR/Module.h"

#include <optional>
#include <vector>

namespace tessera::safeir {

// The first refusal, or nothing. `module` is not changed. `found`: what each function's accesses owe, as its code says.
[[nodiscard]] std::optional<Refusal>
recheck_module(llvm::Module& module, const Limits& limits = {}, std::vector<FunctionNotes>* found = nullptr);
// The same, and whether the reader has noted of each access what it owes.
[[nodiscard]] std::optional<Refusal> recheck_program(const ReadProgram& program, const Limits& limits = {});

}  // namespace tessera::safeir
