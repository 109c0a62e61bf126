// FunctionLowering's part for calls.
#include "safeir/lower/base/dynamic_stack.h"
#include "safeir/lower/base/imports.h"
#include "safeir/lower/base/traps.h"
#include "safeir/lower/function/function_lowering.h"
#include "safeir/spec/marks.h"

#include "llvm/IR/InlineAsm.h"

namespace tessera::lower {

void FunctionLowering::trap(unsigned reason) {
    b_.CreateIntrinsic(llvm::Intrinsic::ubsantrap, {}, {b_.getInt8(static_cast<std::uint8_t>(reason))});
    b_.CreateUnreachable();
}

void FunctionLowering::trap_if(llvm::Value* condition, unsigned reason) {
    llvm::BasicBlock* stop = llvm::BasicBlock::Create(program_.context, "trap", &target_);
    llvm::BasicBlock* next = llvm::BasicBlock::Create(program_.context, "", &target_);
    b_.CreateCondBr(condition, stop, next);
    b_.SetInsertPoint(stop);
    trap(reason);
    b_.SetInsertPoint(next);
}

llvm::CallInst* FunctionLowering::call_helper(llvm::StringRef name, llvm::ArrayRef<llvm::Value*> arguments) {
    llvm::SmallVector<llvm::Value*, 6> all = {base_};
    all.append(arguments.begin(), arguments.end());
    return b_.CreateCall(program_.helper(name), all);
}

llvm::Value* FunctionLowering::stack_for(llvm::CallInst& call) {
    if (const auto bundle = call.getOperandBundle(kStackBundle)) {
        return single(bundle->Inputs[0]);
    }
    return frame_stack_ != nullptr ? frame_stack_ : b_.getInt32(program_.layout.image().stack_top);
}

void FunctionLowering::append_arguments(llvm::CallInst& call, llvm::SmallVectorImpl<llvm::Value*>& arguments) {
    for (llvm::Use& argument : call.args()) {
        if (const std::string problem = program_.shapes.refusal(argument->getType()); !problem.empty()) {
            refuse(call, "passes " + problem);
        }
        const Values passed = to_passed(value(argument));
        arguments.append(passed.begin(), passed.end());
        if (const auto part = slice_parts_.find(argument); part != slice_parts_.end() && !can_be_passed(part->second)) {
            refuse(call,
                   "a part out of the middle of a borrowed slice can't be passed on; pass tessera_slice_from(slice, "
                   "offset) and a length");
        }
    }
}

void FunctionLowering::define_result(llvm::CallInst& call, llvm::CallInst* lowered) {
    if (call.getType()->isVoidTy()) {
        return;
    }
    Values passed;
    if (lowered->getType()->isStructTy()) {
        for (unsigned i = 0; i < lowered->getType()->getStructNumElements(); ++i) {
            passed.push_back(b_.CreateExtractValue(lowered, i));
        }
    } else if (!lowered->getType()->isVoidTy()) {
        passed.push_back(lowered);
    }
    define(call, from_passed(passed, parts_of(&call)));
}

void FunctionLowering::lower_call(llvm::CallInst& call) {
    if (auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&call)) {
        return lower_intrinsic(*intrinsic);
    }
    if (call.isInlineAsm()) {
        return lower_inline_assembly(call);
    }
    if (call.getFunctionType()->isVarArg()) {
        refuse(call, "a call with a variable number of arguments to a function that was not declared so");
        return define_zero(call);
    }
    for (unsigned i = 0; i < call.arg_size(); ++i) {
        if (call.isByValArgument(i) || call.paramHasAttr(i, llvm::Attribute::InAlloca)) {
            refuse(call, "passes a structure by value in a way that the front end should have removed");
            return define_zero(call);
        }
    }
    auto* callee = llvm::dyn_cast<llvm::Function>(call.getCalledOperand()->stripPointerCasts());
    if (callee == nullptr) {
        return lower_indirect(call);
    }
    if (callee->isDeclaration() && callee->getName().starts_with(safeir::marks::kHelperPrefix) &&
        lower_own_function(call, callee->getName())) {
        return;
    }
    if (!import_module_of(*callee).empty()) {
        return lower_import(call, *callee);
    }
    lower_direct(call, *callee);
}

