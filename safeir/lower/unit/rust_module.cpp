#include "safeir/lower/unit/rust_module.h"

#include "safeir/lower/base/shape.h"
#include "safeir/lower/unit/optimise.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

#include <bit>

namespace tessera::lower {

namespace {

using llvm::Instruction;
using llvm::IRBuilder;
using llvm::Value;

// A function that needs more than every x86-64 has. No program is told of such a processor (cpuid says nothing), so
// none is called; what calls one all the same has made a mistake, and traps.
bool needs_more_than_baseline(const llvm::Function& function) {
    static const llvm::StringSet<> baseline = {
        "cmov", "crc32", "cx8", "cx16", "fxsr", "mmx", "sahf", "sse", "sse2", "x87", "64bit", "64bit-mode"};
    llvm::SmallVector<llvm::StringRef, 16> features;
    function.getFnAttribute("target-features").getValueAsString().split(features, ',', -1, false);
    return llvm::any_of(
        features, [](llvm::StringRef feature) { return feature.consume_front("+") && !baseline.contains(feature); });
}

void make_trap(llvm::Function& function) {
    const auto linkage = function.getLinkage();
    function.deleteBody();
    function.setPersonalityFn(nullptr);
    function.setLinkage(linkage);
    IRBuilder<> b(llvm::BasicBlock::Create(function.getContext(), "", &function));
    b.CreateCall(llvm::Intrinsic::getOrInsertDeclaration(function.getParent(), llvm::Intrinsic::trap));
    b.CreateUnreachable();
}

// Panics end the program, so that no call returns by unwinding.
void remove_unwinding(llvm::Function& function) {
    llvm::SmallVector<llvm::InvokeInst*> calls;
    llvm::SmallVector<Instruction*> resumes;
    for (Instruction& instruction : llvm::instructions(function)) {
        if (auto* invoke = llvm::dyn_cast<llvm::InvokeInst>(&instruction)) {
            calls.push_back(invoke);
        } else if (llvm::isa<llvm::ResumeInst>(instruction)) {
            resumes.push_back(&instruction);
        }
    }
    for (llvm::InvokeInst* invoke : calls) {
        llvm::changeToCall(invoke);
    }
    for (Instruction* resume : resumes) {
        llvm::changeToUnreachable(resume);
    }
    llvm::removeUnreachableBlocks(function);
    function.setPersonalityFn(nullptr);
}

// The sign bit of each lane, as one integer.
Value* sign_mask(llvm::CallInst& call, IRBuilder<>& b) {
    Value* vector = call.getArgOperand(0);
    auto* type = llvm::cast<llvm::FixedVectorType>(vector->getType());
    llvm::Type* lanes = type->getWithNewType(b.getIntNTy(type->getScalarSizeInBits()));
    Value* negative = b.CreateICmpSLT(b.CreateBitCast(vector, lanes), llvm::Constant::getNullValue(lanes));
    return b.CreateZExt(b.CreateBitCast(negative, b.getIntNTy(type->getNumElements())), call.getType());
}

// Sums of absolute differences of eight bytes each.
Value* byte_differences(llvm::CallInst& call, IRBuilder<>& b) {
    auto* result = llvm::cast<llvm::FixedVectorType>(call.getType());
    llvm::Type* wide = llvm::FixedVectorType::get(b.getInt16Ty(), result->getNumElements() * 8);
    Value* x = b.CreateZExt(call.getArgOperand(0), wide);
    Value* y = b.CreateZExt(call.getArgOperand(1), wide);
    Value* difference = b.CreateBinaryIntrinsic(llvm::Intrinsic::abs, b.CreateSub(x, y), b.getFalse());
    Value* sums = llvm::PoisonValue::get(result);
    for (unsigned i = 0; i < result->getNumElements(); ++i) {
        llvm::SmallVector<int, 8> lanes;
        for (int lane = 0; lane < 8; ++lane) {
            lanes.push_back(static_cast<int>(i * 8) + lane);
        }
        Value* sum = b.CreateAddReduce(b.CreateShuffleVector(difference, lanes));
        sums = b.CreateInsertElement(sums, b.CreateZExt(sum, b.getInt64Ty()), i);
    }
    return sums;
}

// Both operands narrowed to half their lanes' width, out of range meaning the nearest.
Value* pack(llvm::CallInst& call, IRBuilder<>& b, bool to_unsigned) {
    auto* from = llvm::cast<llvm::FixedVectorType>(call.getArgOperand(0)->getType());
    const unsigned lanes = from->getNumElements();
    const unsigned bits = from->getScalarSizeInBits();
    llvm::SmallVector<int> all;
    for (unsigned i = 0; i < lanes * 2; ++i) {
        all.push_back(static_cast<int>(i));
    }
    Value* joined = b.CreateShuffleVector(call.getArgOperand(0), call.getArgOperand(1), all);
    const auto number = [&](const llvm::APInt& value) { return llvm::ConstantInt::get(joined->getType(), value); };
    const llvm::APInt least = to_unsigned ? llvm::APInt(bits, 0) : llvm::APInt::getSignedMinValue(bits / 2).sext(bits);
    const llvm::APInt most = to_unsigned ? llvm::APInt::getMaxValue(bits / 2).zext(bits)
                                         : llvm::APInt::getSignedMaxValue(bits / 2).sext(bits);
    joined = b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, joined, number(least));
    joined = b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, joined, number(most));
    return b.CreateTrunc(joined, call.getType());
}

