// FunctionWriter's part for calls.
#include "safeir/prove/helper_type.h"
#include "safeir/read/helpers.h"
#include "safeir/read/intrinsics.h"
#include "safeir/spec/marks.h"
#include "safeir/wire/format.h"
#include "safeir/write/function_writer.h"

#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

namespace tessera::safeir {

bool FunctionWriter::is_table_slot(const llvm::Value* value) const {
    const auto* gep = llvm::dyn_cast<llvm::GetElementPtrInst>(value);
    const auto* table = gep != nullptr ? llvm::dyn_cast<llvm::GlobalVariable>(gep->getPointerOperand()) : nullptr;
    return table != nullptr && numbers_.function_tables.contains(table) && gep->getNumIndices() <= 2;
}

// A callee of the form: load (gep table, 0, zext (and index, mask)). The mask is the reader's business.
std::optional<FunctionWriter::TableSlot> FunctionWriter::slot_of(llvm::Value* callee) const {
    auto* load = llvm::dyn_cast<llvm::LoadInst>(callee);
    auto* gep = load != nullptr ? llvm::dyn_cast<llvm::GEPOperator>(load->getPointerOperand()) : nullptr;
    llvm::Value* base =
        gep != nullptr ? gep->getPointerOperand() : (load != nullptr ? load->getPointerOperand() : nullptr);
    auto* table = base != nullptr ? llvm::dyn_cast<llvm::GlobalVariable>(base) : nullptr;
    const auto number = numbers_.function_tables.find(table);
    if (table == nullptr || number == numbers_.function_tables.end()) {
        return std::nullopt;
    }
    auto* int32 = llvm::Type::getInt32Ty(function_.getContext());
    if (gep == nullptr) {
        return TableSlot{number->second, llvm::ConstantInt::get(int32, 0)};
    }
    llvm::Value* index = gep->getOperand(gep->getNumOperands() - 1);
    if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(index)) {
        const std::uint64_t scale = gep->getSourceElementType()->isIntegerTy(8) ? 8 : 1;
        return TableSlot{number->second, llvm::ConstantInt::get(int32, constant->getZExtValue() / scale)};
    }
    auto* zext = llvm::dyn_cast<llvm::ZExtInst>(index);
    if (zext == nullptr || gep->getSourceElementType()->isIntegerTy(8)) {
        return std::nullopt;
    }
    llvm::Value* masked = zext->getOperand(0);
    auto* mask = llvm::dyn_cast<llvm::BinaryOperator>(masked);
    if (mask != nullptr && mask->getOpcode() == llvm::Instruction::And && values_.find(mask) == values_.end()) {
        masked = mask->getOperand(0);
    }
    return masked->getType()->isIntegerTy(32) ? std::optional(TableSlot{number->second, masked}) : std::nullopt;
}

bool FunctionWriter::arguments(llvm::CallInst& call) {
    for (unsigned i = 1; i < call.arg_size(); ++i) {
        llvm::Value* argument = call.getArgOperand(i);
        if (!argument->getType()->isPointerTy() || values_.contains(argument)) {
            if (!operand(argument)) {
                return false;
            }
            continue;
        }
        return fail_at(call, "a pointer argument that is no borrowed slice");
    }
    return true;
}

void FunctionWriter::number_result(llvm::CallInst& call) {
    if (call.getType()->isVoidTy()) {
        return;
    }
    values_[&call] = next_value_;
    auto* record = llvm::dyn_cast<llvm::StructType>(call.getType());
    next_value_ += record != nullptr && record->getElementType(0)->isPointerTy() ? 2 : 1;
}

