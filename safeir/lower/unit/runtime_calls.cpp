#include "safeir/lower/unit/runtime_calls.h"

#include "safeir/lower/unit/float_class.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/Transforms/Utils/Local.h"

namespace tessera::lower {

namespace {

using llvm::Instruction;
using llvm::IRBuilder;
using llvm::Type;
using llvm::Value;
using llvm::Intrinsic::ID;

// The C function that computes an intrinsic on double, or null for one that stays an instruction.
const char* library_name(ID id) {
    switch (id) {
    case llvm::Intrinsic::sin:
        return "sin";
    case llvm::Intrinsic::cos:
        return "cos";
    case llvm::Intrinsic::tan:
        return "tan";
    case llvm::Intrinsic::asin:
        return "asin";
    case llvm::Intrinsic::acos:
        return "acos";
    case llvm::Intrinsic::atan:
        return "atan";
    case llvm::Intrinsic::atan2:
        return "atan2";
    case llvm::Intrinsic::sinh:
        return "sinh";
    case llvm::Intrinsic::cosh:
        return "cosh";
    case llvm::Intrinsic::tanh:
        return "tanh";
    case llvm::Intrinsic::exp:
        return "exp";
    case llvm::Intrinsic::exp2:
        return "exp2";
    case llvm::Intrinsic::exp10:
        return "exp10";
    case llvm::Intrinsic::log:
        return "log";
    case llvm::Intrinsic::log2:
        return "log2";
    case llvm::Intrinsic::log10:
        return "log10";
    case llvm::Intrinsic::pow:
        return "pow";
    case llvm::Intrinsic::ldexp:
        return "ldexp";
    case llvm::Intrinsic::lround:
        return "lround";
    case llvm::Intrinsic::llround:
        return "llround";
    case llvm::Intrinsic::lrint:
        return "lrint";
    case llvm::Intrinsic::llrint:
        return "llrint";
    default:
        return nullptr;
    }
}

// Those that are instructions on double and float, but not on long double.
const char* long_double_name(ID id) {
    switch (id) {
    case llvm::Intrinsic::sqrt:
        return "sqrt";
    case llvm::Intrinsic::floor:
        return "floor";
    case llvm::Intrinsic::ceil:
        return "ceil";
    case llvm::Intrinsic::trunc:
        return "trunc";
    case llvm::Intrinsic::rint:
        return "rint";
    case llvm::Intrinsic::nearbyint:
        return "nearbyint";
    case llvm::Intrinsic::round:
        return "round";
    case llvm::Intrinsic::roundeven:
        return "rint";
    case llvm::Intrinsic::minnum:
        return "fmin";
    case llvm::Intrinsic::maxnum:
        return "fmax";
    case llvm::Intrinsic::fma:
        return "fma";
    default:
        return library_name(id);
    }
}

class RuntimeCalls {
  public:
    explicit RuntimeCalls(llvm::Module& module) : module_(module) {}

    void run(llvm::Function& function) {
        divide_vectors(function);
        llvm::SmallVector<Instruction*> all;
        for (Instruction& instruction : llvm::instructions(function)) {
            all.push_back(&instruction);
        }
        for (Instruction* instruction : all) {
            IRBuilder<> builder(instruction);
            if (Value* value = replacement(*instruction, builder)) {
                value->takeName(instruction);
                instruction->replaceAllUsesWith(value);
                instruction->eraseFromParent();
            }
        }
    }

  private:
    // The vectoriser may have put long doubles side by side: operations on them become one for each lane.
    void divide_vectors(llvm::Function& function) {
        llvm::SmallVector<Instruction*> wide;
        for (Instruction& instruction : llvm::instructions(function)) {
            const bool computes =
                llvm::isa<llvm::BinaryOperator, llvm::UnaryOperator, llvm::CmpInst, llvm::CastInst>(instruction);
            if (computes && instruction.getType()->isVectorTy() &&
                (instruction.getType()->getScalarType()->isFP128Ty() ||
                 instruction.getOperand(0)->getType()->getScalarType()->isFP128Ty())) {
                wide.push_back(&instruction);
            }
        }
        for (Instruction* instruction : wide) {
            auto* vector = llvm::cast<llvm::FixedVectorType>(instruction->getType());
            IRBuilder<> b(instruction);
            Value* result = llvm::PoisonValue::get(vector);
            for (unsigned lane = 0; lane < vector->getNumElements(); ++lane) {
                llvm::SmallVector<Value*, 2> operands;
                for (Value* operand : instruction->operands()) {
                    operands.push_back(b.CreateExtractElement(operand, lane));
                }
                Value* scalar = nullptr;
                if (auto* compare = llvm::dyn_cast<llvm::CmpInst>(instruction)) {
                    scalar = b.CreateCmp(compare->getPredicate(), operands[0], operands[1]);
                } else if (auto* cast = llvm::dyn_cast<llvm::CastInst>(instruction)) {
                    scalar = b.CreateCast(cast->getOpcode(), operands[0], vector->getElementType());
                } else {
                    scalar = b.CreateNAryOp(instruction->getOpcode(), operands);
                }
                result = b.CreateInsertElement(result, scalar, lane);
            }
            instruction->replaceAllUsesWith(result);
            instruction->eraseFromParent();
        }
    }

