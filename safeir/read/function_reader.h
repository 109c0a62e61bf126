// FunctionReader: one function body of the wire form, built in checked form.
#pragma once

#include "safeir/read/program_types.h"
#include "safeir/read/reader.h"
#include "safeir/spec/traps.h"
#include "safeir/wire/format.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/NoFolder.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tessera::safeir {

class FunctionReader : private Reader {
  public:
    FunctionReader(std::span<const std::byte> body,
                   const Limits& limits,
                   Budget& budget,
                   ProgramTables& tables,
                   const FunctionEntry& entry,
                   llvm::Module& module);

    [[nodiscard]] std::optional<Refusal> read();
    [[nodiscard]] std::uint64_t instructions() const { return instructions_; }
    // What follows the last block, for the checker.
    [[nodiscard]] std::span<const std::byte> proof() { return in_.bytes(in_.remaining()); }

  private:
    using Values = llvm::SmallVector<llvm::Value*, 16>;

    bool read_blocks();
    bool read_instruction(std::uint8_t op);
    bool read_binary(std::uint8_t op);
    bool read_shift(std::uint8_t op, llvm::Value* value, llvm::Value* amount);
    bool read_division(std::uint8_t op, llvm::Value* dividend, llvm::Value* divisor);
    bool read_compare(std::uint8_t op);
    bool read_select();
    bool read_phi();
    bool read_cast(std::uint8_t op);
    bool read_lanes(std::uint8_t op);
    bool read_shuffle();
    bool read_extract_value();
    bool read_make_struct();
    bool read_arena_access(std::uint8_t op);
    bool read_alloca();
    bool read_local_access(std::uint8_t op);
    bool read_subslice();
    bool read_atomic(std::uint8_t op);
    bool read_rmw(llvm::AtomicOrdering ordering);
    bool read_fence();
    bool read_call(std::uint8_t op);
    bool read_helper_call();
    bool read_intrinsic_call();
    bool read_location();
    bool read_terminator(std::uint8_t op);
    bool read_switch();
    bool finish_phis();

    llvm::Value* operand();
    llvm::Value* number();  // an operand that is a number or a vector
    llvm::Value* stored();  // ... that memory holds
    llvm::Value* operand_of(llvm::Type* type);
    llvm::BasicBlock* block();
    const WireType* memory_type();
    llvm::Value* arena_address(llvm::Value* offset, std::uint32_t displacement);
    llvm::Value* function_from_table(const FunctionTable& table, llvm::Value* index);
    llvm::Function* helper_function(std::uint32_t index);
    llvm::Value*
    intrinsic(llvm::Intrinsic::ID id, llvm::ArrayRef<llvm::Type*> overloads, llvm::ArrayRef<llvm::Value*> arguments);
    bool read_arguments(const Signature& signature, Values& arguments);
    void add_result(llvm::Value* value, Kind kind);
    bool push(llvm::Value* value);
    void trap_if(llvm::Value* condition, TrapReason reason);
    void trap(TrapReason reason);

    bool refuse_operand(Site site = Site::current()) {
        return refuse(Rule::OperandType, "an operand is missing, or not of the type that is needed", site);
    }

    ProgramTables& tables_;
    const FunctionEntry& entry_;
    std::uint64_t instructions_ = 0;  // built, with the entries of phis and the cases of switches
    llvm::Function* function_;
    llvm::Module& module_;
    llvm::IRBuilder<llvm::NoFolder, ChargingInserter> builder_;
    llvm::Value* base_;

    struct PendingPhi {
        llvm::PHINode* phi;
        std::uint32_t block;   // wire index of the predecessor
        std::uint64_t source;  // value number << 1, or constant index << 1 | 1
    };
    std::vector<llvm::BasicBlock*> starts_;  // by wire index
    std::vector<llvm::BasicBlock*> ends_;    // where a block ends after guards split it
    std::vector<llvm::Value*> values_;
    std::vector<llvm::AllocaInst*> frames_;
    std::vector<PendingPhi> pending_;
    std::uint64_t frame_bytes_ = 0;
    bool phis_possible_ = true;
};

}  // namespace tessera::safeir
