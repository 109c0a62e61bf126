// Closing what was opened: accessors again, and what only the vectoriser knows of its loops said in front of them.
#include "safeir/lower/slice_accessors.h"
#include "safeir/lower/slice_work.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/Local.h"

#include <optional>

namespace tessera::lower {
namespace {

constexpr std::uint64_t kTurnsMax = std::uint64_t{1} << 32U;

// What was opened, closed.
class Closing {
  public:
    explicit Closing(llvm::Function& function) : function_(function), module_(*function.getParent()) {}

    // False where the vectoriser made something of an access that safe IR can't say, or that isn't known here.
    bool run(const SliceWork& work) {
        for (const Opened& each : work.accesses) {
            restore(each);
        }
        llvm::SmallVector<llvm::Instruction*, 32> open;
        for (llvm::Instruction& instruction : llvm::instructions(function_)) {
            const llvm::Value* pointer = llvm::getLoadStorePointerOperand(&instruction);
            if (pointer != nullptr && pointer->getType()->getPointerAddressSpace() == kSliceSpace) {
                open.push_back(&instruction);
            }
        }
        for (llvm::Instruction* access : open) {
            if (!close(*access)) {
                return false;
            }
        }
        if (!erase_addresses()) {
            return false;
        }
        for (llvm::BasicBlock& block : function_) {
            for (llvm::PHINode& phi : llvm::make_early_inc_range(block.phis())) {
                llvm::RecursivelyDeleteDeadPHINode(&phi);
            }
        }
        assure_turns();
        return true;
    }

  private:
    // The vectoriser's own loops count to a number that is a multiple of their step and no less than one step away, and
    // at which all accesses have gone as far as their slices reach. That is plain to it alone, so it's said before the
    // loop: a compare or two for all turns, from which the checker can go on.
    void assure_turns() {
        llvm::DominatorTree dominators(function_);
        const llvm::LoopInfo loops(dominators);
        llvm::MapVector<llvm::Loop*, llvm::SmallVector<llvm::CallInst*, 8>> found;
        for (llvm::CallInst* access : made_) {
            if (llvm::Loop* loop = loops.getLoopFor(access->getParent())) {
                found[loop].push_back(access);
            }
        }
        for (const auto& [loop, accesses] : found) {
            if (auto counter = counter_of(*loop)) {
                show_multiple(*counter);
                assure_counter(*counter);
                assure_ends(*loop, *counter, accesses);
            }
        }
    }

    struct Counter {
        llvm::PHINode* phi;
        llvm::Value* first;
        std::uint64_t step;
        llvm::Value* end;
        llvm::ICmpInst* compare;
        llvm::Instruction* before;
    };

    static std::optional<Counter> counter_of(const llvm::Loop& loop) {
        llvm::BasicBlock* before = loop.getLoopPreheader();
        llvm::BasicBlock* latch = loop.getLoopLatch();
        const auto* end = latch != nullptr ? llvm::dyn_cast<llvm::BranchInst>(latch->getTerminator()) : nullptr;
        auto* compare =
            end != nullptr && end->isConditional() ? llvm::dyn_cast<llvm::ICmpInst>(end->getCondition()) : nullptr;
        if (before == nullptr || compare == nullptr || !compare->isEquality() ||
            !loop.isLoopInvariant(compare->getOperand(1))) {
            return std::nullopt;
        }
        const auto* next = llvm::dyn_cast<llvm::BinaryOperator>(compare->getOperand(0));
        const auto* step = next != nullptr && next->getOpcode() == llvm::Instruction::Add
                               ? llvm::dyn_cast<llvm::ConstantInt>(next->getOperand(1))
                               : nullptr;
        auto* phi = step != nullptr ? llvm::dyn_cast<llvm::PHINode>(next->getOperand(0)) : nullptr;
        if (phi == nullptr || phi->getParent() != loop.getHeader() || !phi->getType()->isIntegerTy(64) ||
            phi->getIncomingValueForBlock(latch) != next || step->isNegative()) {
            return std::nullopt;
        }
        return Counter{phi,
                       phi->getIncomingValueForBlock(before),
                       step->getZExtValue(),
                       compare->getOperand(1),
                       compare,
                       before->getTerminator()};
    }

