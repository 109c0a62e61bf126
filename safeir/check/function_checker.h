// FunctionChecker: of one function, what depends on the program. What the reader makes so by itself is not looked at
// again; tests do (safeir/recheck).
#pragma once

#include "safeir/check/block_tree.h"
#include "safeir/check/obligation.h"
#include "safeir/diag/enforcement.h"
#include "safeir/diag/limits.h"
#include "safeir/diag/refusal.h"
#include "safeir/diag/rule.h"

#include <optional>
#include <string>

namespace tessera::safeir {

class FunctionChecker {
  public:
    FunctionChecker(const FunctionNotes& notes, const Limits& limits)
        : notes_(notes), limits_(limits), tree_(notes.blocks) {}
    // Blocks and values: whether each is there before it is used.
    [[nodiscard]] std::optional<Refusal> check_code();
    // After it, without a refusal: whether accesses stay inside their bounds.
    [[nodiscard]] std::optional<Refusal> check_proof();

  private:
    bool check_blocks();
    bool check_operands(llvm::Instruction& instruction);

    bool
    refuse(Rule rule, const llvm::Instruction* at, const std::string& particulars = {}, Site site = Site::current());

    const FunctionNotes& notes_;
    const Limits& limits_;
    BlockTree tree_;
    std::optional<Refusal> refusal_;
};

}  // namespace tessera::safeir
