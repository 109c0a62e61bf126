// proofs COUNT [FIRST]: random functions about the lengths of slices, number FIRST to FIRST + COUNT - 1. The prover's
// proof of each, and mutants of it, are given to the checker; what the checker takes to be proven by any of them is
// watched while the function is interpreted with many arguments.
//
// Widths are mixed and small ones are common, so that sums wrap all the time; lengths are near powers of two and zero.
// A value that is not pinned gives another number at each use.
#include "safeir/check/proof_checker.h"
#include "safeir/prove/certificate.h"
#include "safeir/spec/marks.h"
#include "safeir/wire/format.h"
#include "test/fuzz/mutator.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/NoFolder.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace tessera;
using Values = std::vector<llvm::Value*>;

constexpr unsigned kRuns = 24;
constexpr unsigned kStepsMax = 400;
constexpr unsigned kLength = 2;  // the argument

class Random : public fuzz::Random {
  public:
    using fuzz::Random::Random;
    unsigned below(unsigned bound) { return static_cast<unsigned>(fuzz::Random::below(bound)); }
    // Small, or near a power of two.
    std::uint64_t number() {
        switch (below(4)) {
        case 0:
            return below(4);
        case 1:
            return below(70);
        case 2:
            return (std::uint64_t{1} << below(64)) + below(5) - 2;
        default:
            return next() >> below(64);
        }
    }
};

// ---- making a function ----

class Maker {
  public:
    Maker(llvm::Module& module, Random& random) : random_(random), b_(module.getContext()) {
        auto& context = module.getContext();
        llvm::Type* pointer = llvm::PointerType::get(context, 0);
        function_ = llvm::Function::Create(
            llvm::FunctionType::get(b_.getVoidTy(), {pointer, pointer, type(64), type(64), type(32), type(8)}, false),
            llvm::Function::InternalLinkage,
            "f",
            module);
        function_->addParamAttr(1, llvm::Attribute::get(context, safeir::marks::kReadOnlySlice));
        b_.SetInsertPoint(llvm::BasicBlock::Create(context, "", function_));
        exit_ = llvm::BasicBlock::Create(context, "exit", function_);
        llvm::IRBuilder<>(exit_).CreateRetVoid();
    }

    llvm::Function& make() {
        Values scope = {function_->getArg(kLength), function_->getArg(kLength)};
        for (unsigned i = kLength + 1; i < function_->arg_size(); ++i) {
            scope.push_back(b_.CreateFreeze(function_->getArg(i)));
            if (random_.chance(4)) {
                scope.push_back(function_->getArg(i));
            }
        }
        scope.push_back(b_.CreateTrunc(function_->getArg(kLength), type(32)));
        statements(scope, 3);
        b_.CreateBr(exit_);
        return *function_;
    }

    std::vector<safeir::Obligation> obligations;

  private:
    llvm::IntegerType* type(unsigned bits) { return b_.getIntNTy(bits); }
    llvm::Value* pick(const Values& scope) {
        // What came last is used most.
        const auto back = std::min(random_.below(static_cast<unsigned>(scope.size())),
                                   random_.below(static_cast<unsigned>(scope.size())));
        return scope[scope.size() - 1 - back];
    }
    llvm::Value* fit(llvm::Value* value, llvm::Type* wanted) { return b_.CreateZExtOrTrunc(value, wanted); }
    llvm::Value* constant(llvm::Type* wanted) { return llvm::ConstantInt::get(wanted, random_.number()); }
    llvm::Value* operand(const Values& scope, llvm::Type* wanted) {
        return random_.chance(2) ? constant(wanted) : fit(pick(scope), wanted);
    }

    llvm::Value* value(const Values& scope) { return derive(pick(scope), scope); }

