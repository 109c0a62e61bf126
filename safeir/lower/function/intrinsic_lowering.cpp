// FunctionLowering's part for intrinsics. Mathematical functions have become library calls before (runtime_calls.cpp).
#include "safeir/lower/base/traps.h"
#include "safeir/lower/function/function_lowering.h"

#include "llvm/IR/IntrinsicsWebAssembly.h"

#include <numeric>

namespace tessera::lower {

// Those of the dialect (safeir/spec/intrinsics.def).
static bool is_in_dialect(llvm::Intrinsic::ID id) {
    switch (id) {
#define TESSERA_INTRINSIC(code, name, arguments, kind) case llvm::Intrinsic::name:
#include "safeir/spec/intrinsics.def"
#undef TESSERA_INTRINSIC
        return true;
    default:
        return false;
    }
}

bool FunctionLowering::lower_dropped(llvm::IntrinsicInst& call) {
    switch (call.getIntrinsicID()) {
    case llvm::Intrinsic::lifetime_start:
    case llvm::Intrinsic::lifetime_end:
    case llvm::Intrinsic::assume:
    case llvm::Intrinsic::prefetch:
    case llvm::Intrinsic::invariant_end:
    case llvm::Intrinsic::experimental_noalias_scope_decl:
    case llvm::Intrinsic::pseudoprobe:
    case llvm::Intrinsic::dbg_value:
    case llvm::Intrinsic::dbg_declare:
    case llvm::Intrinsic::dbg_assign:
    case llvm::Intrinsic::dbg_label:
    case llvm::Intrinsic::donothing:
    case llvm::Intrinsic::sideeffect:
    case llvm::Intrinsic::fake_use:
    case llvm::Intrinsic::var_annotation:
    case llvm::Intrinsic::instrprof_increment:
    case llvm::Intrinsic::stackrestore:
        return true;
    case llvm::Intrinsic::debugtrap:
        return true;
    case llvm::Intrinsic::invariant_start:
    case llvm::Intrinsic::sponentry:
    case llvm::Intrinsic::stacksave:
        define_zero(call);  // dynamic_stack.cpp has done what it is for
        return true;
    case llvm::Intrinsic::returnaddress:
    case llvm::Intrinsic::frameaddress:
    case llvm::Intrinsic::addressofreturnaddress:
        refuse(call, "return addresses and the frames of callers can't be seen");
        define_zero(call);
        return true;
    case llvm::Intrinsic::expect:
    case llvm::Intrinsic::expect_with_probability:
    case llvm::Intrinsic::launder_invariant_group:
    case llvm::Intrinsic::strip_invariant_group:
    case llvm::Intrinsic::ptr_annotation:
    case llvm::Intrinsic::annotation:
    case llvm::Intrinsic::arithmetic_fence:
    case llvm::Intrinsic::ssa_copy:
        define(call, value(call.getArgOperand(0)));
        return true;
    case llvm::Intrinsic::is_constant:
        define(call, {b_.getFalse()});
        return true;
    case llvm::Intrinsic::get_rounding:
        define(call, {b_.getInt32(1)});
        return true;
    case llvm::Intrinsic::readcyclecounter:
    case llvm::Intrinsic::readsteadycounter:
        refuse(call, "the cycle counter can't be read; use the clock");
        define_zero(call);
        return true;
    case llvm::Intrinsic::trap:
    case llvm::Intrinsic::ubsantrap:
        trap(kTrapAbort);
        b_.SetInsertPoint(llvm::BasicBlock::Create(program_.context, "", &target_));
        return true;
    default:
        return false;
    }
}

bool FunctionLowering::lower_web_assembly(llvm::IntrinsicInst& call) {
    const auto argument = [&](unsigned i) { return single(call.getArgOperand(i)); };
    switch (call.getIntrinsicID()) {
    case llvm::Intrinsic::wasm_memory_size:
        define(call, {b_.CreateZExt(call_helper("memory_size", {}), call.getType())});
        return true;
    case llvm::Intrinsic::wasm_memory_grow:
        // Sign-extended: no memory is -1.
        define(call, {b_.CreateSExt(call_helper("memory_grow", {offset_of(argument(1))}), call.getType())});
        return true;
    case llvm::Intrinsic::wasm_ref_null_extern:
        define(call, {call_helper("cap_null", {})});
        return true;
    case llvm::Intrinsic::wasm_ref_is_null_extern:
        define(call, {call_helper("cap_is_null", {argument(0)})});
        return true;
    case llvm::Intrinsic::wasm_table_get_externref:
        define(call, {call_helper("cap_table_get", {argument(0), argument(1)})});
        return true;
    case llvm::Intrinsic::wasm_table_set_externref:
        call_helper("cap_table_set", {argument(0), argument(1), argument(2)});
        return true;
    case llvm::Intrinsic::wasm_table_size:
        define(call, {call_helper("cap_table_size", {argument(0)})});
        return true;
    case llvm::Intrinsic::wasm_table_grow_externref:
        define(call, {call_helper("cap_table_grow", {argument(0), argument(1), argument(2)})});
        return true;
    case llvm::Intrinsic::wasm_table_fill_externref:
        call_helper("cap_table_fill", {argument(0), argument(1), argument(2), argument(3)});
        return true;
    case llvm::Intrinsic::wasm_trunc_signed:
    case llvm::Intrinsic::wasm_trunc_saturate_signed:
        lower_saturating_conversion(call, true);
        return true;
    case llvm::Intrinsic::wasm_trunc_unsigned:
    case llvm::Intrinsic::wasm_trunc_saturate_unsigned:
        lower_saturating_conversion(call, false);
        return true;
    default:
        return false;
    }
}

// Out of range means the nearest integer, and zero for no number: the plain conversion gives any value there, and is
// then replaced.
Values
FunctionLowering::saturating_conversion(const Values& from, llvm::Type* from_type, llvm::Type* to, bool is_signed) {
    const unsigned width = to->getScalarSizeInBits();
    const llvm::fltSemantics& semantics = from_type->getScalarType()->getFltSemantics();
    const llvm::APInt least = is_signed ? llvm::APInt::getSignedMinValue(width) : llvm::APInt::getMinValue(width);
    const llvm::APInt most = is_signed ? llvm::APInt::getSignedMaxValue(width) : llvm::APInt::getMaxValue(width);
    llvm::APFloat low(semantics);
    llvm::APFloat high(semantics);  // 2^n, the first value that is too large, is exact
    low.convertFromAPInt(least, is_signed, llvm::APFloat::rmTowardZero);
    high.convertFromAPInt(most.zext(width + 2) + 1, false, llvm::APFloat::rmTowardZero);
    return lanewise({from}, to, [&](llvm::ArrayRef<llvm::Value*> x, unsigned lanes) {
        llvm::Type* type = program_.shapes.chunk(program_.shapes.scalar(to->getScalarType()), lanes);
        const auto number = [&](const llvm::APInt& value) {
            return llvm::ConstantInt::get(type, value.zext(type->getScalarSizeInBits()));
        };
        llvm::Value* plain = is_signed ? b_.CreateFPToSI(x[0], type) : b_.CreateFPToUI(x[0], type);
        llvm::Value* result =
            b_.CreateSelect(b_.CreateFCmpOGE(x[0], llvm::ConstantFP::get(x[0]->getType(), high)), number(most), plain);
        // Not "greater than the least" holds for no number too, which then becomes zero.
        result =
            b_.CreateSelect(b_.CreateFCmpULE(x[0], llvm::ConstantFP::get(x[0]->getType(), low)), number(least), result);
        return is_signed ? b_.CreateSelect(b_.CreateFCmpUNO(x[0], x[0]), llvm::Constant::getNullValue(type), result)
                         : result;
    });
}

void FunctionLowering::lower_saturating_conversion(llvm::IntrinsicInst& call, bool is_signed) {
    llvm::Value* from = call.getArgOperand(0);
    if (from->getType()->getScalarType()->isFP128Ty()) {
        refuse(call, "a saturating conversion of long double");
        return define_zero(call);
    }
    Values result = saturating_conversion(value(from), from->getType(), call.getType(), is_signed);
    if (is_odd_integer(call.getType())) {
        for (llvm::Value*& part : result) {
            part = mask_to_width(part, call.getType());
        }
    }
    define(call, std::move(result));
}

void FunctionLowering::lower_plain_intrinsic(llvm::IntrinsicInst& call) {
    llvm::SmallVector<Values, 3> operands;
    llvm::SmallVector<llvm::Value*, 1> flags;  // the i1 of abs, ctlz and cttz, which is no lane's
    for (llvm::Value* argument : call.args()) {
        if (argument->getType()->isIntegerTy(1) && !call.getType()->getScalarType()->isIntegerTy(1)) {
            flags.push_back(argument);
        } else {
            operands.push_back(value(argument));
        }
    }
    // Three-way comparison has other lanes than its operands.
    const auto id = call.getIntrinsicID();
    const bool three_way = id == llvm::Intrinsic::scmp || id == llvm::Intrinsic::ucmp;
    define(
        call, lanewise(operands, call.getType(), [&](llvm::ArrayRef<llvm::Value*> x, unsigned lanes) -> llvm::Value* {
            Values all(x.begin(), x.end());
            all.append(flags.begin(), flags.end());
            llvm::SmallVector<llvm::Type*, 2> overloads = {x[0]->getType()};
            if (three_way) {
                overloads.insert(overloads.begin(),
                                 program_.shapes.chunk(program_.shapes.scalar(call.getType()->getScalarType()), lanes));
            }
            llvm::CallInst* made = b_.CreateIntrinsic(id, overloads, all);
            if (llvm::isa<llvm::FPMathOperator>(made)) {
                made->copyFastMathFlags(&call);
            }
            return made;
        }));
}

// The number of the first lane that is set, or the number of lanes.
void FunctionLowering::lower_first_lane(llvm::IntrinsicInst& call) {
    auto* type = llvm::cast<llvm::FixedVectorType>(call.getArgOperand(0)->getType());
    const unsigned lanes = type->getNumElements();
    if (lanes > 64) {
        refuse(call, "a search in a vector of more than 64 lanes");
        return define_zero(call);
    }
    llvm::Value* joined = b_.getInt64(0);
    unsigned at = 0;
    for (llvm::Value* part : value(call.getArgOperand(0))) {
        auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(part->getType());
        llvm::Value* set = part->getType()->getScalarType()->isIntegerTy(1) ? part : b_.CreateIsNotNull(part);
        unsigned count = 1;
        if (vector != nullptr) {
            count = vector->getNumElements();
            llvm::SmallVector<int> mask(std::max(8U, count), static_cast<int>(count));
            std::iota(mask.begin(), mask.begin() + count, 0);
            set = count >= 8 ? set : b_.CreateShuffleVector(set, llvm::Constant::getNullValue(set->getType()), mask);
            set = b_.CreateBitCast(set, b_.getIntNTy(std::max(8U, count)));
        }
        joined = b_.CreateOr(joined, b_.CreateShl(b_.CreateZExt(set, b_.getInt64Ty()), at));
        at += count;
    }
    joined = lanes == 64 ? joined : b_.CreateOr(joined, b_.getInt64(std::uint64_t{1} << lanes));
    llvm::Value* first = b_.CreateIntrinsic(llvm::Intrinsic::cttz, {b_.getInt64Ty()}, {joined, b_.getFalse()});
    define(call, {b_.CreateZExtOrTrunc(first, program_.shapes.scalar(call.getType()))});
}

// How the results of two chunks of a reduced vector come together.
static llvm::Value* combine(llvm::IRBuilderBase& b, llvm::Intrinsic::ID id, llvm::Value* x, llvm::Value* y) {
    switch (id) {
    case llvm::Intrinsic::vector_reduce_add:
        return b.CreateAdd(x, y);
    case llvm::Intrinsic::vector_reduce_mul:
        return b.CreateMul(x, y);
    case llvm::Intrinsic::vector_reduce_and:
        return b.CreateAnd(x, y);
    case llvm::Intrinsic::vector_reduce_or:
        return b.CreateOr(x, y);
    case llvm::Intrinsic::vector_reduce_xor:
        return b.CreateXor(x, y);
    case llvm::Intrinsic::vector_reduce_smin:
        return b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, x, y);
    case llvm::Intrinsic::vector_reduce_smax:
        return b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, x, y);
    case llvm::Intrinsic::vector_reduce_umin:
        return b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, x, y);
    case llvm::Intrinsic::vector_reduce_umax:
        return b.CreateBinaryIntrinsic(llvm::Intrinsic::umax, x, y);
    case llvm::Intrinsic::vector_reduce_fmin:
        return b.CreateBinaryIntrinsic(llvm::Intrinsic::minnum, x, y);
    case llvm::Intrinsic::vector_reduce_fmax:
        return b.CreateBinaryIntrinsic(llvm::Intrinsic::maxnum, x, y);
    default:
        return nullptr;
    }
}

