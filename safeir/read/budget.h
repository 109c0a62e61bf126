// Budget: the memory that reading takes, in bytes, against what the file's size allows. A few bytes of a file can ask
// for much, so what is made is counted, not what is read.
#pragma once

#include "safeir/diag/limits.h"

#include "llvm/IR/IRBuilder.h"

#include <cstdint>

namespace tessera::safeir {

class Budget {
  public:
    Budget(std::uint64_t file_bytes, const Limits& limits)
        : allowed_(limits.built_bytes + file_bytes * limits.built_bytes_a_byte) {}

    void charge(std::uint64_t bytes) { used_ += bytes; }
    [[nodiscard]] bool is_exceeded() const { return used_ > allowed_; }
    [[nodiscard]] std::uint64_t allowed() const { return allowed_; }
    [[nodiscard]] std::uint64_t used() const { return used_; }

  private:
    std::uint64_t allowed_;
    std::uint64_t used_ = 0;
};

inline constexpr std::uint64_t kInstructionBytes = 120;  // the object, and its place among a function's values
inline constexpr std::uint64_t kOperandBytes = sizeof(llvm::Use);
inline constexpr std::uint64_t kArgumentBytes = 64;

// Puts instructions where the builder is, and charges each.
class ChargingInserter final : public llvm::IRBuilderDefaultInserter {
  public:
    ChargingInserter(Budget& budget, std::uint64_t& instructions) : budget_(&budget), instructions_(&instructions) {}

    void InsertHelper(llvm::Instruction* instruction,
                      const llvm::Twine& name,
                      llvm::BasicBlock::iterator place) const override {
        ++*instructions_;
        budget_->charge(kInstructionBytes + kOperandBytes * instruction->getNumOperands());
        IRBuilderDefaultInserter::InsertHelper(instruction, name, place);
    }

  private:
    Budget* budget_;
    std::uint64_t* instructions_;
};

}  // namespace tessera::safeir