    Value* replacement(Instruction& instruction, IRBuilder<>& b) {
        if (auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction)) {
            return intrinsic(*call, b);
        }
        const unsigned opcode = instruction.getOpcode();
        if (opcode == Instruction::FRem) {
            return per_lane(instruction, b, "fmod");
        }
        if (instruction.getType()->isIntegerTy(128) ||
            (instruction.getNumOperands() > 0 && instruction.getOperand(0)->getType()->isIntegerTy(128))) {
            if (Value* value = wide_integer(instruction, b)) {
                return value;
            }
        }
        return long_double(instruction, b);
    }

    Value* call(IRBuilder<>& b, const llvm::Twine& name, Type* result, llvm::ArrayRef<Value*> arguments) {
        llvm::SmallVector<Type*> types;
        for (Value* argument : arguments) {
            types.push_back(argument->getType());
        }
        llvm::SmallString<32> storage;
        auto callee =
            module_.getOrInsertFunction(name.toStringRef(storage), llvm::FunctionType::get(result, types, false));
        return b.CreateCall(callee, arguments);
    }

    static const char* suffix(Type* type) { return type->isFloatTy() ? "f" : (type->isFP128Ty() ? "l" : ""); }

    // name(x) on each lane of a vector, or on the value itself.
    Value* per_lane(Instruction& instruction, IRBuilder<>& b, llvm::StringRef name) {
        const unsigned count = llvm::isa<llvm::CallInst>(instruction)
                                   ? llvm::cast<llvm::CallInst>(instruction).arg_size()
                                   : instruction.getNumOperands();
        Type* scalar = instruction.getOperand(0)->getType()->getScalarType();
        const std::string full = (name + suffix(scalar)).str();
        auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(instruction.getType());
        llvm::SmallVector<Value*> arguments(count);
        if (vector == nullptr) {
            for (unsigned i = 0; i < count; ++i) {
                arguments[i] = instruction.getOperand(i);
            }
            return call(b, full, instruction.getType(), arguments);
        }
        Value* result = llvm::PoisonValue::get(vector);
        for (unsigned lane = 0; lane < vector->getNumElements(); ++lane) {
            for (unsigned i = 0; i < count; ++i) {
                Value* operand = instruction.getOperand(i);
                arguments[i] = operand->getType()->isVectorTy() ? b.CreateExtractElement(operand, lane) : operand;
            }
            result = b.CreateInsertElement(result, call(b, full, vector->getElementType(), arguments), lane);
        }
        return result;
    }

    Value* intrinsic(llvm::IntrinsicInst& call, IRBuilder<>& b) {
        const ID id = call.getIntrinsicID();
        Type* type = call.getType();
        switch (id) {
        case llvm::Intrinsic::is_fpclass:
            return expand_float_class(
                b,
                call.getArgOperand(0),
                static_cast<unsigned>(llvm::cast<llvm::ConstantInt>(call.getArgOperand(1))->getZExtValue()));
        case llvm::Intrinsic::powi:
            return powi(call, b);
        case llvm::Intrinsic::sincos: {
            Value* x = call.getArgOperand(0);
            if (x->getType()->isVectorTy()) {
                return nullptr;
            }
            Value* pair =
                b.CreateInsertValue(llvm::PoisonValue::get(type),
                                    this->call(b, llvm::Twine("sin") + suffix(x->getType()), x->getType(), {x}),
                                    0);
            return b.CreateInsertValue(
                pair, this->call(b, llvm::Twine("cos") + suffix(x->getType()), x->getType(), {x}), 1);
        }
        case llvm::Intrinsic::frexp:
        case llvm::Intrinsic::modf:
            return through_memory(call, b, id == llvm::Intrinsic::frexp ? "frexp" : "modf");
        case llvm::Intrinsic::round:
            if (!type->getScalarType()->isFP128Ty()) {
                return round(call.getArgOperand(0), b);
            }
            break;
        case llvm::Intrinsic::maximumnum:
            return simpler(call, b, llvm::Intrinsic::maxnum);
        case llvm::Intrinsic::minimumnum:
            return simpler(call, b, llvm::Intrinsic::minnum);
        case llvm::Intrinsic::canonicalize:
            return call.getArgOperand(0);
        default:
            break;
        }
        const bool wide = call.arg_size() > 0 && call.getArgOperand(0)->getType()->getScalarType()->isFP128Ty();
        if (wide && (id == llvm::Intrinsic::fabs || id == llvm::Intrinsic::copysign)) {
            return sign_bits(call, b);
        }
        if (wide && id == llvm::Intrinsic::fmuladd) {
            Value* product = this->call(b, "__multf3", type, {call.getArgOperand(0), call.getArgOperand(1)});
            return this->call(b, "__addtf3", type, {product, call.getArgOperand(2)});
        }
        const char* name = wide ? long_double_name(id) : library_name(id);
        return name != nullptr ? per_lane(call, b, name) : nullptr;
    }