    llvm::Value* derive(llvm::Value* x, const Values& scope) {
        llvm::Type* own = x->getType();
        const unsigned bits = own->getIntegerBitWidth();
        switch (random_.below(16)) {
        case 0:
        case 1:
        case 2:
            return b_.CreateAdd(x, operand(scope, own));
        case 3:
        case 4:
            return b_.CreateSub(x, operand(scope, own));
        case 5:
            return b_.CreateSub(operand(scope, own), x);
        case 6:
            return b_.CreateMul(x, llvm::ConstantInt::get(own, random_.below(9)));
        case 7:
            return b_.CreateShl(x, random_.below(std::min(bits, 5U)));
        case 8:
            return b_.CreateLShr(x, random_.below(std::min(bits, 5U)));
        case 9:
            return b_.CreateUDiv(x, llvm::ConstantInt::get(own, 1 + random_.below(9)));
        case 10:
            return random_.chance(2) ? b_.CreateURem(x, llvm::ConstantInt::get(own, 1 + random_.below(70)))
                                     : b_.CreateURem(x, b_.CreateOr(operand(scope, own), 1));
        case 11:
            return random_.chance(2) ? b_.CreateAnd(x, llvm::ConstantInt::getSigned(own, -(1 << random_.below(5))))
                                     : b_.CreateAnd(x, operand(scope, own));
        case 12:
            return b_.CreateOr(x, operand(scope, own));
        case 13: {
            static constexpr unsigned kBits[] = {8, 16, 32, 64};
            return fit(x, type(kBits[random_.below(4)]));
        }
        case 14:
            return b_.CreateBinaryIntrinsic(
                random_.chance(2) ? llvm::Intrinsic::umin : llvm::Intrinsic::usub_sat, x, operand(scope, own));
        default:
            return random_.chance(2) ? b_.CreateSelect(condition(scope), x, operand(scope, own))
                                     : b_.CreateFreeze(b_.CreateLoad(own, function_->getArg(0)));
        }
    }

    llvm::Value* condition(const Values& scope) {
        const auto compare = [&] {
            llvm::Value* x = pick(scope);
            llvm::Value* y = random_.chance(3) ? static_cast<llvm::Value*>(function_->getArg(kLength)) : pick(scope);
            if (random_.chance(4)) {
                y = constant(x->getType());
            }
            llvm::Type* wide =
                x->getType()->getIntegerBitWidth() > y->getType()->getIntegerBitWidth() ? x->getType() : y->getType();
            const auto predicate = llvm::CmpInst::Predicate(
                llvm::CmpInst::FIRST_ICMP_PREDICATE +
                (random_.chance(4) ? random_.below(10) : random_.below(6)));  // mostly unsigned
            return b_.CreateICmp(predicate, fit(x, wide), fit(y, wide));
        };
        llvm::Value* first = compare();
        switch (random_.below(6)) {
        case 0:
            return b_.CreateAnd(first, compare());
        case 1:
            return b_.CreateOr(first, compare());
        case 2:
            return b_.CreateSelect(first, compare(), b_.getInt1(random_.chance(2)));
        case 3:
            return b_.CreateSelect(first, b_.getInt1(random_.chance(2)), compare());
        default:
            return first;
        }
    }

    void access(const Values& scope) { access(pick(scope)); }

    void access(llvm::Value* variable) {
        variable = fit(variable, type(64));
        auto* at = b_.CreateIntrinsic(b_.getVoidTy(), llvm::Intrinsic::donothing, {});
        const bool is_slice = !random_.chance(4);
        obligations.push_back({safeir::Rule::SliceBounds,
                               at,
                               llvm::isa<llvm::Constant>(variable) ? nullptr : variable,
                               1 + (random_.chance(2) ? 0 : random_.number() % 64),
                               is_slice ? function_->getArg(kLength) : nullptr,
                               is_slice ? 0 : random_.number()});
    }