bool FunctionWriter::write_call(llvm::CallInst& call) {
    if (llvm::isa<llvm::IntrinsicInst>(call)) {
        return write_intrinsic(call);
    }
    // A sub-slice as an argument is an address of its own: write it before the call.
    for (llvm::Value* argument : llvm::drop_begin(call.args())) {
        auto* gep = llvm::dyn_cast<llvm::GetElementPtrInst>(argument);
        if (gep == nullptr || values_.contains(gep)) {
            continue;
        }
        const auto address = address_of(gep);
        auto* int64 = llvm::Type::getInt64Ty(function_.getContext());
        if (!address || !values_.contains(address->base) ||
            (address->offset != nullptr && address->displacement != 0)) {
            return fail_at(call, "a pointer argument that is no part of a borrowed slice");
        }
        out_.byte(wire::kSubslice);
        if (!operand(address->base) ||
            !operand(address->offset != nullptr ? address->offset
                                                : llvm::ConstantInt::get(int64, address->displacement))) {
            return false;
        }
        values_[gep] = next_value_++;
    }
    llvm::Function* callee = call.getCalledFunction();
    if (callee != nullptr && callee->getName().starts_with(marks::kHelperPrefix) && callee->isDeclaration() &&
        !imported_name(*callee)) {
        return write_helper(call);
    }
    if (callee == nullptr) {
        const auto slot = slot_of(call.getCalledOperand());
        if (!slot) {
            return fail_at(call, "an indirect call that is not through a function table");
        }
        out_.byte(wire::kCallTable);
        out_.varint(slot->table);
        if (!operand(slot->index)) {
            return false;
        }
    } else if (callee->getFunctionType() != call.getFunctionType()) {
        return fail_at(call, "a call whose type differs from the function's");
    } else if (const auto import = numbers_.imports.find(callee); import != numbers_.imports.end()) {
        out_.byte(wire::kCallImport);
        out_.varint(import->second);
    } else if (const auto function = numbers_.functions.find(callee); function != numbers_.functions.end()) {
        out_.byte(wire::kCall);
        out_.varint(function->second);
    } else {
        return fail_at(call, "a call of an undefined function '" + callee->getName().str() + "'");
    }
    if (!arguments(call)) {
        return false;
    }
    number_result(call);
    return true;
}

bool FunctionWriter::write_helper(llvm::CallInst& call) {
    const llvm::StringRef name = call.getCalledFunction()->getName().drop_front(8);
    const auto found =
        llvm::find_if(helpers(), [name](const Helper& helper) { return name == llvm::StringRef(helper.name); });
    if (found == helpers().end() || helper_type(*found, function_.getContext()) != call.getFunctionType()) {
        return fail_at(call, "a call of an unknown helper, or of another type than it has");
    }
    out_.byte(wire::kCallHelper);
    out_.varint(static_cast<std::uint64_t>(found - helpers().begin()));
    for (unsigned i = 1; i < call.arg_size(); ++i) {
        llvm::Value* argument = call.getArgOperand(i);
        if (argument->getType()->isPointerTy() && !values_.contains(argument)) {
            const auto slot = slot_of(argument);
            if (!slot) {
                return fail_at(call, "a function argument that is not from a function table");
            }
            out_.varint(slot->table);
            if (!operand(slot->index)) {
                return false;
            }
        } else if (!operand(argument)) {
            return false;
        }
    }
    number_result(call);
    return true;
}

bool FunctionWriter::write_intrinsic(llvm::CallInst& call) {
    const llvm::Intrinsic::ID id = call.getIntrinsicID();
    switch (id) {
    case llvm::Intrinsic::lifetime_start:
    case llvm::Intrinsic::lifetime_end:
    case llvm::Intrinsic::assume:
    case llvm::Intrinsic::dbg_value:
    case llvm::Intrinsic::dbg_declare:
    case llvm::Intrinsic::donothing:
    case llvm::Intrinsic::experimental_noalias_scope_decl:
        return true;
    case llvm::Intrinsic::fptosi_sat:
    case llvm::Intrinsic::fptoui_sat:
        out_.byte(id == llvm::Intrinsic::fptosi_sat ? wire::kFPToSISat : wire::kFPToUISat);
        if (!type(call.getType()) || !operand(call.getArgOperand(0))) {
            return false;
        }
        values_[&call] = next_value_++;
        return true;
    default:
        break;
    }
    const ListedIntrinsic* listed = find_intrinsic_by_id(id);
    if (listed == nullptr) {
        return fail_at(call, "an intrinsic that safe IR does not list");
    }
    const bool has_start = listed->kind == IntrinsicKind::ReduceStart;
    const unsigned operands = listed->operands + (has_start ? 1U : 0U);
    out_.byte(wire::kCallIntrinsic);
    out_.varint(listed->code);
    if (!type(call.getArgOperand(has_start ? 1 : 0)->getType()) ||
        (listed->kind == IntrinsicKind::Compare && !type(call.getType()))) {
        return false;
    }
    for (unsigned i = 0; i < operands; ++i) {
        if (!operand(call.getArgOperand(i))) {
            return false;
        }
    }
    values_[&call] = next_value_++;
    return true;
}

}  // namespace tessera::safeir
