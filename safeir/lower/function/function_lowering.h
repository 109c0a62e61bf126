// Lowers the body of one function: see docs/safeir/dialect.md for what comes out.
#pragma once

#include "safeir/lower/function/lowering.h"
#include "safeir/lower/slice/slice_proofs.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/TargetFolder.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace tessera::lower {

using Values = llvm::SmallVector<llvm::Value*, 2>;

// An address in the arena: an integer as wide as a source pointer, of which the low 32 bits count, and a constant that
// is added after these were zero-extended, below the guard.
struct Address {
    llvm::Value* root;
    std::uint64_t constant = 0;
    // Every valid address that is made from this one is at least constant - beyond. So a variable step that may go down
    // is added only after this part has gone back to the root, which could go below zero otherwise.
    std::uint64_t beyond = 0;
    // Not null: an object on the machine's stack. Root is then a 64-bit offset in it that is masked, or null.
    llvm::AllocaInst* frame = nullptr;
};

class FunctionLowering {
  public:
    FunctionLowering(Lowering& program, llvm::Function& source, llvm::Function& target);
    void run();

  private:
    // function_lowering.cpp: blocks, control flow, the stack frame
    void place_frame();
    void lower_instruction(llvm::Instruction& instruction);
    void lower_phi(llvm::PHINode& phi);
    void finish_phis();
    void lower_return(llvm::ReturnInst& instruction);
    void lower_branch(llvm::BranchInst& branch);
    void lower_switch(llvm::SwitchInst& instruction);
    void lower_full_switch(llvm::SwitchInst& instruction, llvm::Value* on, unsigned values);
    void lower_wide_switch(llvm::SwitchInst& instruction, llvm::Value* on);
    void check_stack(llvm::Value* before, llvm::Value* bytes);
    void sweep();

    // value_lowering.cpp: constants and parts
    Values value(llvm::Value* source);
    llvm::Value* single(llvm::Value* source);
    Values constant(llvm::Constant* source);
    Values zeros(llvm::Type* type);
    Values poisons(llvm::Type* type);
    void define(llvm::Value& source, Values parts);
    void define_zero(llvm::Instruction& instruction);
    Types parts_of(llvm::Value* source);
    bool is_slice(llvm::Value* source) const;
    unsigned part_index(llvm::Type* aggregate, llvm::ArrayRef<unsigned> indices);
    Values to_passed(llvm::ArrayRef<llvm::Value*> parts);
    Values from_passed(llvm::ArrayRef<llvm::Value*> passed, const Types& parts);
    llvm::Value* mask_to_width(llvm::Value* part, llvm::Type* source_type);
    llvm::Value* sign_extend_in_place(llvm::Value* part, llvm::Type* source_type);

    // vector_lowering.cpp: lanes
    struct Lane {
        int part = -1;  // -1: any value
        int lane = 0;
    };
    llvm::Value* gather_lanes(llvm::Type* type, llvm::ArrayRef<llvm::Value*> parts, llvm::ArrayRef<Lane> lanes);
    Values reshape(llvm::ArrayRef<llvm::Value*> parts, llvm::ArrayRef<unsigned> counts);
    llvm::SmallVector<unsigned, 2> counts_of(llvm::ArrayRef<llvm::Value*> parts) const;
    llvm::Value* get_lane(llvm::ArrayRef<llvm::Value*> parts, unsigned lane);
    Values splat(llvm::Value* lane, llvm::FixedVectorType* type);
    void lower_shuffle(llvm::ShuffleVectorInst& shuffle);
    void lower_extract_element(llvm::ExtractElementInst& extract);
    void lower_insert_element(llvm::InsertElementInst& insert);
    // Applies `make` to each chunk of operands with the same number of lanes; the result is in `type`'s own chunks.
    using MakeChunk = llvm::function_ref<llvm::Value*(llvm::ArrayRef<llvm::Value*> operands, unsigned lanes)>;
    Values lanewise(llvm::ArrayRef<Values> operands, llvm::Type* result, MakeChunk make);

    // arithmetic_lowering.cpp
    void lower_binary(llvm::BinaryOperator& operation);
    void lower_compare(llvm::CmpInst& compare);
    void lower_cast(llvm::CastInst& cast);
    void lower_select(llvm::SelectInst& select);
    void lower_bitcast(llvm::Instruction& cast);
    llvm::Value* compare_mask(llvm::CmpInst& compare);

    // memory_lowering.cpp
    Address address_of(llvm::Value* pointer);
    llvm::Value* pointer_to(Address address, std::uint64_t offset = 0);
    Values load(llvm::Type* type, Address address);
    void store(llvm::Type* type, llvm::ArrayRef<llvm::Value*> parts, Address address);
    void lower_load(llvm::LoadInst& instruction);
    void lower_store(llvm::StoreInst& instruction);
    void lower_gep(llvm::GetElementPtrInst& gep);
    void lower_frame_gep(llvm::GetElementPtrInst& gep, const FrameAddress& result);
    void lower_vector_gep(llvm::GetElementPtrInst& gep);
    llvm::Value* materialise(Address address);
    llvm::ConstantInt* word(std::uint64_t value) const;
    llvm::Value* offset_of(llvm::Value* word);  // the 32 bits of a pointer that count
    llvm::Value* atomic_pointer(llvm::Value* pointer);
    void lower_atomic_load(llvm::LoadInst& instruction);
    void lower_atomic_store(llvm::StoreInst& instruction);
    void lower_atomic_rmw(llvm::AtomicRMWInst& instruction);
    void lower_compare_exchange(llvm::AtomicCmpXchgInst& instruction);
    void lower_copy(llvm::MemTransferInst& copy);
    void lower_fill(llvm::MemSetInst& fill);
    bool holds_capability(llvm::Type* type) const;