    // A bound on something, and accesses with what is made of the same.
    void guarded(Values& scope) {
        llvm::Value* x = pick(scope);
        llvm::Value* compared = random_.chance(2) ? derive(x, scope) : x;
        llvm::Value* bound = random_.chance(2) ? static_cast<llvm::Value*>(function_->getArg(kLength)) : pick(scope);
        if (random_.chance(3)) {
            bound = derive(bound, scope);
        }
        llvm::Type* wide = compared->getType()->getIntegerBitWidth() > bound->getType()->getIntegerBitWidth()
                               ? compared->getType()
                               : bound->getType();
        static constexpr llvm::CmpInst::Predicate kPredicates[] = {
            llvm::CmpInst::ICMP_ULT, llvm::CmpInst::ICMP_ULE, llvm::CmpInst::ICMP_NE, llvm::CmpInst::ICMP_SLT};
        llvm::BasicBlock* next = block();
        b_.CreateCondBr(
            b_.CreateICmp(kPredicates[random_.below(4)], fit(compared, wide), fit(bound, wide)), next, exit_);
        b_.SetInsertPoint(next);
        scope.push_back(x);
        scope.push_back(compared);
        access(x);
        for (unsigned i = 0; i < 3; ++i) {
            scope.push_back(derive(random_.chance(2) ? x : compared, scope));
            access(scope.back());
        }
    }

    llvm::BasicBlock* block() { return llvm::BasicBlock::Create(b_.getContext(), "", function_, exit_); }

    void statements(Values scope, unsigned depth) {
        for (unsigned count = 1 + random_.below(6); count > 0; --count) {
            const unsigned kind = random_.below(12);
            if (kind < 4) {
                scope.push_back(value(scope));
            } else if (kind < 5) {
                access(scope);
            } else if (kind < 7) {
                guarded(scope);
            } else if (kind < 9) {
                leave(scope);
            } else if (depth > 0) {
                kind == 9 ? branch(scope, depth - 1) : loop(scope, depth - 1);
            }
        }
        access(scope);
    }

    // if (condition) leave
    void leave(Values& scope) {
        llvm::BasicBlock* next = block();
        if (random_.chance(6)) {
            llvm::Value* x = pick(scope);
            auto* choice = b_.CreateSwitch(x, exit_);
            choice->addCase(llvm::cast<llvm::ConstantInt>(constant(x->getType())), next);
        } else if (random_.chance(2)) {
            b_.CreateCondBr(condition(scope), next, exit_);
        } else {
            b_.CreateCondBr(condition(scope), exit_, next);
        }
        b_.SetInsertPoint(next);
    }

    void branch(Values& scope, unsigned depth) {
        llvm::BasicBlock* arms[] = {block(), block()};
        llvm::BasicBlock* after = block();
        b_.CreateCondBr(condition(scope), arms[0], arms[1]);
        llvm::Type* wanted = pick(scope)->getType();
        llvm::Value* given[2];
        llvm::BasicBlock* ends[2];
        for (unsigned i = 0; i < 2; ++i) {
            b_.SetInsertPoint(arms[i]);
            statements(scope, depth);
            given[i] = operand(scope, wanted);
            ends[i] = b_.GetInsertBlock();
            b_.CreateBr(after);
        }
        b_.SetInsertPoint(after);
        auto* phi = b_.CreatePHI(wanted, 2);
        phi->addIncoming(given[0], ends[0]);
        phi->addIncoming(given[1], ends[1]);
        scope.push_back(phi);
    }

