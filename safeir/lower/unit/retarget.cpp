#include "safeir/lower/unit/retarget.h"

namespace tessera::lower {

// musl, because the C library is; the environment decides which library functions the optimiser knows by name.
const char* const kProgramTriple = "x86_64-unknown-linux-muslx32";
const char* const kWideTriple = "x86_64-unknown-linux-musl";
// What the optimiser reckons with: vectors of 256 bits, which code generation splits where the processor lacks them.
// Not FMA: nothing is contracted.
const char* const kProcessor = "x86-64-v3";
const char* const kFeatures = "-fma";

// x32's own layout, plus the front end's address spaces of tables (1), capabilities (10) and function references (20),
// which no optimisation may turn into integers.
static const char* const kProgramLayout =
    "e-m:e-p:32:32-p270:32:32-p271:32:32-p272:64:64-p10:64:64-p20:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128-ni:1:"
    "10:20";
static const char* const kWideLayout =
    "e-m:e-p270:32:32-p271:32:32-p272:64:64-p10:64:64-p20:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128-ni:1:10:20";

bool is_wide(const llvm::Module& module) { return module.getDataLayout().getPointerSizeInBits(0) == 64; }

bool is_retargeted(const llvm::Module& module) {
    return module.getDataLayoutStr() == (is_wide(module) ? kWideLayout : kProgramLayout);
}

std::string retarget(llvm::Module& module) {
    const llvm::DataLayout& layout = module.getDataLayout();
    const bool wide = is_wide(module);
    const llvm::Triple& triple = module.getTargetTriple();
    const bool known_wide = wide && (triple.isWasm() || triple.getArch() == llvm::Triple::x86_64);
    if ((layout.getPointerSizeInBits(0) != 32 && !known_wide) || !layout.isLittleEndian()) {
        const std::string machine = triple.str();
        return "compiled for " + (machine.empty() ? "no known machine" : machine) +
               "; programs come from tessera cc, tessera rustc or clang --target=wasm32-wasip1 -emit-llvm";
    }
    module.setTargetTriple(llvm::Triple(wide ? kWideTriple : kProgramTriple));
    module.setDataLayout(wide ? kWideLayout : kProgramLayout);
    for (llvm::Function& function : module) {
        for (const char* name :
             {"target-cpu", "tune-cpu", "target-features", "stack-protector-buffer-size", "probe-stack"}) {
            function.removeFnAttr(name);
        }
        if (!function.isDeclaration()) {
            function.addFnAttr("target-cpu", kProcessor);
            function.addFnAttr("tune-cpu", "generic");
            function.addFnAttr("target-features", kFeatures);
        }
    }
    return "";
}

}  // namespace tessera::lower