// Products of neighbouring lanes, added.
Value* multiply_and_add(llvm::CallInst& call, IRBuilder<>& b) {
    auto* from = llvm::cast<llvm::FixedVectorType>(call.getArgOperand(0)->getType());
    llvm::Type* wide = from->getWithNewType(b.getInt32Ty());
    Value* product = b.CreateMul(b.CreateSExt(call.getArgOperand(0), wide), b.CreateSExt(call.getArgOperand(1), wide));
    llvm::SmallVector<int> even;
    llvm::SmallVector<int> odd;
    for (unsigned i = 0; i < from->getNumElements(); i += 2) {
        even.push_back(static_cast<int>(i));
        odd.push_back(static_cast<int>(i) + 1);
    }
    return b.CreateAdd(b.CreateShuffleVector(product, even), b.CreateShuffleVector(product, odd));
}

// A shift of all lanes by one number; too far leaves nothing (or the sign).
Value* shift(llvm::CallInst& call, IRBuilder<>& b, Instruction::BinaryOps operation) {
    Value* amount = call.getArgOperand(1);
    auto* type = llvm::cast<llvm::FixedVectorType>(call.getType());
    const unsigned bits = type->getScalarSizeInBits();
    if (amount->getType()->isVectorTy()) {  // the low 64 bits count
        amount = b.CreateBitCast(amount, llvm::FixedVectorType::get(b.getInt64Ty(), 2));
        amount = b.CreateExtractElement(amount, std::uint64_t{0});
    }
    Value* too_far = b.CreateICmpUGE(amount, llvm::ConstantInt::get(amount->getType(), bits));
    Value* within = b.CreateSelect(too_far, llvm::ConstantInt::get(amount->getType(), bits - 1), amount);
    Value* by = b.CreateVectorSplat(type->getNumElements(), b.CreateZExtOrTrunc(within, type->getElementType()));
    Value* shifted = b.CreateBinOp(operation, call.getArgOperand(0), by);
    return operation == Instruction::AShr ? shifted
                                          : b.CreateSelect(too_far, llvm::Constant::getNullValue(type), shifted);
}