    void loop(Values& scope, unsigned depth) {
        llvm::BasicBlock* header = block();
        llvm::BasicBlock* after = block();
        if (random_.chance(2)) {
            leave(scope);
        }
        const unsigned count = 1 + random_.below(3);
        const Values before_loop = scope;
        Values firsts;
        for (unsigned i = 0; i < count; ++i) {
            firsts.push_back(random_.chance(3) ? llvm::ConstantInt::get(pick(scope)->getType(), 0) : pick(scope));
        }
        llvm::BasicBlock* before = b_.GetInsertBlock();
        b_.CreateBr(header);
        b_.SetInsertPoint(header);
        std::vector<llvm::PHINode*> phis;
        for (unsigned i = 0; i < count; ++i) {
            phis.push_back(b_.CreatePHI(firsts[i]->getType(), 2));
            phis.back()->addIncoming(firsts[i], before);
            scope.push_back(phis.back());
        }
        const bool is_rotated = random_.chance(2);
        llvm::BasicBlock* body = is_rotated ? header : block();
        const auto test = [&] {
            const bool is_first = random_.chance(2);
            if (random_.chance(2)) {
                llvm::Value* bound = random_.chance(2) ? firsts.front() : pick(before_loop);
                llvm::Value* goes =
                    is_rotated ? scope[scope.size() - 1 - random_.below(count)] : phis[random_.below(count)];
                auto* compare = b_.CreateICmp(random_.chance(2) ? llvm::CmpInst::ICMP_NE : llvm::CmpInst::ICMP_ULT,
                                              goes,
                                              fit(bound, goes->getType()));
                b_.CreateCondBr(compare, body, after);
                return;
            }
            b_.CreateCondBr(condition(scope), is_first ? body : after, is_first ? after : body);
        };
        if (!is_rotated) {
            test();
            b_.SetInsertPoint(body);
        }
        statements(scope, depth);
        Values next;
        for (llvm::PHINode* phi : phis) {
            switch (random_.below(5)) {
            case 0:
            case 1:
                next.push_back(b_.CreateAdd(phi, llvm::ConstantInt::get(phi->getType(), 1U << random_.below(5))));
                break;
            case 2:
                next.push_back(b_.CreateSub(phi, llvm::ConstantInt::get(phi->getType(), 1U << random_.below(5))));
                break;
            case 3:
                next.push_back(b_.CreateAdd(phi, fit(pick(scope), phi->getType())));
                break;
            default:
                next.push_back(fit(pick(scope), phi->getType()));
            }
        }
        scope.insert(scope.end(), next.begin(), next.end());
        llvm::BasicBlock* from = b_.GetInsertBlock();
        is_rotated ? test() : static_cast<void>(b_.CreateBr(header));
        for (unsigned i = 0; i < count; ++i) {
            phis[i]->addIncoming(next[i], from);
        }
        // What the loop made is not there behind it, but for the header's values.
        scope.resize(scope.size() - next.size());
        b_.SetInsertPoint(after);
    }

    Random& random_;
    llvm::IRBuilder<llvm::NoFolder> b_;
    llvm::Function* function_ = nullptr;
    llvm::BasicBlock* exit_ = nullptr;
};

// ---- running it ----

class Run {
  public:
    Run(Random& random, std::uint64_t length) : random_(random), length_(length) {}

    // The instruction at which something that was said to be proven does not hold, or null.
    const llvm::Instruction* run(const llvm::Function& function,
                                 const llvm::DenseMap<const llvm::Instruction*, const safeir::Obligation*>& proven) {
        for (const llvm::Argument& argument : llvm::drop_begin(function.args(), kLength + 1)) {
            numbers_[&argument] = cut(random_.number(), argument);
        }
        const llvm::BasicBlock* from = nullptr;
        const llvm::BasicBlock* block = &function.getEntryBlock();
        unsigned steps = 0;
        while (block != nullptr) {
            enter(*block, from);
            for (auto at = block->getFirstNonPHIIt(); at != block->end(); ++at) {
                if (++steps > kStepsMax) {
                    return nullptr;
                }
                if (const auto found = proven.find(&*at); found != proven.end() && !holds(*found->second)) {
                    return &*at;
                }
                if (!at->isTerminator() && !at->getType()->isVoidTy()) {
                    numbers_[&*at] = cut(result(*at), *at);
                }
            }
            from = block;
            block = next(*block->getTerminator());
        }
        return nullptr;
    }

    [[nodiscard]] std::uint64_t length() const { return length_; }