    // call_lowering.cpp
    void lower_call(llvm::CallInst& call);
    void lower_direct(llvm::CallInst& call, llvm::Function& callee);
    void lower_capability_function(llvm::CallInst& call, llvm::StringRef name);
    void lower_import(llvm::CallInst& call, llvm::Function& callee);
    void lower_indirect(llvm::CallInst& call);
    void lower_inline_assembly(llvm::CallInst& call);
    bool lower_own_function(llvm::CallInst& call, llvm::StringRef name);
    void append_arguments(llvm::CallInst& call, llvm::SmallVectorImpl<llvm::Value*>& arguments);
    void define_result(llvm::CallInst& call, llvm::CallInst* lowered);
    llvm::Value* stack_for(llvm::CallInst& call);
    llvm::Value* function_from_table(llvm::GlobalVariable* table, llvm::Value* index);
    llvm::CallInst* call_helper(llvm::StringRef name, llvm::ArrayRef<llvm::Value*> arguments);
    void trap(unsigned reason);
    void trap_if(llvm::Value* condition, unsigned reason);

    // intrinsic_lowering.cpp
    void lower_intrinsic(llvm::IntrinsicInst& call);
    bool lower_dropped(llvm::IntrinsicInst& call);
    bool lower_web_assembly(llvm::IntrinsicInst& call);
    void lower_plain_intrinsic(llvm::IntrinsicInst& call);
    void lower_first_lane(llvm::IntrinsicInst& call);
    void lower_reduction(llvm::IntrinsicInst& call);
    void lower_overflow(llvm::IntrinsicInst& call);
    void lower_saturating_conversion(llvm::IntrinsicInst& call, bool is_signed);
    Values saturating_conversion(const Values& from, llvm::Type* from_type, llvm::Type* to, bool is_signed);

    // slice_lowering.cpp
    struct SlicePart {
        llvm::Value* pointer;           // of the whole slice
        llvm::Value* whole;             // its length
        llvm::Value* offset = nullptr;  // where the part begins; null: it is the whole
        llvm::Value* length = nullptr;
        bool is_rest = false;  // from the offset to the end of the whole
    };
    SlicePart slice_part(llvm::Value* source);
    llvm::Value* wide_offset(llvm::Value* source);
    llvm::Value* within(const SlicePart& part, llvm::Value* offset);
    llvm::Value* sayable(llvm::Value* offset, std::uint64_t bytes, llvm::Value* length);
    void lower_slice_part(llvm::CallInst& call, bool to_the_end);
    static bool can_be_passed(const SlicePart& part);
    void require(llvm::Value* variable, std::uint64_t constant, llvm::Value* bound);
    void check_slices();
    bool lower_vector_access(llvm::CallInst& call, const SlicePart& slice, bool loads);
    bool lower_slice_access(llvm::CallInst& call, llvm::Function& accessor);

    void refuse(const llvm::Instruction& where, const llvm::Twine& text) { program_.diagnostics.refuse(where, text); }

    Lowering& program_;
    llvm::Function& source_;
    llvm::Function& target_;
    llvm::IRBuilder<llvm::TargetFolder> b_;  // folds constants to plain ones: safe IR has no constant expressions
    llvm::Value* base_ = nullptr;
    llvm::Value* stack_ = nullptr;        // the stack pointer as it came in
    llvm::Value* frame_stack_ = nullptr;  // below this function's objects
    llvm::DenseMap<const llvm::Value*, Values> values_;
    llvm::DenseMap<const llvm::Value*, Address> addresses_;
    llvm::DenseMap<const llvm::BasicBlock*, llvm::BasicBlock*> entry_of_;  // where a source block's code begins
    llvm::DenseMap<const llvm::BasicBlock*, llvm::BasicBlock*> exit_of_;   // where it ends: a check may split it
    llvm::DenseMap<const llvm::Value*, llvm::Value*> pointers_;            // in this block: base + zext(root)
    const MachineFrame& machine_frame_;
    llvm::SmallVector<llvm::PHINode*> phis_;
    llvm::DenseMap<const llvm::Value*, SlicePart> slice_parts_;
    std::vector<SliceNeed> slice_needs_;
};

// Bytes of arena stack that a function's other objects of constant size take, and where each lies.
struct Frame {
    std::uint64_t bytes = 0;
    std::uint64_t align = 16;
    llvm::DenseMap<const llvm::AllocaInst*, std::uint64_t> offsets;
};
[[nodiscard]] Frame frame_of(const llvm::Function& function, const MachineFrame& elsewhere);

}  // namespace tessera::lower
