#include "test/fuzz/target.h"

#include "safeir/check/checked_module.h"
#include "safeir/load/clone.h"
#include "safeir/load/ease.h"
#include "safeir/load/generate.h"
#include "safeir/read/read_program.h"
#include "safeir/recheck/recheck_module.h"

#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

#include <new>

namespace tessera::fuzz {
namespace {

std::string generate_code(const safeir::CheckedModule& checked) {
    const safeir::SymbolNames names(checked.module());
    const auto module = safeir::clone_whole(checked.module(), names, safeir::Features::X86_64);
    static const auto generator = safeir::CodeGenerator::create(safeir::Features::X86_64, safeir::Tier::Quick);
    safeir::ease_selection(*module);
    std::string text;
    llvm::raw_string_ostream stream(text);
    // Locations are all that a clone has of its debug information, which the verifier calls broken.
    bool broken_debug_info = false;
    if (llvm::verifyModule(*module, &stream, &broken_debug_info)) {
        return "the clone for code generation: " + text;
    }
    const auto object = (*generator)->generate(*module);
    return object ? std::string() : object.error().text;
}

}  // namespace

Outcome try_program(std::span<const std::byte> sir, bool generate) {
    Outcome outcome;
    const auto checked = safeir::check_program(sir);
    if (!checked) {
        if (!checked.error().text.starts_with("SIR")) {
            outcome.problem = "a refusal without a rule: " + checked.error().text;
        }
        return outcome;
    }
    outcome.accepted = true;
    const auto read = safeir::read_program(sir, {});
    if (const auto refusal = safeir::recheck_program(*read)) {
        outcome.problem = "the reader made what it may not: " + refusal->text();
        return outcome;
    }
    llvm::raw_string_ostream stream(outcome.problem);
    if (!llvm::verifyModule(checked->module(), &stream)) {
        outcome.problem = generate ? generate_code(*checked) : std::string();
    }
    return outcome;
}

}  // namespace tessera::fuzz
