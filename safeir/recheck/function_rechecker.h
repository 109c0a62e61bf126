// FunctionRechecker: what the reader sees to at each instruction of one function.
#pragma once

#include "safeir/check/obligation.h"
#include "safeir/diag/enforcement.h"
#include "safeir/diag/limits.h"
#include "safeir/diag/refusal.h"
#include "safeir/diag/rule.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Instructions.h"

#include <optional>
#include <string>
#include <vector>

namespace tessera::safeir {

// Types and constants seen in the module so far, so that each is looked at once.
class KnownTypes {
  public:
    [[nodiscard]] bool is_value(llvm::Type* type);  // a value of the dialect that is no pointer
    [[nodiscard]] bool is_constant(const llvm::Constant* constant);
    [[nodiscard]] bool
    is_intrinsic(const llvm::Function& function);  // of the dialect, declared with the type that it has
    [[nodiscard]] static bool is_number(const llvm::Type* type);
    [[nodiscard]] static bool is_memory(const llvm::Type* type);
    [[nodiscard]] static bool is_capability(const llvm::Type* type);
    [[nodiscard]] static bool is_call_type(const llvm::Type* type);  // a parameter, or a field of a result

  private:
    llvm::DenseMap<llvm::Type*, bool> values_;
    llvm::DenseMap<const llvm::Constant*, bool> constants_;
    llvm::DenseMap<const llvm::Function*, bool> intrinsics_;
};

class FunctionRechecker {
  public:
    FunctionRechecker(llvm::Function& function, KnownTypes& known, const Limits& limits);
    [[nodiscard]] std::optional<Refusal> check();
    // After it: what each access owes, in the module's order, and which blocks are above which.
    [[nodiscard]] FunctionNotes notes() { return {&function_, std::move(blocks_), std::move(obligations_), {}}; }

  private:
    bool check_blocks();
    bool check_phis(llvm::BasicBlock& block);
    bool check_instruction(llvm::Instruction& instruction);
    bool check_common(llvm::Instruction& instruction);
    bool check_flags(llvm::Instruction& instruction);
    bool check_operand(llvm::Instruction& user, const llvm::Use& use);
    bool check_pointer_use(llvm::Instruction& user, const llvm::Use& use);
    bool check_division(llvm::BinaryOperator& division);
    bool check_shift(llvm::BinaryOperator& shift);
    bool check_float_to_int(llvm::CastInst& cast);
    bool check_lane(llvm::Instruction& instruction, llvm::Value* vector, llvm::Value* index);
    bool check_insert_value(llvm::InsertValueInst& insert);
    bool check_unreachable(llvm::Instruction& end);
    bool check_alloca(llvm::AllocaInst& object);
    bool check_load(llvm::LoadInst& load);
    bool check_store(llvm::StoreInst& store);
    bool check_access(llvm::Instruction& access, llvm::Value* pointer, llvm::Type* type, bool is_store);
    bool check_atomic(llvm::Instruction& access,
                      llvm::Value* pointer,
                      llvm::Type* type,
                      llvm::AtomicOrdering ordering,
                      llvm::Align alignment);
    bool check_address(llvm::GetElementPtrInst& address);
    bool check_call(llvm::CallInst& call);
    bool check_intrinsic(llvm::CallInst& call);
    bool check_slice_argument(llvm::CallInst& call, const llvm::Function& callee, unsigned parameter);
    bool check_arguments(llvm::CallInst& call, const llvm::Function* callee);

    bool
    refuse(Rule rule, const llvm::Instruction* at, const std::string& particulars = {}, Site site = Site::current());

    llvm::Function& function_;
    KnownTypes& known_;
    const Limits& limits_;
    std::uint64_t frame_bytes_ = 0;
    std::vector<TreeBlock> blocks_;
    std::vector<Obligation> obligations_;
    std::optional<Refusal> refusal_;
};

}  // namespace tessera::safeir
