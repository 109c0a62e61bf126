// Closing what was opened: accessors again, and what only the vectoriser knows of its loops said in front of them.
#include "safeir/lower/slice/slice_accessors.h"
#include "safeir/lower/slice/slice_work.h"

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
                assure_ends(*loop, dominators, *counter, accesses);
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
        if (before == nullptr || loop.getExitingBlock() != latch || compare == nullptr || !compare->isEquality() ||
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

    // offset == start + constant + counter * scale, with a start that is fixed; null is zero.
    struct Place {
        llvm::Value* start = nullptr;
        std::int64_t constant = 0;
        std::int64_t scale = 1;
    };

    // Of each slice and offset the furthest end of all turns. It's said of accesses that each turn makes, and no
    // further than the last turn goes: then it fails in no loop but one that would leave the slice.
    void assure_ends(const llvm::Loop& loop,
                     const llvm::DominatorTree& dominators,
                     const Counter& counter,
                     llvm::ArrayRef<llvm::CallInst*> accesses) {
        struct Reach {
            llvm::Value* slice;
            Place place;
            std::int64_t beyond;  // start + end * scale; less than nothing where the last turn does not reach so far
        };
        llvm::SmallVector<Reach, 4> reaches;
        for (llvm::CallInst* access : accesses) {
            const auto place = place_of(access->getArgOperand(1), counter, loop);
            if (!place || !dominators.dominates(access->getParent(), loop.getLoopLatch())) {
                continue;
            }
            llvm::Value* slice = access->getArgOperand(0);
            const bool loads = !access->getType()->isVoidTy();
            llvm::Type* type = loads ? access->getType() : access->getArgOperand(3)->getType();
            const auto further = llvm::cast<llvm::ConstantInt>(access->getArgOperand(2))->getSExtValue();
            const auto bytes =
                static_cast<std::int64_t>(module_.getDataLayout().getTypeStoreSize(type).getFixedValue());
            const std::int64_t beyond =
                place->constant + further + bytes - static_cast<std::int64_t>(counter.step) * place->scale;
            auto* known = llvm::find_if(reaches, [&](const Reach& other) {
                return other.slice == slice && other.place.start == place->start && other.place.scale == place->scale;
            });
            if (known != reaches.end()) {
                known->beyond = std::max(known->beyond, beyond);
            } else {
                reaches.push_back({slice, *place, beyond});
            }
        }
        llvm::IRBuilder<> b(counter.before);
        for (const auto& [slice, place, beyond] : reaches) {
            llvm::Value* end = counter.end;
            end = place.scale == 1 ? end : b.CreateMul(end, b.getInt64(static_cast<std::uint64_t>(place.scale)));
            end = place.start == nullptr ? end : b.CreateAdd(end, place.start);
            llvm::Value* length = b.CreateCall(slice_length(module_), {slice});
            if (beyond < 0) {
                length = b.CreateAdd(length, b.getInt64(static_cast<std::uint64_t>(-beyond)));
            }
            assure(b, end, static_cast<std::uint64_t>(std::max<std::int64_t>(beyond, 0)), length);
        }
    }

    static std::optional<Place> place_of(llvm::Value* offset, const Counter& counter, const llvm::Loop& loop) {
        Place place;
        for (unsigned step = 0; step < 6; ++step) {
            if (offset == counter.phi) {
                return place.scale > 0 ? std::optional(place) : std::nullopt;
            }
            auto* operation = llvm::dyn_cast<llvm::BinaryOperator>(offset);
            if (operation == nullptr) {
                return std::nullopt;
            }
            const auto* number = llvm::dyn_cast<llvm::ConstantInt>(operation->getOperand(1));
            if (number != nullptr && !number->getValue().abs().ule(kSliceStepMax)) {
                return std::nullopt;
            }
            if (operation->getOpcode() == llvm::Instruction::Mul && number != nullptr) {
                place.scale *= number->getSExtValue();
                offset = operation->getOperand(0);
            } else if (operation->getOpcode() == llvm::Instruction::Shl && number != nullptr &&
                       number->getValue().ule(20)) {
                place.scale <<= number->getZExtValue();
                offset = operation->getOperand(0);
            } else if (operation->getOpcode() == llvm::Instruction::Add && number != nullptr) {
                place.constant += number->getSExtValue() * place.scale;
                offset = operation->getOperand(0);
            } else if (operation->getOpcode() == llvm::Instruction::Add && place.start == nullptr && place.scale == 1) {
                const unsigned fixed = loop.isLoopInvariant(operation->getOperand(0)) ? 0 : 1;
                place.start = operation->getOperand(fixed);
                offset = operation->getOperand(1 - fixed);
                if (!loop.isLoopInvariant(place.start)) {
                    return std::nullopt;
                }
            } else {
                return std::nullopt;
            }
            if (std::abs(place.scale) > kSliceStepMax) {
                return std::nullopt;
            }
        }
        return std::nullopt;
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
