#include "safeir/lower/unit/setjmp_calls.h"

#include "safeir/lower/base/shape.h"
#include "safeir/spec/marks.h"

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace tessera::lower {

// The call in the thunk is the caller's, as far as anybody can tell.
static void give_place(llvm::Function& thunk, const llvm::CallInst& call) {
    const auto* own = call.getFunction()->getSubprogram();
    const llvm::DILocation* place = call.getDebugLoc().get();
    if (own == nullptr || place == nullptr) {
        return;
    }
    while (place->getInlinedAt() != nullptr) {
        place = place->getInlinedAt();
    }
    auto* scope = llvm::DISubprogram::getDistinct(thunk.getContext(),
                                                  own->getScope(),
                                                  own->getName(),
                                                  "",
                                                  own->getFile(),
                                                  own->getLine(),
                                                  own->getType(),
                                                  own->getScopeLine(),
                                                  nullptr,
                                                  0,
                                                  0,
                                                  llvm::DINode::FlagZero,
                                                  llvm::DISubprogram::toSPFlags(/*IsLocalToUnit=*/true, true, false),
                                                  own->getUnit());
    thunk.setSubprogram(scope);
    for (auto& instruction : thunk.getEntryBlock()) {
        instruction.setDebugLoc(llvm::DILocation::get(thunk.getContext(), place->getLine(), place->getColumn(), scope));
    }
}

llvm::Value* call_through_try(llvm::CallInst& call, Diagnostics& diagnostics) {
    llvm::Module& module = *call.getModule();
    llvm::Function& function = *call.getFunction();
    // What travels: the result first, then the operands (arguments and, last, the callee) that are no constants.
    llvm::SmallVector<llvm::Type*> fields;
    const bool has_result = !call.getType()->isVoidTy();
    if (has_result) {
        fields.push_back(call.getType());
    }
    llvm::SmallVector<unsigned> travelling;
    for (unsigned i = 0; i <= call.arg_size(); ++i) {
        const llvm::Value* operand = i < call.arg_size() ? call.getArgOperand(i) : call.getCalledOperand();
        if (!llvm::isa<llvm::Constant>(operand)) {
            fields.push_back(operand->getType());
            travelling.push_back(i);
        }
    }
    for (const llvm::Type* field : fields) {
        if (is_capability(field)) {
            diagnostics.refuse(call,
                               "a function that calls setjmp can't pass or receive a capability in a call after it; do "
                               "that in another function");
            return nullptr;
        }
    }
    llvm::LLVMContext& context = module.getContext();
    auto* record = llvm::StructType::get(context, fields);
    llvm::IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
    llvm::Value* block = entry.CreateAlloca(record, nullptr, "call.arguments");

    llvm::Type* pointer = entry.getPtrTy();
    auto* thunk = llvm::Function::Create(llvm::FunctionType::get(entry.getVoidTy(), {pointer}, false),
                                         llvm::GlobalValue::InternalLinkage,
                                         function.getName() + ".try",
                                         module);
    for (const char* name : {"target-cpu", "target-features"}) {
        thunk->addFnAttr(name, function.getFnAttribute(name).getValueAsString());
    }
    if (call.doesNotThrow()) {
        thunk->addFnAttr(llvm::Attribute::NoUnwind);
    }
    llvm::IRBuilder<> inside(llvm::BasicBlock::Create(context, "", thunk));
    auto* copy = llvm::cast<llvm::CallInst>(call.clone());
    copy->setDebugLoc({});
    copy->setTailCallKind(llvm::CallInst::TCK_None);
    llvm::IRBuilder<> outside(&call);
    unsigned field = has_result ? 1 : 0;
    for (const unsigned i : travelling) {
        llvm::Value* operand = i < call.arg_size() ? call.getArgOperand(i) : call.getCalledOperand();
        outside.CreateStore(operand, outside.CreateStructGEP(record, block, field));
        llvm::Value* arrived =
            inside.CreateLoad(operand->getType(), inside.CreateStructGEP(record, thunk->getArg(0), field));
        i < call.arg_size() ? copy->setArgOperand(i, arrived) : copy->setCalledOperand(arrived);
        ++field;
    }
    inside.Insert(copy);
    if (has_result) {
        inside.CreateStore(copy, inside.CreateStructGEP(record, thunk->getArg(0), 0));
    }
    inside.CreateRetVoid();
    give_place(*thunk, call);

    auto attempt = module.getOrInsertFunction(safeir::marks::kTry, outside.getInt32Ty(), pointer, pointer);
    llvm::Value* thrown = outside.CreateCall(attempt, {thunk, block});
    if (has_result) {
        // Read where control goes on; uses in other blocks went through memory before.
        llvm::IRBuilder<> after(call.getNextNode());
        llvm::Value* result = after.CreateLoad(call.getType(), after.CreateStructGEP(record, block, 0));
        call.replaceAllUsesWith(result);
    }
    call.eraseFromParent();
    return thrown;
}

}  // namespace tessera::lower
