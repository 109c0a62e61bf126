// The optimisation of one translation unit, with x86's cost model, before it is linked.
#pragma once

#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

namespace tessera::lower {

enum class Effort : unsigned char { None, Less, Default, More, Size, MinSize };  // -O0 -O1 -O2 -O3 -Os -Oz

struct OptimiseOptions {
    Effort effort = Effort::None;
    bool vectorise = true;
    bool strip_debug = false;  // drop what Rust's std says of its own lines, for a program without -g
};

// The processor that the optimiser's cost model asks; lives as long as the process.
llvm::TargetMachine& program_machine(const llvm::Module& module);

// Variadic functions become ordinary ones with a pointer to their arguments. To be run under the front end's own
// triple.
void expand_variadics(llvm::Module& module);

void optimise_unit(llvm::Module& module, OptimiseOptions options);

// After linking: drops what nothing reaches, and cleans up.
void optimise_program(llvm::Module& module, Effort effort);

}  // namespace tessera::lower