  private:
    static std::uint64_t cut(std::uint64_t number, const llvm::Value& value) {
        return number & llvm::maskTrailingOnes<std::uint64_t>(value.getType()->getIntegerBitWidth());
    }
    std::uint64_t get(const llvm::Value* value) {
        if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value)) {
            return number->getZExtValue();
        }
        if (const auto* argument = llvm::dyn_cast<llvm::Argument>(value);
            argument != nullptr && argument->getArgNo() == kLength) {
            return length_;
        }
        const bool is_pinned = !llvm::isa<llvm::Argument, llvm::LoadInst>(value) || random_.chance(2);
        return is_pinned ? numbers_.at(value) : cut(random_.number(), *value);
    }
    bool holds(const safeir::Obligation& obligation) {
        const safeir::Wide end =
            safeir::Wide{obligation.variable != nullptr ? get(obligation.variable) : 0} + obligation.constant;
        return end <= safeir::Wide{obligation.length != nullptr ? length_ : obligation.size};
    }
    void enter(const llvm::BasicBlock& block, const llvm::BasicBlock* from) {
        std::vector<std::pair<const llvm::PHINode*, std::uint64_t>> taken;
        for (const llvm::PHINode& phi : block.phis()) {
            taken.emplace_back(&phi, get(phi.getIncomingValueForBlock(from)));
        }
        for (const auto& [phi, number] : taken) {
            numbers_[phi] = number;
        }
    }
    std::uint64_t result(const llvm::Instruction& at) {
        if (llvm::isa<llvm::LoadInst>(at)) {
            return random_.number();
        }
        const std::uint64_t x = get(at.getOperand(0));
        if (llvm::isa<llvm::CastInst, llvm::FreezeInst>(at)) {
            return x;
        }
        if (llvm::isa<llvm::SelectInst>(at)) {
            return get(at.getOperand(x != 0 ? 1 : 2));
        }
        if (const auto* compare = llvm::dyn_cast<llvm::ICmpInst>(&at)) {
            const unsigned bits = at.getOperand(0)->getType()->getIntegerBitWidth();
            return llvm::ICmpInst::compare(
                       llvm::APInt(bits, x), llvm::APInt(bits, get(at.getOperand(1))), compare->getPredicate())
                       ? 1
                       : 0;
        }
        const std::uint64_t y = get(at.getOperand(1));
        if (const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&at)) {
            return call->getIntrinsicID() == llvm::Intrinsic::umin ? std::min(x, y) : x - std::min(x, y);
        }
        switch (at.getOpcode()) {
        case llvm::Instruction::Add:
            return x + y;
        case llvm::Instruction::Sub:
            return x - y;
        case llvm::Instruction::Mul:
            return x * y;
        case llvm::Instruction::Shl:
            return x << y;
        case llvm::Instruction::LShr:
            return x >> y;
        case llvm::Instruction::UDiv:
            return x / y;
        case llvm::Instruction::URem:
            return x % y;
        case llvm::Instruction::And:
            return x & y;
        case llvm::Instruction::Or:
            return x | y;
        default:
            fmt::print(stderr, "an operation that is not interpreted: {}\n", at.getOpcodeName());
            std::abort();
        }
    }
    const llvm::BasicBlock* next(const llvm::Instruction& end) {
        if (const auto* choice = llvm::dyn_cast<llvm::SwitchInst>(&end)) {
            const auto* number = llvm::ConstantInt::get(
                llvm::cast<llvm::IntegerType>(choice->getCondition()->getType()), get(choice->getCondition()));
            return choice->findCaseValue(number)->getCaseSuccessor();
        }
        const auto* branch = llvm::dyn_cast<llvm::BranchInst>(&end);
        if (branch == nullptr) {
            return nullptr;
        }
        return branch->getSuccessor(branch->isConditional() && get(branch->getCondition()) == 0 ? 1 : 0);
    }

    Random& random_;
    std::uint64_t length_;
    std::map<const llvm::Value*, std::uint64_t> numbers_;
};

// ---- the proof, and mutants of it ----

using Bytes = std::vector<std::byte>;
using Accesses = llvm::DenseMap<const llvm::Instruction*, const safeir::Obligation*>;

// Adds what the checker takes to be proven. False: it does not take the proof as a whole.
bool add_proven(llvm::Function& function,
                const safeir::Dominators& dominators,
                const std::vector<safeir::Obligation>& obligations,
                const Bytes& proof,
                Accesses& proven,
                std::string& why) {
    llvm::DenseSet<const llvm::Instruction*> open;
    const auto refuse = [&](safeir::Rule rule, const llvm::Instruction* at, const std::string& what, safeir::Site) {
        why = what;
        open.insert(at);
        return rule != safeir::Rule::Proof;  // an access that is not proven leaves the others as they are
    };
    const safeir::BlockTree tree(dominators.tree());
    if (proof.empty() || !safeir::ProofChecker(function, tree, proof, refuse).check(obligations)) {
        return false;
    }
    for (const safeir::Obligation& obligation : obligations) {
        if (!open.contains(obligation.at)) {
            proven[obligation.at] = &obligation;
        }
    }
    return true;
}

