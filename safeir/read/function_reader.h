// FunctionReader: one function body of the wire form, built in checked form. What an operation is made of stands in
// safeir/spec/operations.def: read_part takes each part and refuses what isn't one, so that all parts are good where
// something is made of them.
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
    // After it, without a refusal; the proof is what follows the last block.
    [[nodiscard]] FunctionNotes notes() {
        return {function_, std::move(tree_), std::move(obligations_), in_.bytes(in_.remaining())};
    }

  private:
    using Values = llvm::SmallVector<llvm::Value*, 16>;
    // Of one instruction, in the order of the file.
    struct Parts {
        llvm::SmallVector<llvm::Value*, 4> values;
        llvm::SmallVector<std::uint32_t, 2> numbers;
        llvm::SmallVector<llvm::BasicBlock*, 2> blocks;
        const WireType* type = nullptr;
    };

    bool read_blocks();
    bool read_instruction(std::uint8_t op);
    bool read_part(char kind, Parts& parts);
    bool read_operand(char kind, Parts& parts);
    bool make_shift(llvm::Instruction::BinaryOps op, const Parts& parts);
    bool make_division(llvm::Instruction::BinaryOps op, const Parts& parts);
    bool make_cast(std::uint8_t op, llvm::Instruction::CastOps cast, const Parts& parts);
    bool make_data(std::uint8_t op, const Parts& parts);
    bool make_lanes(const Parts& parts);
    bool make_shuffle(const Parts& parts);
    bool make_struct(const WireType& type);
    bool make_phi(const WireType& type);
    bool make_access(std::uint8_t op, const Parts& parts);
    bool make_memory(std::uint8_t op, const Parts& parts);
    bool make_frame(std::uint32_t bytes);
    bool make_part(llvm::Value* pointer, llvm::Value* offset);
    bool make_atomic(std::uint8_t op, const Parts& parts);
    bool make_call(std::uint8_t op, const Parts& parts);
    bool make_intrinsic_call(const Parts& parts);
    bool make_control(std::uint8_t op, const Parts& parts);
    bool make_location(std::uint32_t index);
    bool read_target(Parts& parts);
    bool read_above(std::uint32_t distance);
    bool make_switch(const Parts& parts);
    bool finish_phis();

    llvm::Value* operand();
    [[nodiscard]] llvm::Value* value_of(bool is_constant, std::uint64_t number) const;
    bool read_arguments(const Signature& signature, Values& arguments);
    bool owe_access(llvm::Instruction& access, llvm::Value* base, llvm::Value* offset, std::uint64_t displacement);
    bool owe_argument(llvm::Value* pointer, llvm::Value* length);
    void owe(const Obligation& obligation);
    llvm::Value* address(llvm::Value* base, llvm::Value* offset, std::uint32_t displacement);
    llvm::Function* helper_function(std::uint32_t index);
    llvm::Value* function_from_table(const FunctionTable& table, llvm::Value* index);
    llvm::Value*
    intrinsic(llvm::Intrinsic::ID id, llvm::ArrayRef<llvm::Type*> overloads, llvm::ArrayRef<llvm::Value*> arguments);
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

    // Of each pointer that there is as a value: whether it may be written, its length, and where a part begins.
    struct Slice {
        bool is_writable = false;
        llvm::Value* length = nullptr;
        llvm::Value* offset = nullptr;  // null: it is whole
    };
    llvm::DenseMap<llvm::Value*, Slice> slices_;
    std::vector<Obligation> obligations_;

    struct PendingPhi {
        llvm::PHINode* phi;
        std::size_t first;  // of its sources
        std::uint32_t count;
    };
    struct Block {  // of the file
        llvm::BasicBlock* start = nullptr;
        std::uint32_t end = 0;             // in the tree: where guards have split it, the last part
        std::uint32_t first_from = kNone;  // the first block of the file that leads here
    };
    static constexpr std::uint32_t kNone = ~0U;
    std::vector<Block> blocks_;
    std::vector<TreeBlock> tree_;
    std::uint32_t block_ = 0;  // that is being read
    std::uint32_t begin_ = 0;  // its first part, in the tree
    std::vector<llvm::Value*> values_;
    std::vector<llvm::AllocaInst*> frames_;
    std::vector<PendingPhi> pending_;
    std::vector<std::uint64_t> sources_;  // value number << 1, or constant index << 1 | 1
    std::uint64_t frame_bytes_ = 0;
    bool phis_possible_ = true;
};

}  // namespace tessera::safeir