// What SSE2's intrinsics compute, in LLVM's own words; most of them rustc writes so itself. Null for others.
Value* in_plain_words(llvm::IntrinsicInst& call, IRBuilder<>& b) {
    switch (call.getIntrinsicID()) {
    case llvm::Intrinsic::x86_sse2_pmovmskb_128:
    case llvm::Intrinsic::x86_sse2_movmsk_pd:
    case llvm::Intrinsic::x86_sse_movmsk_ps:
        return sign_mask(call, b);
    case llvm::Intrinsic::x86_sse2_psad_bw:
        return byte_differences(call, b);
    case llvm::Intrinsic::x86_sse2_packsswb_128:
    case llvm::Intrinsic::x86_sse2_packssdw_128:
        return pack(call, b, false);
    case llvm::Intrinsic::x86_sse2_packuswb_128:
        return pack(call, b, true);
    case llvm::Intrinsic::x86_sse2_pmadd_wd:
        return multiply_and_add(call, b);
    case llvm::Intrinsic::x86_sse2_pslli_w:
    case llvm::Intrinsic::x86_sse2_pslli_d:
    case llvm::Intrinsic::x86_sse2_pslli_q:
    case llvm::Intrinsic::x86_sse2_psll_w:
    case llvm::Intrinsic::x86_sse2_psll_d:
    case llvm::Intrinsic::x86_sse2_psll_q:
        return shift(call, b, Instruction::Shl);
    case llvm::Intrinsic::x86_sse2_psrli_w:
    case llvm::Intrinsic::x86_sse2_psrli_d:
    case llvm::Intrinsic::x86_sse2_psrli_q:
    case llvm::Intrinsic::x86_sse2_psrl_w:
    case llvm::Intrinsic::x86_sse2_psrl_d:
    case llvm::Intrinsic::x86_sse2_psrl_q:
        return shift(call, b, Instruction::LShr);
    case llvm::Intrinsic::x86_sse2_psrai_w:
    case llvm::Intrinsic::x86_sse2_psrai_d:
    case llvm::Intrinsic::x86_sse2_psra_w:
    case llvm::Intrinsic::x86_sse2_psra_d:
        return shift(call, b, Instruction::AShr);
    case llvm::Intrinsic::x86_sse2_pmulh_w:
    case llvm::Intrinsic::x86_sse2_pmulhu_w: {
        const bool is_signed = call.getIntrinsicID() == llvm::Intrinsic::x86_sse2_pmulh_w;
        llvm::Type* wide = llvm::FixedVectorType::get(b.getInt32Ty(), 8);
        const auto widen = [&](Value* x) { return is_signed ? b.CreateSExt(x, wide) : b.CreateZExt(x, wide); };
        Value* product = b.CreateMul(widen(call.getArgOperand(0)), widen(call.getArgOperand(1)));
        return b.CreateTrunc(b.CreateLShr(product, 16), call.getType());
    }
    case llvm::Intrinsic::x86_addcarry_64:
    case llvm::Intrinsic::x86_addcarry_32: {
        llvm::Type* type = call.getArgOperand(1)->getType();
        llvm::Type* wide = b.getIntNTy(type->getIntegerBitWidth() * 2);
        Value* carry = b.CreateZExt(b.CreateIsNotNull(call.getArgOperand(0)), wide);
        Value* sum = b.CreateAdd(
            b.CreateAdd(b.CreateZExt(call.getArgOperand(1), wide), b.CreateZExt(call.getArgOperand(2), wide)), carry);
        Value* high = b.CreateTrunc(b.CreateLShr(sum, type->getIntegerBitWidth()), b.getInt8Ty());
        Value* pair = b.CreateInsertValue(llvm::PoisonValue::get(call.getType()), high, 0);
        return b.CreateInsertValue(pair, b.CreateTrunc(sum, type), 1);
    }
    case llvm::Intrinsic::x86_subborrow_64:
    case llvm::Intrinsic::x86_subborrow_32: {
        llvm::Type* type = call.getArgOperand(1)->getType();
        llvm::Type* wide = b.getIntNTy(type->getIntegerBitWidth() * 2);
        Value* borrow = b.CreateZExt(b.CreateIsNotNull(call.getArgOperand(0)), wide);
        Value* difference = b.CreateSub(
            b.CreateSub(b.CreateZExt(call.getArgOperand(1), wide), b.CreateZExt(call.getArgOperand(2), wide)), borrow);
        Value* high = b.CreateZExt(b.CreateICmpSLT(difference, llvm::ConstantInt::get(wide, 0)), b.getInt8Ty());
        Value* pair = b.CreateInsertValue(llvm::PoisonValue::get(call.getType()), high, 0);
        return b.CreateInsertValue(pair, b.CreateTrunc(difference, type), 1);
    }
    default:
        return nullptr;
    }
}

bool is_hint(const llvm::IntrinsicInst& call) {
    switch (call.getIntrinsicID()) {
    case llvm::Intrinsic::x86_sse2_pause:
    case llvm::Intrinsic::x86_sse_sfence:
    case llvm::Intrinsic::x86_sse2_lfence:
    case llvm::Intrinsic::x86_sse2_mfence:
        return true;
    default:
        return false;
    }
}

// What a call is replaced by: nothing at all for a hint.
struct Replacement {
    bool found = false;
    Value* value = nullptr;
};

Replacement replacement(llvm::CallInst& call) {
    IRBuilder<> b(&call);
    if (auto* intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&call)) {
        if (is_hint(*intrinsic)) {
            return {true, nullptr};
        }
        Value* value = in_plain_words(*intrinsic, b);
        return {value != nullptr, value};
    }
    if (const auto* assembly = llvm::dyn_cast<llvm::InlineAsm>(call.getCalledOperand())) {
        // A processor that has nothing to say.
        const bool asks = llvm::StringRef(assembly->getAsmString()).contains("cpuid");
        return {asks, asks ? llvm::Constant::getNullValue(call.getType()) : nullptr};
    }
    // There is no stack to walk: a panic's message comes without a backtrace, and the code that would print one goes.
    const llvm::Function* callee = call.getCalledFunction();
    constexpr std::uint64_t kEndOfStack = 5;
    const bool walks = callee != nullptr && callee->isDeclaration() && callee->getName() == "_Unwind_Backtrace";
    return {walks, walks ? llvm::ConstantInt::get(call.getType(), kEndOfStack) : nullptr};
}

