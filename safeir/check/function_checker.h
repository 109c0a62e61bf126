// FunctionChecker: what depends on the program, at each instruction of one function. What the reader makes so by itself
// is not looked at again; tests do (safeir/recheck).
#pragma once

#include "safeir/check/checked_module.h"
#include "safeir/check/dominators.h"
#include "safeir/check/obligation.h"
#include "safeir/diag/enforcement.h"
#include "safeir/diag/rule.h"

#include "llvm/IR/Instructions.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tessera::safeir {

class FunctionChecker {
  public:
    FunctionChecker(llvm::Function& function, const Limits& limits);
    // `proof`: the bytes that say why each access stays inside its bounds.
    [[nodiscard]] std::optional<Refusal> check(std::span<const std::byte> proof);
    // After a check that had nothing else against the function: what has to be proven.
    [[nodiscard]] const std::vector<Obligation>& obligations() const { return obligations_; }

  private:
    bool check_blocks();
    bool check_phis(llvm::BasicBlock& block);
    bool check_instruction(llvm::Instruction& instruction);
    bool check_operands(llvm::Instruction& instruction);
    bool check_division(llvm::BinaryOperator& division);
    bool check_access(llvm::Instruction& access, llvm::Value* pointer, llvm::Type* type);
    bool check_call(llvm::CallInst& call);
    bool check_slice_argument(llvm::CallInst& call, const llvm::Function& callee, unsigned parameter);
    bool check_obligations(std::span<const std::byte> proof);

    bool
    refuse(Rule rule, const llvm::Instruction* at, const std::string& particulars = {}, Site site = Site::current());

    llvm::Function& function_;
    const Limits& limits_;
    Dominators dominators_;
    std::vector<Obligation> obligations_;
    std::optional<Refusal> refusal_;
};

}  // namespace tessera::safeir