bool FunctionLowering::lower_own_function(llvm::CallInst& call, llvm::StringRef name) {
    if (name == kFrameFunction) {
        define(call, {frame_stack_});
    } else if (name == "tessera.stack.check") {
        check_stack(single(call.getArgOperand(0)), single(call.getArgOperand(1)));
        pointers_.clear();
    } else if (name == safeir::marks::kTry) {
        // A thunk takes the stack pointer and one pointer: exactly what the helper passes on.
        auto* type =
            llvm::FunctionType::get(b_.getVoidTy(), {base_->getType(), b_.getInt32Ty(), b_.getInt32Ty()}, false);
        llvm::Value* function = function_from_table(program_.table(type), single(call.getArgOperand(0)));
        define(call, {call_helper("try", {function, stack_for(call), offset_of(single(call.getArgOperand(1)))})});
    } else if (name == safeir::marks::kThrow) {
        call_helper("throw", {single(call.getArgOperand(0))});
    } else {
        return false;
    }
    return true;
}

void FunctionLowering::lower_direct(llvm::CallInst& call, llvm::Function& callee) {
    const auto found = program_.functions.find(&callee);
    if (found == program_.functions.end()) {  // weak and defined nowhere: the null function
        trap(kTrapBadFunction);
        b_.SetInsertPoint(llvm::BasicBlock::Create(program_.context, "", &target_));
        return define_zero(call);
    }
    llvm::SmallVector<llvm::Value*, 8> arguments = {base_};
    if (program_.takes_stack.contains(&callee)) {
        arguments.push_back(stack_for(call));
    }
    append_arguments(call, arguments);
    llvm::Function* target = found->second;
    // Called with another type than it was defined with (an old-style declaration that lies): missing arguments or
    // another result would be made up, so it traps as an indirect call would.
    bool fits = target->arg_size() == arguments.size();
    for (unsigned i = 0; fits && i < arguments.size(); ++i) {
        fits = target->getArg(i)->getType() == arguments[i]->getType();
    }
    const Types results = program_.signatures.passed(parts_of(&call));
    const bool unused = call.use_empty();
    fits = fits && (unused || results.empty() || callee.getReturnType() == call.getType());
    if (!fits) {
        program_.diagnostics.warn("function " + display_name(callee) + " is called in " + display_name(source_) +
                                  " with other types than it was defined with: that call will trap");
        trap(kTrapBadFunction);
        b_.SetInsertPoint(llvm::BasicBlock::Create(program_.context, "", &target_));
        return define_zero(call);
    }
    llvm::CallInst* lowered = b_.CreateCall(target, arguments);
    if (callee.getReturnType() == call.getType()) {
        define_result(call, lowered);
    } else {
        define_zero(call);
    }
}

// What tessera/capability.h declares.
void FunctionLowering::lower_capability_function(llvm::CallInst& call, llvm::StringRef name) {
    static constexpr llvm::StringLiteral kNames[] = {
        "is_null", "equal", "release", "to_handle", "from_handle", "release_handle", "take_handle"};
    if (!llvm::is_contained(kNames, name)) {
        refuse(call, "import tessera_capability/" + name + " isn't known");
        return define_zero(call);
    }
    Values arguments;
    for (llvm::Use& argument : call.args()) {
        arguments.push_back(single(argument));
    }
    llvm::CallInst* made = call_helper(("cap_" + name).str(), arguments);
    if (!call.getType()->isVoidTy()) {
        define(call, {made});
    }
}

void FunctionLowering::lower_import(llvm::CallInst& call, llvm::Function& callee) {
    if (import_module_of(callee) == "tessera_slice" && lower_slice_access(call, callee)) {
        return;
    }
    if (import_module_of(callee) == "tessera_capability") {
        return lower_capability_function(call, import_name_of(callee));
    }
    llvm::SmallVector<llvm::Value*, 8> arguments = {base_};
    if (program_.takes_stack.contains(&callee)) {
        arguments.push_back(stack_for(call));
    }
    append_arguments(call, arguments);
    llvm::Function* target = program_.functions.lookup(&callee);
    if (target == nullptr || call.getFunctionType() != callee.getFunctionType()) {
        refuse(call,
               "import " + import_module_of(callee) + "/" + import_name_of(callee) +
                   " is called with two different types");
        return define_zero(call);
    }
    define_result(call, b_.CreateCall(target, arguments));
}

