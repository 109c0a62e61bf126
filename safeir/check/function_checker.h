// FunctionChecker: what depends on the program, at each instruction of one function. What the reader makes so by itself
// is not looked at again; tests do (safeir/recheck).
#pragma once

#include "safeir/check/checked_module.h"
#include "safeir/check/dominators.h"
#include "safeir/check/facts.h"
#include "safeir/diag/enforcement.h"
#include "safeir/diag/rule.h"

#include "llvm/IR/Instructions.h"

#include <optional>
#include <string>
#include <vector>

namespace tessera::safeir {

class FunctionChecker {
  public:
    FunctionChecker(llvm::Function& function, const Limits& limits);
    // `proof_work`: of the functions before, to which this one's is added.
    [[nodiscard]] std::optional<Refusal> check(std::uint64_t& proof_work);
    // After an accepting check, for explanations: what had to be proven, and by what it was.
    [[nodiscard]] const std::vector<Obligation>& obligations() const { return obligations_; }
    [[nodiscard]] const std::vector<FactProver::Verdict>& verdicts() const { return verdicts_; }

  private:
    bool check_blocks();
    bool check_phis(llvm::BasicBlock& block);
    bool check_instruction(llvm::Instruction& instruction);
    bool check_operands(llvm::Instruction& instruction);
    bool check_division(llvm::BinaryOperator& division);
    bool check_access(llvm::Instruction& access, llvm::Value* pointer, llvm::Type* type);
    bool check_call(llvm::CallInst& call);
    bool check_slice_argument(llvm::CallInst& call, const llvm::Function& callee, unsigned parameter);
    bool check_obligations(std::uint64_t& proof_work);

    bool
    refuse(Rule rule, const llvm::Instruction* at, const std::string& particulars = {}, Site site = Site::current());

    llvm::Function& function_;
    const Limits& limits_;
    Dominators dominators_;
    std::vector<Obligation> obligations_;
    std::vector<FactProver::Verdict> verdicts_;
    std::optional<Refusal> refusal_;
};

}  // namespace tessera::safeir