void FunctionLowering::lower_reduction(llvm::IntrinsicInst& call) {
    const auto id = call.getIntrinsicID();
    const bool has_start = id == llvm::Intrinsic::vector_reduce_fadd || id == llvm::Intrinsic::vector_reduce_fmul;
    llvm::Value* result = has_start ? single(call.getArgOperand(0)) : nullptr;
    for (llvm::Value* part : value(call.getArgOperand(has_start ? 1 : 0))) {
        if (!part->getType()->isVectorTy()) {
            if (has_start) {
                result = id == llvm::Intrinsic::vector_reduce_fadd ? b_.CreateFAddFMF(result, part, &call)
                                                                   : b_.CreateFMulFMF(result, part, &call);
            } else {
                result = result == nullptr ? part : combine(b_, id, result, part);
            }
            continue;
        }
        llvm::CallInst* reduced = has_start ? b_.CreateIntrinsic(id, {part->getType()}, {result, part})
                                            : b_.CreateIntrinsic(id, {part->getType()}, {part});
        if (llvm::isa<llvm::FPMathOperator>(reduced)) {
            reduced->copyFastMathFlags(&call);
        }
        result = has_start || result == nullptr ? reduced : combine(b_, id, result, reduced);
    }
    define(call, {result});
}

void FunctionLowering::lower_overflow(llvm::IntrinsicInst& call) {
    llvm::Type* type = call.getArgOperand(0)->getType();
    const Values left = value(call.getArgOperand(0));
    const Values right = value(call.getArgOperand(1));
    auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type);
    const auto one = [&](llvm::Value* x, llvm::Value* y) {
        llvm::Value* pair = b_.CreateIntrinsic(call.getIntrinsicID(), {x->getType()}, {x, y});
        return std::pair(b_.CreateExtractValue(pair, 0), b_.CreateExtractValue(pair, 1));
    };
    if (vector == nullptr) {
        const auto [result, overflow] = one(left.front(), right.front());
        return define(call, {result, overflow});
    }
    Values results = poisons(type);
    Values overflows = poisons(call.getType()->getStructElementType(1));
    Values lanes;
    Values flags;
    for (unsigned lane = 0; lane < vector->getNumElements(); ++lane) {
        const auto [result, overflow] = one(get_lane(left, lane), get_lane(right, lane));
        lanes.push_back(result);
        flags.push_back(overflow);
    }
    results = reshape(lanes, program_.shapes.lane_counts(vector));
    overflows = reshape(
        flags, program_.shapes.lane_counts(llvm::cast<llvm::FixedVectorType>(call.getType()->getStructElementType(1))));
    results.append(overflows.begin(), overflows.end());
    define(call, std::move(results));
}