    Value* simpler(llvm::IntrinsicInst& call, IRBuilder<>& b, ID id) {
        if (call.getType()->getScalarType()->isFP128Ty()) {
            return per_lane(call, b, id == llvm::Intrinsic::maxnum ? "fmax" : "fmin");
        }
        return b.CreateBinaryIntrinsic(id, call.getArgOperand(0), call.getArgOperand(1));
    }

    // Away from zero at a half: the largest number below a half is added, with the operand's sign, and the sum
    // truncated.
    Value* round(Value* x, IRBuilder<>& b) {
        Type* type = x->getType();
        const double half = type->getScalarType()->isFloatTy() ? 0x1.fffffep-2 : 0x1.fffffffffffffp-2;
        Value* bias = b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, llvm::ConstantFP::get(type, half), x);
        return b.CreateUnaryIntrinsic(llvm::Intrinsic::trunc, b.CreateFAdd(x, bias));
    }

    Value* powi(llvm::IntrinsicInst& call, IRBuilder<>& b) {
        Type* scalar = call.getType()->getScalarType();
        const char* name = scalar->isFloatTy() ? "__powisf2" : "__powidf2";
        auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(call.getType());
        if (vector == nullptr) {
            return this->call(b, name, scalar, {call.getArgOperand(0), call.getArgOperand(1)});
        }
        Value* result = llvm::PoisonValue::get(vector);
        for (unsigned lane = 0; lane < vector->getNumElements(); ++lane) {
            Value* x = b.CreateExtractElement(call.getArgOperand(0), lane);
            result = b.CreateInsertElement(result, this->call(b, name, scalar, {x, call.getArgOperand(1)}), lane);
        }
        return result;
    }

    // frexp and modf give their second result through a pointer in C.
    Value* through_memory(llvm::IntrinsicInst& call, IRBuilder<>& b, llvm::StringRef name) {
        auto* pair = llvm::cast<llvm::StructType>(call.getType());
        Value* x = call.getArgOperand(0);
        if (x->getType()->isVectorTy()) {
            return nullptr;
        }
        IRBuilder<> entry(&*call.getFunction()->getEntryBlock().getFirstInsertionPt());
        Value* slot = entry.CreateAlloca(pair->getElementType(1));
        Value* first = this->call(b, name + llvm::Twine(suffix(x->getType())), pair->getElementType(0), {x, slot});
        Value* result = b.CreateInsertValue(llvm::PoisonValue::get(pair), first, 0);
        return b.CreateInsertValue(result, b.CreateLoad(pair->getElementType(1), slot), 1);
    }

    Value* sign_bits(llvm::IntrinsicInst& call, IRBuilder<>& b) {
        Type* wide = b.getInt128Ty();
        auto* sign = llvm::ConstantInt::get(b.getContext(), llvm::APInt::getSignMask(128));
        Value* magnitude = b.CreateAnd(b.CreateBitCast(call.getArgOperand(0), wide), b.CreateNot(sign));
        if (call.getIntrinsicID() == llvm::Intrinsic::copysign) {
            magnitude = b.CreateOr(magnitude, b.CreateAnd(b.CreateBitCast(call.getArgOperand(1), wide), sign));
        }
        return b.CreateBitCast(magnitude, call.getType());
    }