Bytes mutant_of(const Bytes& proof, Random& random) {
    Bytes mutant = proof;
    for (unsigned count = 1 + random.below(3); count > 0 && !mutant.empty(); --count) {
        const auto at = mutant.begin() + random.below(static_cast<unsigned>(mutant.size()));
        switch (random.below(6)) {
        case 0:
            *at ^= std::byte{1} << random.below(8);
            break;
        case 1:
            *at = static_cast<std::byte>(static_cast<unsigned>(*at) + 1 + random.below(4));
            break;
        case 2:
            *at = static_cast<std::byte>(static_cast<unsigned>(*at) - 1 - random.below(4));
            break;
        case 3:
            mutant.insert(at, static_cast<std::byte>(random.below(20)));
            break;
        case 4:
            mutant.erase(at);
            break;
        default:
            *at = mutant[random.below(static_cast<unsigned>(mutant.size()))];
        }
    }
    return mutant;
}

struct Counts {
    std::uint64_t accesses = 0, proven = 0, mutants = 0, taken = 0;
};

constexpr unsigned kMutants = 12;

bool try_one(std::uint64_t number, Counts& counts) {
    llvm::LLVMContext context;
    llvm::Module module("proofs", context);
    Random random(number);
    Maker maker(module, random);
    llvm::Function& function = maker.make();
    if (llvm::verifyFunction(function, &llvm::errs())) {
        fmt::print(stderr, "number {}: not a function\n", number);
        return false;
    }
    safeir::Dominators dominators;
    dominators.calculate(function);
    safeir::FactProver prover(function, dominators);
    const auto& verdicts = prover.prove_all(maker.obligations);
    const Bytes proof = safeir::write_certificate(function, prover);
    Accesses proven;
    std::string why;
    if (!add_proven(function, dominators, maker.obligations, proof, proven, why)) {
        function.print(llvm::errs());
        fmt::print(stderr, "number {}: the checker does not take the prover's proof: {}\n", number, why);
        return false;
    }
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        ++counts.accesses;
        counts.proven += verdicts[i].proven && !safeir::holds_by_range(maker.obligations[i]) ? 1 : 0;
        if (verdicts[i].proven && !proven.contains(maker.obligations[i].at)) {
            function.print(llvm::errs());
            fmt::print(stderr, "number {}: the checker does not take the proof of access {}\n", number, i);
            return false;
        }
    }
    for (unsigned i = 0; i < kMutants; ++i) {
        ++counts.mutants;
        counts.taken +=
            add_proven(function, dominators, maker.obligations, mutant_of(proof, random), proven, why) ? 1 : 0;
    }
    for (unsigned i = 0; i < kRuns && !proven.empty(); ++i) {
        Run run(random, std::min(random.number(), safeir::wire::kSliceBytesMax));
        if (const llvm::Instruction* wrong = run.run(function, proven)) {
            function.print(llvm::errs());
            fmt::print(stderr, "number {}, length {}: a proof does not hold, before", number, run.length());
            wrong->getNextNode()->print(llvm::errs());
            fmt::print(stderr, "\n");
            return false;
        }
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
    const std::uint64_t first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    Counts counts;
    unsigned failed = 0;
    for (std::uint64_t number = first; number < first + count; ++number) {
        failed += try_one(number, counts) ? 0 : 1;
    }
    fmt::print("{} functions, {} accesses, {} proven by facts; {} mutants of proofs, {} taken; {} functions failed\n",
               count,
               counts.accesses,
               counts.proven,
               counts.mutants,
               counts.taken,
               failed);
    return failed != 0 ? 1 : 0;
}
