// The state shared by the lowering of all functions of one program.
#pragma once

#include "safeir/lower/base/diagnostics.h"
#include "safeir/lower/base/shape.h"
#include "safeir/lower/base/signature.h"
#include "safeir/lower/function/arena_layout.h"
#include "safeir/lower/function/machine_frame.h"
#include "safeir/lower/slice/slices.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/Module.h"

#include <memory>

namespace tessera::lower {

struct Lowering {
    Lowering(llvm::Module& program, Diagnostics& messages)
        : source(program), context(program.getContext()), target(std::make_unique<llvm::Module>("program", context)),
          diagnostics(messages), shapes(context, program.getDataLayout().getPointerSizeInBits(0)),
          signatures(context, shapes), layout(program, messages), slices(program, messages) {}

    llvm::Module& source;
    llvm::LLVMContext& context;
    std::unique_ptr<llvm::Module> target;
    Diagnostics& diagnostics;
    Shapes shapes;
    Signatures signatures;
    ArenaLayout layout;
    Slices slices;
    llvm::DenseMap<const llvm::Function*, llvm::Function*> functions;
    llvm::DenseMap<const llvm::Function*, MachineFrame> machine_frames;
    llvm::DenseSet<const llvm::Function*> takes_stack;  // functions with the stack pointer as second parameter
    llvm::DenseMap<llvm::FunctionType*, llvm::GlobalVariable*> tables;

    // The kernel helper "tessera.NAME" as declared in helpers.def.
    llvm::Function* helper(llvm::StringRef name);
    // The table of functions of a lowered type; null when the program has none of that type.
    llvm::GlobalVariable* table(llvm::FunctionType* type);
};

}  // namespace tessera::lower