// The load of a function from its table, made without folding: the shape is what the writer looks for.
llvm::Value* FunctionLowering::function_from_table(llvm::GlobalVariable* table, llvm::Value* index) {
    if (table == nullptr) {
        return nullptr;
    }
    const std::uint64_t size = llvm::cast<llvm::ArrayType>(table->getValueType())->getNumElements();
    llvm::BasicBlock* block = b_.GetInsertBlock();
    const auto add = [&](llvm::Instruction* made) {
        made->insertInto(block, b_.GetInsertPoint());
        made->setDebugLoc(b_.getCurrentDebugLocation());
        return made;
    };
    llvm::Value* masked =
        add(llvm::BinaryOperator::CreateAnd(offset_of(index), b_.getInt32(static_cast<std::uint32_t>(size - 1))));
    llvm::Value* wide = add(llvm::CastInst::Create(llvm::Instruction::ZExt, masked, b_.getInt64Ty()));
    llvm::Value* slot = add(llvm::GetElementPtrInst::Create(table->getValueType(), table, {b_.getInt64(0), wide}));
    return add(new llvm::LoadInst(base_->getType(), slot, "function", false, llvm::Align(8)));
}

void FunctionLowering::lower_indirect(llvm::CallInst& call) {
    llvm::FunctionType* type = program_.signatures.lower(call.getFunctionType(), StackPointer::Passed);
    llvm::GlobalVariable* table = type != nullptr ? program_.table(type) : nullptr;
    if (type == nullptr) {
        refuse(call, "a function with more than eight results is called through a pointer");
    }
    if (table == nullptr) {  // the program has no such function, so no pointer can be to one
        trap(kTrapBadFunction);
        b_.SetInsertPoint(llvm::BasicBlock::Create(program_.context, "", &target_));
        return define_zero(call);
    }
    for (llvm::Use& argument : call.args()) {
        if (is_capability(argument->getType()) && is_slice(argument)) {
            refuse(call, "a borrowed slice can't be passed through a function pointer");
            return define_zero(call);
        }
    }
    llvm::SmallVector<llvm::Value*, 8> arguments = {base_, stack_for(call)};
    append_arguments(call, arguments);
    llvm::Value* function = function_from_table(table, single(call.getCalledOperand()));
    define_result(call, b_.CreateCall(type, function, arguments));
}

// An empty one is a barrier to the optimiser, which has run: its operands pass through. Real instructions can't be
// verified.
void FunctionLowering::lower_inline_assembly(llvm::CallInst& call) {
    const auto* assembly = llvm::cast<llvm::InlineAsm>(call.getCalledOperand());
    const bool is_empty = llvm::StringRef(assembly->getAsmString()).trim().empty();
    if (!is_empty) {
        refuse(call, "inline assembly can't be verified");
        return define_zero(call);
    }
    if (call.getType()->isVoidTy()) {
        return;
    }
    // Outputs tied to inputs ("+r") keep their values; an untied output holds anything.
    Values result = zeros(call.getType());
    unsigned output = 0;
    unsigned argument = 0;
    const unsigned outputs = call.getType()->isStructTy() ? call.getType()->getStructNumElements() : 1;
    for (const llvm::InlineAsm::ConstraintInfo& constraint : assembly->ParseConstraints()) {
        if (constraint.Type == llvm::InlineAsm::isOutput && !constraint.isIndirect) {
            ++output;
            continue;
        }
        if (constraint.Type != llvm::InlineAsm::isInput && constraint.Type != llvm::InlineAsm::isOutput) {
            continue;
        }
        unsigned tied = 0;
        if (!constraint.Codes.empty() && !llvm::StringRef(constraint.Codes.front()).getAsInteger(10, tied) &&
            tied < outputs && tied < output && argument < call.arg_size()) {
            const Values input = value(call.getArgOperand(argument));
            const unsigned at = call.getType()->isStructTy() ? part_index(call.getType(), {tied}) : 0;
            for (std::size_t i = 0; i < input.size() && at + i < result.size(); ++i) {
                if (result[at + i]->getType() == input[i]->getType()) {
                    result[at + i] = input[i];
                }
            }
        }
        ++argument;
    }
    define(call, std::move(result));
}

}  // namespace tessera::lower