    // Where some turns always have to be left over, the end is a difference that doesn't look like the multiple that it
    // is.
    static void show_multiple(Counter& counter) {
        const auto* difference = llvm::dyn_cast<llvm::BinaryOperator>(counter.end);
        if (difference == nullptr || difference->getOpcode() != llvm::Instruction::Sub ||
            !llvm::isa<llvm::SelectInst>(difference->getOperand(1)) || !llvm::isPowerOf2_64(counter.step)) {
            return;
        }
        llvm::IRBuilder<> b(counter.before);
        counter.end = b.CreateAnd(counter.end, b.getInt64(~(counter.step - 1)));
        counter.compare->setOperand(1, counter.end);
    }

    void assure(llvm::IRBuilder<>& b, llvm::Value* value, std::uint64_t plus, llvm::Value* bound) {
        b.CreateCall(assured(module_), {value, b.getInt64(plus), bound});
    }

    void assure_counter(const Counter& counter) {
        llvm::IRBuilder<> b(counter.before);
        assure(b, counter.end, 0, b.getInt64(kTurnsMax));
        assure(b, counter.first, counter.step, counter.end);
    }

    // Of each slice and offset the furthest end of all turns.
    void assure_ends(llvm::Loop& loop, const Counter& counter, llvm::ArrayRef<llvm::CallInst*> accesses) {
        struct Reach {
            llvm::Value* slice;
            const llvm::Value* start;
            std::int64_t scale;
            std::int64_t beyond;
        };
        llvm::SmallVector<Reach, 4> reaches;
        llvm::SmallVector<llvm::Value*, 4> starts;
        for (llvm::CallInst* access : accesses) {
            llvm::Value* start = nullptr;
            std::int64_t scale = 0;
            if (!split_offset(access->getArgOperand(1), counter, loop, start, scale) || scale <= 0) {
                continue;
            }
            const bool loads = !access->getType()->isVoidTy();
            llvm::Type* type = loads ? access->getType() : access->getArgOperand(3)->getType();
            const auto further = llvm::cast<llvm::ConstantInt>(access->getArgOperand(2))->getSExtValue();
            const auto bytes =
                static_cast<std::int64_t>(module_.getDataLayout().getTypeStoreSize(type).getFixedValue());
            const std::int64_t beyond =
                std::max<std::int64_t>(0, further + bytes - static_cast<std::int64_t>(counter.step) * scale);
            const auto known = llvm::find_if(reaches, [&](const Reach& other) {
                return other.slice == access->getArgOperand(0) && other.start == start && other.scale == scale;
            });
            if (known != reaches.end()) {
                known->beyond = std::max(known->beyond, beyond);
            } else {
                reaches.push_back({access->getArgOperand(0), start, scale, beyond});
                starts.push_back(start);
            }
        }
        llvm::IRBuilder<> b(counter.before);
        for (std::size_t i = 0; i < reaches.size(); ++i) {
            const Reach& reach = reaches[i];
            llvm::Value* end = counter.end;
            end = reach.scale == 1 ? end : b.CreateMul(end, b.getInt64(static_cast<std::uint64_t>(reach.scale)));
            end = starts[i] == nullptr ? end : b.CreateAdd(end, starts[i]);
            assure(
                b, end, static_cast<std::uint64_t>(reach.beyond), b.CreateCall(slice_length(module_), {reach.slice}));
        }
    }

    // offset == start + counter * scale, with a start that is fixed; null is zero.
    static bool split_offset(
        llvm::Value* offset, const Counter& counter, const llvm::Loop& loop, llvm::Value*& start, std::int64_t& scale) {
        start = nullptr;
        scale = 1;
        for (unsigned step = 0; step < 4; ++step) {
            if (offset == counter.phi) {
                return true;
            }
            auto* operation = llvm::dyn_cast<llvm::BinaryOperator>(offset);
            if (operation == nullptr) {
                return false;
            }
            const auto* number = llvm::dyn_cast<llvm::ConstantInt>(operation->getOperand(1));
            if (operation->getOpcode() == llvm::Instruction::Mul && number != nullptr &&
                number->getValue().ule(kSliceStepMax)) {
                scale *= number->getSExtValue();
                offset = operation->getOperand(0);
            } else if (operation->getOpcode() == llvm::Instruction::Shl && number != nullptr &&
                       number->getValue().ule(20)) {
                scale <<= number->getZExtValue();
                offset = operation->getOperand(0);
            } else if (operation->getOpcode() == llvm::Instruction::Add && start == nullptr && scale == 1) {
                const unsigned fixed = loop.isLoopInvariant(operation->getOperand(0)) ? 0 : 1;
                start = operation->getOperand(fixed);
                offset = operation->getOperand(1 - fixed);
                if (!loop.isLoopInvariant(start)) {
                    return false;
                }
            } else {
                return false;
            }
        }
        return false;
    }

