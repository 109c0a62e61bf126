#include "safeir/lower/unit/unit.h"

#include "safeir/lower/slice/slice_accessors.h"
#include "safeir/lower/unit/by_value.h"
#include "safeir/lower/unit/computed_goto.h"
#include "safeir/lower/unit/double_width.h"
#include "safeir/lower/unit/frame_address.h"
#include "safeir/lower/unit/main_function.h"
#include "safeir/lower/unit/no_prototype.h"
#include "safeir/lower/unit/retarget.h"
#include "safeir/lower/unit/runtime_calls.h"
#include "safeir/lower/unit/rust_module.h"
#include "safeir/lower/unit/setjmp.h"
#include "safeir/lower/unit/variadic_invokes.h"

#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/AutoUpgrade.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

namespace tessera::lower {

static bool is_sound(llvm::Module& module, llvm::StringRef name, Diagnostics& diagnostics) {
    std::string problems;
    llvm::raw_string_ostream stream(problems);
    if (llvm::verifyModule(module, &stream)) {
        diagnostics.error(name + ": not valid LLVM IR: " + llvm::StringRef(problems).split('\n').first);
        return false;
    }
    return true;
}

std::unique_ptr<llvm::Module>
read_module(llvm::MemoryBufferRef bytes, llvm::LLVMContext& context, Diagnostics& diagnostics) {
    llvm::SMDiagnostic problem;
    std::unique_ptr<llvm::Module> module = llvm::parseIR(bytes, problem, context);
    if (module == nullptr) {
        diagnostics.error(bytes.getBufferIdentifier() +
                          ": not an object of tessera cc, bitcode or LLVM assembly: " + problem.getMessage());
        return nullptr;
    }
    return is_sound(*module, bytes.getBufferIdentifier(), diagnostics) ? std::move(module) : nullptr;
}

std::unique_ptr<llvm::Module>
read_module(const std::string& path, llvm::LLVMContext& context, Diagnostics& diagnostics) {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    if (!buffer) {
        diagnostics.error(path + ": " + buffer.getError().message());
        return nullptr;
    }
    return read_module(buffer.get()->getMemBufferRef(), context, diagnostics);
}

bool prepare_unit(llvm::Module& module, OptimiseOptions options, Diagnostics& diagnostics) {
    if (is_retargeted(module)) {
        return true;
    }
    if (!module.getModuleInlineAsm().empty()) {
        diagnostics.error(module.getSourceFileName() + ": assembly at file scope can't be verified");
        return false;
    }
    if (module.getTargetTriple().getArch() == llvm::Triple::x86_64 && is_wide(module)) {
        if (options.strip_debug) {
            llvm::StripDebugInfo(module);
        }
        adopt_rust_module(module);
    } else if (module.getTargetTriple().isWasm() && !is_wide(module)) {
        give_main_its_type(module);
        give_prototypes(module);
        hide_variadic_invokes(module);
        copy_variadic_arguments(module);
        expand_variadics(module);
        restore_variadic_invokes(module);
    }
    lower_computed_goto(module);
    lower_frame_address(module);
    lower_setjmp(module, diagnostics);
    if (const std::string problem = retarget(module); !problem.empty()) {
        diagnostics.error(module.getModuleIdentifier() + ": " + problem);
    }
    if (diagnostics.failed()) {
        return false;
    }
    describe_slices(module);
    optimise_unit(module, options);
    divide_double_width(module);
    use_runtime_calls(module);
    return true;
}

bool write_bitcode(const llvm::Module& module, const std::string& path, Diagnostics& diagnostics) {
    std::error_code problem;
    llvm::raw_fd_ostream stream(path, problem);
    if (problem) {
        diagnostics.error("can't write " + path + ": " + problem.message());
        return false;
    }
    llvm::WriteBitcodeToFile(module, stream);
    return true;
}

bool write_assembly(const llvm::Module& module, const std::string& path, Diagnostics& diagnostics) {
    std::error_code problem;
    llvm::raw_fd_ostream stream(path, problem);
    if (problem) {
        diagnostics.error("can't write " + path + ": " + problem.message());
        return false;
    }
    module.print(stream, nullptr);
    return true;
}

}  // namespace tessera::lower