    Value* wide_integer(Instruction& i, IRBuilder<>& b) {
        Type* type = i.getType();
        Value* x = i.getOperand(0);
        const auto kind = [](Type* t) { return t->isFloatTy() ? "sf" : (t->isDoubleTy() ? "df" : "tf"); };
        switch (i.getOpcode()) {
        case Instruction::UDiv:
            return call(b, "__udivti3", type, {x, i.getOperand(1)});
        case Instruction::SDiv:
            return call(b, "__divti3", type, {x, i.getOperand(1)});
        case Instruction::URem:
            return call(b, "__umodti3", type, {x, i.getOperand(1)});
        case Instruction::SRem:
            return call(b, "__modti3", type, {x, i.getOperand(1)});
        case Instruction::UIToFP:
            return call(b, llvm::Twine("__floatunti") + kind(type), type, {x});
        case Instruction::SIToFP:
            return call(b, llvm::Twine("__floatti") + kind(type), type, {x});
        case Instruction::FPToUI:
            return call(b, llvm::Twine("__fixuns") + kind(x->getType()) + "ti", type, {x});
        case Instruction::FPToSI:
            return call(b, llvm::Twine("__fix") + kind(x->getType()) + "ti", type, {x});
        default:
            return nullptr;
        }
    }

    Value* long_double(Instruction& i, IRBuilder<>& b) {
        Type* type = i.getType();
        Value* x = i.getNumOperands() > 0 ? i.getOperand(0) : nullptr;
        if (x == nullptr || !(type->isFP128Ty() || x->getType()->isFP128Ty())) {
            return nullptr;
        }
        switch (i.getOpcode()) {
        case Instruction::FAdd:
            return call(b, "__addtf3", type, {x, i.getOperand(1)});
        case Instruction::FSub:
            return call(b, "__subtf3", type, {x, i.getOperand(1)});
        case Instruction::FMul:
            return call(b, "__multf3", type, {x, i.getOperand(1)});
        case Instruction::FDiv:
            return call(b, "__divtf3", type, {x, i.getOperand(1)});
        case Instruction::FNeg: {
            auto* sign = llvm::ConstantInt::get(b.getContext(), llvm::APInt::getSignMask(128));
            return b.CreateBitCast(b.CreateXor(b.CreateBitCast(x, b.getInt128Ty()), sign), type);
        }
        case Instruction::FCmp: {
            // The helper answers with the bit of the relation that holds, numbered as in LLVM's predicates.
            Value* relation = call(b, "__tessera_cmptf2", b.getInt32Ty(), {x, i.getOperand(1)});
            const auto predicate = static_cast<std::uint32_t>(llvm::cast<llvm::FCmpInst>(i).getPredicate());
            return b.CreateICmpNE(b.CreateAnd(relation, predicate), b.getInt32(0));
        }
        case Instruction::FPExt:
            return call(b, x->getType()->isFloatTy() ? "__extendsftf2" : "__extenddftf2", type, {x});
        case Instruction::FPTrunc:
            return call(b, type->isFloatTy() ? "__trunctfsf2" : "__trunctfdf2", type, {x});
        case Instruction::FPToSI:
        case Instruction::FPToUI:
            return from_long_double(i, b);
        case Instruction::SIToFP:
        case Instruction::UIToFP:
            return to_long_double(i, b);
        default:
            return nullptr;
        }
    }

    Value* from_long_double(Instruction& i, IRBuilder<>& b) {
        const bool is_signed = i.getOpcode() == Instruction::FPToSI;
        const bool wide = i.getType()->getIntegerBitWidth() > 32;
        Type* carrier = wide ? b.getInt64Ty() : b.getInt32Ty();
        const llvm::Twine name = llvm::Twine(is_signed ? "__fixtf" : "__fixunstf");
        return b.CreateZExtOrTrunc(call(b, name + (wide ? "di" : "si"), carrier, {i.getOperand(0)}), i.getType());
    }

    Value* to_long_double(Instruction& i, IRBuilder<>& b) {
        const bool is_signed = i.getOpcode() == Instruction::SIToFP;
        const bool wide = i.getOperand(0)->getType()->getIntegerBitWidth() > 32;
        Type* carrier = wide ? b.getInt64Ty() : b.getInt32Ty();
        Value* x =
            is_signed ? b.CreateSExtOrTrunc(i.getOperand(0), carrier) : b.CreateZExtOrTrunc(i.getOperand(0), carrier);
        return call(b, llvm::Twine(is_signed ? "__float" : "__floatun") + (wide ? "ditf" : "sitf"), i.getType(), {x});
    }

    llvm::Module& module_;
};

}  // namespace

void use_runtime_calls(llvm::Module& module) {
    RuntimeCalls calls(module);
    llvm::SmallVector<llvm::Function*> functions;
    for (llvm::Function& function : module) {
        if (!function.isDeclaration()) {
            functions.push_back(&function);
        }
    }
    for (llvm::Function* function : functions) {
        calls.run(*function);
    }
}

}  // namespace tessera::lower
