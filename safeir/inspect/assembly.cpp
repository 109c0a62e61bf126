#include "safeir/inspect/assembly.h"

#include "safeir/check/check_module.h"
#include "safeir/prove/prove_module.h"
#include "safeir/read/read_program.h"
#include "safeir/recheck/recheck_module.h"
#include "safeir/write/write_program.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

namespace tessera::safeir {
namespace {

Result<std::unique_ptr<llvm::Module>> parse(std::string_view text, std::string_view name, llvm::LLVMContext& context) {
    llvm::SMDiagnostic problem;
    auto module =
        llvm::parseAssembly(llvm::MemoryBufferRef(llvm::StringRef(text), llvm::StringRef(name)), problem, context);
    if (module == nullptr) {
        return fail(Blame::Program,
                    fmt::format("{}:{}: not LLVM assembly: {}", name, problem.getLineNo(), problem.getMessage().str()));
    }
    return module;
}

}  // namespace

Result<std::string> disassemble(std::span<const std::byte> sir) {
    auto program = read_program(sir, {});
    if (!program) {
        return fail(Blame::Program, program.error().text());
    }
    std::string text;
    llvm::raw_string_ostream stream(text);
    program->module->print(stream, nullptr);
    return text;
}

Result<std::vector<std::byte>>
assemble(std::string_view text, std::string_view name, std::vector<ProgramImage::CapTable> cap_tables) {
    llvm::LLVMContext context;
    TRY_TO(const auto module, parse(text, name, context));
    ProgramImage image;
    image.memory_initial_bytes = 4 * std::uint64_t{kMemoryPageBytes};
    image.stack_bottom = kArenaFirstByte;
    image.stack_top = kArenaFirstByte + kMemoryPageBytes;
    image.cap_tables = std::move(cap_tables);
    return write_program(*module, image);
}

Result<std::optional<Refusal>> check_assembly(std::string_view text, std::string_view name, ChangeProofs change) {
    llvm::LLVMContext context;
    TRY_TO(const auto module, parse(text, name, context));
    if (module->getDataLayoutStr().empty()) {
        module->setDataLayout(kDataLayout);
    }
    // What the reader would not have made comes first.
    std::vector<FunctionNotes> functions;
    if (auto refusal = recheck_module(*module, {}, &functions)) {
        return refusal;
    }
    const ModuleProofs proofs(functions);
    Proofs all = proofs.all();
    change(*module, all);
    for (FunctionNotes& notes : functions) {
        notes.proof = all.lookup(notes.function);
    }
    return check_module(functions);
}

}  // namespace tessera::safeir