void FunctionLowering::lower_intrinsic(llvm::IntrinsicInst& call) {
    if (lower_dropped(call) || lower_web_assembly(call)) {
        return;
    }
    if (auto* copy = llvm::dyn_cast<llvm::MemTransferInst>(&call)) {
        return lower_copy(*copy);
    }
    if (auto* fill = llvm::dyn_cast<llvm::MemSetInst>(&call)) {
        return lower_fill(*fill);
    }
    const auto id = call.getIntrinsicID();
    switch (id) {
    case llvm::Intrinsic::ptrmask: {
        const Values mask = value(call.getArgOperand(1));
        const Values pointer = value(call.getArgOperand(0));
        return define(call, lanewise({pointer, mask}, call.getType(), [&](auto x, unsigned) {
                          return b_.CreateAnd(x[0], x[1]);
                      }));
    }
    case llvm::Intrinsic::load_relative: {
        llvm::Value* start = single(call.getArgOperand(0));
        llvm::Value* distance = b_.CreateSExtOrTrunc(single(call.getArgOperand(1)), start->getType());
        llvm::Value* stored = load(b_.getInt32Ty(), {b_.CreateAdd(start, distance)}).front();
        return define(call, {b_.CreateAdd(start, b_.CreateSExt(stored, start->getType()))});
    }
    case llvm::Intrinsic::fptosi_sat:
        return lower_saturating_conversion(call, true);
    case llvm::Intrinsic::fptoui_sat:
        return lower_saturating_conversion(call, false);
    case llvm::Intrinsic::experimental_cttz_elts:
        return lower_first_lane(call);
    default:
        break;
    }
    if (!is_in_dialect(id)) {
        refuse(call, "compiler intrinsic " + call.getCalledFunction()->getName() + " can't be used");
        return define_zero(call);
    }
    if (call.arg_size() > 0 && call.getArgOperand(0)->getType()->getScalarType()->isFP128Ty()) {
        refuse(call, "intrinsic " + call.getCalledFunction()->getName() + " on long double");
        return define_zero(call);
    }
    if (is_odd_integer(call.getArgOperand(0)->getType())) {  // one that odd_intrinsics.cpp does not know
        refuse(call, "intrinsic " + call.getCalledFunction()->getName() + " on integers of such a width");
        return define_zero(call);
    }
    if (call.getType()->isStructTy()) {
        return lower_overflow(call);
    }
    if (call.getCalledFunction()->getName().starts_with("llvm.vector.reduce.")) {
        return lower_reduction(call);
    }
    lower_plain_intrinsic(call);
}

}  // namespace tessera::lower