    // As it was, where the vectoriser has left it as it was.
    void restore(const Opened& opened) {
        auto* access = llvm::dyn_cast_or_null<llvm::Instruction>(opened.access);
        if (access == nullptr || opened.slice == nullptr || opened.offset == nullptr) {
            return;
        }
        llvm::IRBuilder<> b(access);
        llvm::SmallVector<llvm::Value*, 3> arguments = {opened.slice, opened.offset};
        if (auto* store = llvm::dyn_cast<llvm::StoreInst>(access)) {
            arguments.push_back(store->getValueOperand());
        }
        llvm::CallInst* call = b.CreateCall(opened.accessor, arguments);
        call->setAttributes(opened.accessor->getAttributes());
        replace(*access, *call);
    }

    bool close(llvm::Instruction& access) {
        llvm::Value* pointer = llvm::getLoadStorePointerOperand(&access);
        llvm::IRBuilder<> b(&access);
        llvm::Value* offset = nullptr;
        std::int64_t further = 0;
        while (auto* step = llvm::dyn_cast<llvm::GetElementPtrInst>(pointer)) {
            llvm::SmallMapVector<llvm::Value*, llvm::APInt, 4> variable;
            llvm::APInt fixed(64, 0);
            if (!step->collectOffset(module_.getDataLayout(), 64, variable, fixed)) {
                break;
            }
            further += fixed.getSExtValue();
            for (const auto& [index, scale] : variable) {
                llvm::Value* part = b.CreateSExtOrTrunc(index, b.getInt64Ty());
                part = scale.isOne() ? part : b.CreateMul(part, b.getInt64(scale.getZExtValue()));
                offset = offset == nullptr ? part : b.CreateAdd(offset, part);
            }
            pointer = step->getPointerOperand();
        }
        auto* begin = llvm::dyn_cast<llvm::CallInst>(pointer);
        if (begin == nullptr || begin->getCalledFunction() == nullptr ||
            begin->getCalledFunction()->getName() != kOpenSlice) {
            return false;
        }
        if (offset == nullptr) {
            offset = b.getInt64(0);
        }
        if (further < 0) {
            offset = b.CreateAdd(offset, b.getInt64(static_cast<std::uint64_t>(further)));
            further = 0;
        }
        llvm::SmallVector<llvm::Value*, 4> arguments = {
            begin->getArgOperand(0), offset, b.getInt64(static_cast<std::uint64_t>(further))};
        llvm::Function* accessor = nullptr;
        if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&access)) {
            arguments.push_back(store->getValueOperand());
            accessor = store_any(module_, store->getValueOperand()->getType());
        } else {
            accessor = load_any(module_, access.getType());
        }
        made_.push_back(b.CreateCall(accessor, arguments));
        replace(access, *made_.back());
        return true;
    }

    static void replace(llvm::Instruction& access, llvm::CallInst& call) {
        call.setDebugLoc(access.getDebugLoc());
        access.replaceAllUsesWith(&call);
        llvm::Value* pointer = llvm::getLoadStorePointerOperand(&access);
        access.eraseFromParent();
        llvm::RecursivelyDeleteTriviallyDeadInstructions(pointer);
    }

    // What is left of where slices begin: addresses that nothing uses but others that nothing uses, round a loop, too.
    bool erase_addresses() {
        llvm::Function* begin = module_.getFunction(kOpenSlice);
        if (begin == nullptr) {
            return true;
        }
        llvm::SmallSetVector<llvm::Instruction*, 16> left;
        const auto add_users = [&](llvm::Value& of) {
            for (llvm::User* user : of.users()) {
                left.insert(llvm::cast<llvm::Instruction>(user));
            }
        };
        add_users(*begin);
        for (std::size_t at = 0; at < left.size(); ++at) {
            if (!llvm::wouldInstructionBeTriviallyDead(left[at])) {
                return false;
            }
            add_users(*left[at]);
        }
        for (llvm::Instruction* each : left) {
            each->replaceAllUsesWith(llvm::PoisonValue::get(each->getType()));
        }
        for (llvm::Instruction* each : left) {
            each->eraseFromParent();
        }
        begin->eraseFromParent();
        return true;
    }

    llvm::Function& function_;
    llvm::Module& module_;
    std::vector<llvm::CallInst*> made_;  // by the vectoriser
};

}  // namespace

bool close_slices(llvm::Function& function, const SliceWork& work) { return Closing(function).run(work); }

}  // namespace tessera::lower
