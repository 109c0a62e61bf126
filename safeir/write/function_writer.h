// FunctionWriter: one function body in lowered form to the wire form.
#pragma once

#include "core/base/result.h"
#include "safeir/prove/byte_writer.h"
#include "safeir/prove/dominators.h"
#include "safeir/write/module_tables.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Instructions.h"

#include <cstdint>
#include <optional>
#include <string>

namespace tessera::safeir {

// Numbers of the module's functions, imports and tables.
struct ModuleNumbers {
    llvm::DenseMap<const llvm::Function*, std::uint32_t> functions;
    llvm::DenseMap<const llvm::Function*, std::uint32_t> imports;
    llvm::DenseMap<const llvm::GlobalVariable*, std::uint32_t> function_tables;
    llvm::DenseMap<const llvm::GlobalVariable*, std::uint32_t> data_tables;
};

class FunctionWriter {
  public:
    FunctionWriter(llvm::Function& function, ModuleTables& tables, const ModuleNumbers& numbers);
    [[nodiscard]] Result<ByteWriter> write();

  private:
    // An address: what it starts from, a variable part and a constant part.
    struct Address {
        llvm::Value* base = nullptr;    // the arena (first argument), an alloca, a table, a slice's pointer
        llvm::Value* offset = nullptr;  // arena: i32; else: i64; null where there is none
        std::uint64_t displacement = 0;
    };
    // A function pointer out of a table.
    struct TableSlot {
        std::uint32_t table = 0;
        llvm::Value* index = nullptr;
    };

    void number_blocks();
    bool write_block(llvm::BasicBlock& block);
    void write_above(llvm::BasicBlock& block);
    llvm::SmallVector<std::uint32_t, 8> leading_to(llvm::BasicBlock& block) const;
    bool write_instruction(llvm::Instruction& instruction);
    bool write_binary(llvm::BinaryOperator& binary);
    bool write_compare(llvm::CmpInst& compare);
    bool write_cast(llvm::CastInst& cast);
    bool write_phi(llvm::PHINode& phi);
    bool write_shuffle(llvm::ShuffleVectorInst& shuffle);
    bool write_extract_value(llvm::ExtractValueInst& extract);
    bool write_struct(llvm::InsertValueInst& last);
    bool write_alloca(llvm::AllocaInst& object);
    bool write_load(llvm::LoadInst& load);
    bool write_store(llvm::StoreInst& store);
    bool write_local_access(const Address& address, llvm::Type* loaded, llvm::Value* stored);
    bool write_atomic(llvm::Instruction& instruction, llvm::Value* pointer, llvm::AtomicOrdering ordering);
    bool write_call(llvm::CallInst& call);
    bool write_helper(llvm::CallInst& call);
    bool write_intrinsic(llvm::CallInst& call);
    bool write_terminator(llvm::Instruction& terminator);
    bool write_switch(llvm::SwitchInst& switched);
    void write_location(const llvm::Instruction& instruction);

    bool operand(llvm::Value* value);
    bool type(llvm::Type* type);
    bool block(const llvm::BasicBlock* block);
    bool arguments(llvm::CallInst& call);
    void number_result(llvm::CallInst& call);
    bool is_folded(const llvm::Instruction& instruction) const;
    bool is_table_slot(const llvm::Value* value) const;
    std::optional<Address> address_of(llvm::Value* pointer) const;
    std::optional<TableSlot> slot_of(llvm::Value* callee) const;
    bool fail_at(const llvm::Value& value, std::string what);

    llvm::Function& function_;
    ModuleTables& tables_;
    const ModuleNumbers& numbers_;
    ByteWriter out_;
    llvm::DenseMap<const llvm::Value*, std::uint64_t> values_;
    llvm::DenseMap<const llvm::BasicBlock*, std::uint32_t> blocks_;
    llvm::DenseMap<const llvm::AllocaInst*, std::uint32_t> frames_;
    llvm::SmallVector<llvm::BasicBlock*, 16> order_;
    Dominators dominators_;
    std::uint64_t next_value_ = 0;
    const llvm::DILocation* location_ = nullptr;
    std::string error_;
    // Phis refer to values that may come later: their operands are filled in at the end.
    struct PhiFixup {
        std::size_t chunk;
        llvm::Value* value;
    };
    llvm::SmallVector<ByteWriter, 4> chunks_;
    llvm::SmallVector<PhiFixup, 16> fixups_;
};

}  // namespace tessera::safeir