void replace_calls(llvm::Function& function) {
    llvm::SmallVector<llvm::CallInst*> calls;
    for (Instruction& instruction : llvm::instructions(function)) {
        if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction)) {
            calls.push_back(call);
        }
    }
    for (llvm::CallInst* call : calls) {
        const Replacement other = replacement(*call);
        if (other.found) {
            if (other.value != nullptr) {
                call->replaceAllUsesWith(other.value);
            }
            call->eraseFromParent();
        }
    }
}

// Linux's loader calls what it finds in .init_array with the program's arguments. std learns its arguments so.
void adopt_start_functions(llvm::Module& module) {
    llvm::SmallVector<llvm::GlobalVariable*> entries;
    for (llvm::GlobalVariable& variable : module.globals()) {
        if (variable.getSection().starts_with(".init_array") && variable.hasInitializer()) {
            entries.push_back(&variable);
        }
    }
    for (llvm::GlobalVariable* entry : entries) {
        auto* target = llvm::dyn_cast<llvm::Function>(entry->getInitializer()->stripPointerCasts());
        entry->setSection("");
        if (target == nullptr || target->arg_size() != 3) {
            continue;
        }
        llvm::LLVMContext& context = module.getContext();
        auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context), false);
        auto* start = llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, "init_array.entry", module);
        IRBuilder<> b(llvm::BasicBlock::Create(context, "", start));
        const auto load = [&](const char* name, llvm::Type* of) -> Value* {
            return b.CreateLoad(of, module.getOrInsertGlobal(name, of));
        };
        b.CreateCall(target,
                     {load("__tessera_argc", b.getInt32Ty()),
                      load("__tessera_argv", b.getPtrTy()),
                      load("__environ", b.getPtrTy())});
        b.CreateRetVoid();
        llvm::appendToGlobalCtors(module, start, 65535);
    }
}

void complete(llvm::CallInst& call, llvm::Function& callee) {
    llvm::SmallVector<Value*> arguments;
    IRBuilder<> b(&call);
    for (llvm::Argument& parameter : callee.args()) {
        Value* given = parameter.getArgNo() < call.arg_size() ? call.getArgOperand(parameter.getArgNo()) : nullptr;
        llvm::Type* type = parameter.getType();
        if (given != nullptr && given->getType()->isIntegerTy() && type->isIntegerTy()) {
            given = b.CreateZExtOrTrunc(given, type);
        } else if (given != nullptr && given->getType() != type) {
            given = given->getType()->isPointerTy() && type->isIntegerTy() ? b.CreatePtrToInt(given, type) : nullptr;
        }
        arguments.push_back(given != nullptr ? given : llvm::Constant::getNullValue(type));
    }
    llvm::CallInst* made = b.CreateCall(&callee, arguments);
    made->setDebugLoc(call.getDebugLoc());
    if (!call.getType()->isVoidTy() && made->getType() == call.getType()) {
        call.replaceAllUsesWith(made);
    }
    if (call.use_empty()) {
        call.eraseFromParent();
    } else {
        made->eraseFromParent();
    }
}

}  // namespace

void adopt_rust_module(llvm::Module& module) {
    adopt_start_functions(module);
    for (const char* list : {"llvm.used", "llvm.compiler.used"}) {
        if (llvm::GlobalVariable* variable = module.getNamedGlobal(list)) {
            variable->eraseFromParent();
        }
    }
    for (llvm::Function& function : module) {
        if (function.isDeclaration()) {
            continue;
        }
        if (needs_more_than_baseline(function)) {
            make_trap(function);
        } else {
            remove_unwinding(function);
            replace_calls(function);
        }
    }
    optimise_program(module, Effort::None);
}

void complete_calls(llvm::Module& program) {
    for (llvm::Function& callee : program) {
        if (callee.isDeclaration() || callee.isVarArg()) {
            continue;
        }
        for (llvm::User* user : llvm::make_early_inc_range(callee.users())) {
            auto* call = llvm::dyn_cast<llvm::CallInst>(user);
            if (call != nullptr && call->getCalledOperand() == &callee && call->getFunctionType()->isVarArg()) {
                complete(*call, callee);
            }
        }
    }
}

}  // namespace tessera::lower
