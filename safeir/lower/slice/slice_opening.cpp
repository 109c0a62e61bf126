// Opening a loop: the test in front of it, the loop for where it fails, and plain accesses.
#include "safeir/lower/base/imports.h"
#include "safeir/lower/slice/slice_accessors.h"
#include "safeir/lower/slice/slice_work.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

#include <optional>

namespace tessera::lower {
namespace {

constexpr unsigned kInstructionsMax = 128;  // of a loop that is made twice
constexpr unsigned kSlicesMax = 4;          // of a loop with a written one: each pair may need a test
constexpr unsigned kConditionsMax = 32;     // around a loop, that are looked at
constexpr unsigned kConditionPartsMax = 64;
constexpr std::uint64_t kTurnsWorthApart = 16;  // fewer are not worth asking whether slices are apart

// One access of a loop: slice + start + turn * step.
struct Access {
    llvm::CallInst* call;
    llvm::Type* type;
    llvm::Value* slice;
    const llvm::SCEV* start;  // of at most 32 bits
    std::int64_t step;
    std::int64_t bytes;
    bool writes;
};

// A loop, opened.
class Opening {
  public:
    Opening(llvm::Loop& loop, llvm::Function& function, llvm::FunctionAnalysisManager& analyses)
        : loop_(loop), function_(function), module_(*function.getParent()), context_(function.getContext()),
          loops_(analyses.getResult<llvm::LoopAnalysis>(function)),
          dominators_(analyses.getResult<llvm::DominatorTreeAnalysis>(function)),
          evolution_(analyses.getResult<llvm::ScalarEvolutionAnalysis>(function)) {}

    bool run(SliceWork& work) {
        if (!loop_.isLoopSimplifyForm() || !loop_.isInnermost() || !find_accesses() || !count_turns()) {
            return false;
        }
        llvm::BasicBlock* before = loop_.getLoopPreheader();
        llvm::SCEVExpander expander(evolution_, "slice");
        for (const Access& access : accesses_) {
            if (!expander.isSafeToExpandAt(access.start, before->getTerminator())) {
                return false;
            }
        }
        if (!expander.isSafeToExpandAt(turns_, before->getTerminator())) {
            return false;
        }
        find_tests();
        if (needs_test() && (instructions_ > kInstructionsMax || !is_clonable())) {
            return false;
        }
        if (needs_test()) {
            llvm::Value* holds = make_test(expander, before->getTerminator());
            before = make_slow_loop(before, holds);
            if (!pairs_.empty()) {
                before = ask_whether_apart(before);
            }
            say_again(expander, before->getTerminator());
            versioned_.header = loop_.getHeader();
            versioned_.may_be_proven = llvm::all_of(tests_, [&](const Test& test) { return is_about_length(test); });
            work.loops.push_back(versioned_);
        }
        open(expander, *before, work.accesses);
        return true;
    }

  private:
    // False where nothing is to be gained.
    bool find_accesses() {
        bool is_plain = true;
        for (llvm::BasicBlock* block : loop_.blocks()) {
            for (llvm::Instruction& instruction : *block) {
                ++instructions_;
                if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
                    call != nullptr && is_slice_accessor(call->getCalledFunction())) {
                    if (const auto access = access_of(*call)) {
                        accesses_.push_back(*access);
                    } else {
                        is_plain = is_plain && import_name_of(*call->getCalledFunction()) == "length";
                    }
                }
            }
        }
        if (accesses_.empty()) {
            return false;
        }
        // What stays a call keeps the order of all accesses: it may trap, or write.
        const bool is_writing = llvm::any_of(accesses_, [](const Access& access) { return access.writes; });
        if (!is_plain && is_writing) {
            return false;
        }
        for (const Access& access : accesses_) {
            slices_.insert(access.slice);
            if (access.writes) {
                written_.insert(access.slice);
            }
        }
        return written_.empty() || (slices_.size() <= kSlicesMax && are_apart_by_numbers());
    }

    // Of accesses to one slice that is written: else the vectoriser would compare addresses, which safe IR can't.
    bool are_apart_by_numbers() {
        return llvm::all_of(accesses_, [&](const Access& writing) {
            return !writing.writes || llvm::all_of(accesses_, [&](const Access& other) {
                return other.slice != writing.slice ||
                       (other.step == writing.step &&
                        llvm::isa<llvm::SCEVConstant>(evolution_.getMinusSCEV(other.start, writing.start)));
            });
        });
    }

    std::optional<Access> access_of(llvm::CallInst& call) {
        const llvm::Function& accessor = *call.getCalledFunction();
        const llvm::StringRef name = import_name_of(accessor);
        llvm::Type* type = moved_type(context_, name);
        const bool writes = name.starts_with("store");
        if (type == nullptr || call.arg_size() != (writes ? 3U : 2U) || !loop_.isLoopInvariant(call.getArgOperand(0)) ||
            (writes ? call.getArgOperand(2)->getType() : call.getType()) != type ||
            !call.getArgOperand(1)->getType()->isIntegerTy(32)) {
            return std::nullopt;
        }
        const llvm::SCEV* offset = evolution_.getSCEV(call.getArgOperand(1));
        const std::int64_t bytes = type->getPrimitiveSizeInBits().getFixedValue() / 8;
        if (evolution_.isLoopInvariant(offset, &loop_)) {
            return Access{&call, type, call.getArgOperand(0), offset, 0, bytes, writes};
        }
        const auto* recurrence = llvm::dyn_cast<llvm::SCEVAddRecExpr>(offset);
        const auto* step = recurrence != nullptr && recurrence->getLoop() == &loop_ && recurrence->isAffine()
                               ? llvm::dyn_cast<llvm::SCEVConstant>(recurrence->getStepRecurrence(evolution_))
                               : nullptr;
        if (step == nullptr || step->getAPInt().abs().ugt(kSliceStepMax)) {
            return std::nullopt;
        }
        return Access{
            &call, type, call.getArgOperand(0), recurrence->getStart(), step->getAPInt().getSExtValue(), bytes, writes};
    }

    bool count_turns() {
        const llvm::SCEV* back = evolution_.getSymbolicMaxBackedgeTakenCount(&loop_);
        if (llvm::isa<llvm::SCEVCouldNotCompute>(back) || evolution_.getTypeSizeInBits(back->getType()) > 32) {
            return false;
        }
        llvm::Type* wide = llvm::Type::getInt64Ty(context_);
        back_ = evolution_.getZeroExtendExpr(back, wide);
        turns_ = evolution_.getTripCountFromExitCount(back, wide, &loop_);
        return true;
    }

    const llvm::SCEV* number(std::int64_t value) {
        return evolution_.getConstant(llvm::Type::getInt64Ty(context_), static_cast<std::uint64_t>(value), true);
    }

    // smaller <= larger, of numbers that are far from wrapping.
    struct Test {
        const llvm::SCEV* smaller;
        const llvm::SCEV* larger;
        bool operator==(const Test&) const = default;
    };

    // What has to hold for all turns, other than what is known to hold whenever the loop is entered.
    void find_tests() {
        const auto need = [&](const llvm::SCEV* smaller, const llvm::SCEV* larger) {
            const Test test{smaller, larger};
            const bool is_known = evolution_.isKnownPredicate(llvm::CmpInst::ICMP_ULE, smaller, larger) ||
                                  evolution_.isLoopEntryGuardedByCond(&loop_, llvm::CmpInst::ICMP_ULE, smaller, larger);
            if (!is_known && !llvm::is_contained(tests_, test)) {
                tests_.push_back(test);
            }
        };
        llvm::Type* wide = llvm::Type::getInt64Ty(context_);
        llvm::IRBuilder<> b(loop_.getLoopPreheader()->getTerminator());
        for (const Access& access : accesses_) {
            llvm::Value*& length = lengths_[access.slice];
            if (length == nullptr) {
                length = b.CreateCall(slice_length(module_), {access.slice});
            }
            const llvm::SCEV* whole = evolution_.getSCEV(length);
            const llvm::SCEV* start = evolution_.getZeroExtendExpr(access.start, wide);
            if (access.step <= 0) {
                need(evolution_.getAddExpr(start, number(access.bytes)), whole);
                need(evolution_.getMulExpr(back_, number(-access.step)), start);
                continue;
            }
            // start + back * step + bytes, without a difference.
            const llvm::SCEV* end = evolution_.getAddExpr(start, evolution_.getMulExpr(turns_, number(access.step)));
            const std::int64_t more = access.bytes - access.step;
            need(more > 0 ? evolution_.getAddExpr(end, number(more)) : end,
                 more < 0 ? evolution_.getAddExpr(whole, number(-more)) : whole);
        }
        for (llvm::Value* written : written_) {
            for (llvm::Value* other : slices_) {
                const std::pair<llvm::Value*, llvm::Value*> pair(written, other);
                const std::pair<llvm::Value*, llvm::Value*> reverse(other, written);
                if (written != other && !llvm::is_contained(pairs_, reverse)) {
                    pairs_.push_back(pair);
                }
            }
        }
    }

    // Whether the program itself compares what is tested with a slice's length, here or in a condition around the loop:
    // then the checker may well find out by itself.
    bool is_about_length(const Test& test) {
        llvm::SmallPtrSet<const llvm::Value*, 16> tested;
        for (const llvm::SCEV* side : {test.smaller, test.larger}) {
            collect(side, tested);
        }
        for (const auto& [slice, length] : lengths_) {
            tested.erase(length);
        }
        if (llvm::any_of(tested, [](const llvm::Value* value) { return is_length(value); })) {
            return true;
        }
        const auto* node = dominators_.getNode(loop_.getHeader());
        for (unsigned steps = 0; node != nullptr && steps < kConditionsMax; ++steps, node = node->getIDom()) {
            const auto* branch = llvm::dyn_cast<llvm::BranchInst>(node->getBlock()->getTerminator());
            if (branch == nullptr || !branch->isConditional()) {
                continue;
            }
            llvm::SmallPtrSet<const llvm::Value*, 16> compared;
            collect(branch->getCondition(), compared);
            if (branch != versioned_.choice && branch != versioned_.choice_apart &&
                llvm::any_of(compared, [](const llvm::Value* value) { return is_length(value); })) {
                return true;
            }
        }
        return false;
    }

    static bool is_length(const llvm::Value* value) {
        const auto* call = llvm::dyn_cast<llvm::CallInst>(value);
        return call != nullptr && is_slice_accessor(call->getCalledFunction()) &&
               import_name_of(*call->getCalledFunction()) == "length";
    }

    static void collect(const llvm::SCEV* sum, llvm::SmallPtrSetImpl<const llvm::Value*>& into) {
        struct Visitor {
            llvm::SmallPtrSetImpl<const llvm::Value*>& into;
            bool follow(const llvm::SCEV* part) {
                if (const auto* unknown = llvm::dyn_cast<llvm::SCEVUnknown>(part)) {
                    collect(unknown->getValue(), into);
                }
                return true;
            }
            [[nodiscard]] bool isDone() const { return false; }
        } visitor{into};
        llvm::visitAll(sum, visitor);
    }

    // What the value is made of.
    static void collect(const llvm::Value* value, llvm::SmallPtrSetImpl<const llvm::Value*>& into) {
        llvm::SmallVector<const llvm::Value*, 16> open = {value};
        while (!open.empty() && into.size() < kConditionPartsMax) {
            const auto* part = llvm::dyn_cast<llvm::Instruction>(open.pop_back_val());
            if (part == nullptr || !into.insert(part).second || is_length(part)) {
                continue;
            }
            open.append(part->value_op_begin(), part->value_op_end());
        }
    }

    [[nodiscard]] bool needs_test() const { return !tests_.empty() || !pairs_.empty(); }

    [[nodiscard]] bool is_clonable() const {
        return loop_.isSafeToClone() && loop_.hasDedicatedExits() &&
               llvm::none_of(loop_.blocks(), [](llvm::BasicBlock* block) {
                   return llvm::any_of(*block, [](const llvm::Instruction& instruction) {
                       return instruction.getType()->isTokenTy() || llvm::isa<llvm::InvokeInst>(instruction);
                   });
               });
    }

    llvm::Value* make_test(llvm::SCEVExpander& expander, llvm::Instruction* at) {
        llvm::IRBuilder<> b(at);
        llvm::Type* wide = b.getInt64Ty();
        llvm::Value* holds = nullptr;
        const auto also = [&](llvm::Value* condition) {
            holds = holds == nullptr ? condition : b.CreateAnd(holds, condition);
        };
        for (const Test& test : tests_) {
            llvm::Value* smaller = expander.expandCodeFor(test.smaller, wide, at);
            llvm::Value* larger = expander.expandCodeFor(test.larger, wide, at);
            also(b.CreateICmpULE(smaller, larger));
        }
        if (!pairs_.empty()) {
            also(b.CreateICmpUGE(expander.expandCodeFor(turns_, wide, at), b.getInt64(kTurnsWorthApart)));
        }
        return holds;
    }

    // What was tested, in a block of its own that the loop is entered from: a condition on an edge into the loop, that
    // is also an edge of the loop's header, would be nothing that holds in the loop.
    void say_again(llvm::SCEVExpander& expander, llvm::Instruction* at) {
        llvm::IRBuilder<> b(at);
        for (const Test& test : tests_) {
            llvm::Value* smaller = expander.expandCodeFor(test.smaller, b.getInt64Ty(), at);
            llvm::Value* larger = expander.expandCodeFor(test.larger, b.getInt64Ty(), at);
            b.CreateCall(assured(module_), {smaller, b.getInt64(0), larger});
        }
    }

    // Gives the new preheader of the loop, which is the fast one.
    llvm::BasicBlock* make_slow_loop(llvm::BasicBlock* before, llvm::Value* holds) {
        before = loop_.getLoopPreheader();
        llvm::formLCSSA(loop_, dominators_, &loops_, &evolution_);
        llvm::BasicBlock* preheader =
            llvm::SplitBlock(before, before->getTerminator(), &dominators_, &loops_, nullptr, "slice.fast");
        llvm::ValueToValueMapTy copies;
        llvm::SmallVector<llvm::BasicBlock*, 8> blocks;
        llvm::Loop* slow =
            llvm::cloneLoopWithPreheader(preheader, before, &loop_, copies, ".slow", &loops_, &dominators_, blocks);
        llvm::remapInstructionsInBlocks(blocks, copies);
        llvm::Instruction* end = before->getTerminator();
        llvm::IRBuilder<> b(end);
        llvm::BranchInst* choice = b.CreateCondBr(holds, preheader, slow->getLoopPreheader());
        versioned_.choice = choice;
        choice->setMetadata(llvm::LLVMContext::MD_prof, llvm::MDBuilder(context_).createLikelyBranchWeights());
        end->eraseFromParent();
        llvm::SmallVector<llvm::BasicBlock*, 4> exits;
        loop_.getUniqueExitBlocks(exits);
        for (llvm::BasicBlock* exit : exits) {
            for (llvm::PHINode& phi : exit->phis()) {
                for (unsigned i = 0, count = phi.getNumIncomingValues(); i < count; ++i) {
                    llvm::BasicBlock* from = phi.getIncomingBlock(i);
                    if (!loop_.contains(from)) {
                        continue;
                    }
                    llvm::Value* value = phi.getIncomingValue(i);
                    const auto copy = copies.find(value);
                    phi.addIncoming(copy != copies.end() ? static_cast<llvm::Value*>(copy->second) : value,
                                    llvm::cast<llvm::BasicBlock>(copies[from]));
                }
            }
        }
        dominators_.recalculate(function_);
        evolution_.forgetAllLoops();
        slow_ = slow->getLoopPreheader();
        return preheader;
    }

    // Only where all else holds. Gives the new preheader.
    llvm::BasicBlock* ask_whether_apart(llvm::BasicBlock* asking) {
        llvm::BasicBlock* preheader =
            llvm::SplitBlock(asking, asking->getTerminator(), &dominators_, &loops_, nullptr, "slice.apart");
        llvm::Instruction* end = asking->getTerminator();
        llvm::IRBuilder<> b(end);
        llvm::Value* are_apart = nullptr;
        for (const auto& [written, other] : pairs_) {
            llvm::Value* answer = b.CreateICmpNE(b.CreateCall(apart(module_), {written, other}), b.getInt32(0));
            are_apart = are_apart == nullptr ? answer : b.CreateAnd(are_apart, answer);
        }
        versioned_.choice_apart = b.CreateCondBr(are_apart, preheader, slow_);
        end->eraseFromParent();
        dominators_.recalculate(function_);
        return preheader;
    }

    // The offset of an access as a number of 64 bits: one that goes along with another's by a constant is the other's.
    struct Offset {
        const llvm::SCEV* start;
        std::int64_t step;
        llvm::PHINode* phi;
    };

    void open(llvm::SCEVExpander& expander, llvm::BasicBlock& preheader, std::vector<Opened>& opened) {
        llvm::IRBuilder<> b(preheader.getTerminator());
        llvm::Type* pointer = llvm::PointerType::get(context_, kSliceSpace);
        llvm::FunctionCallee begin = module_.getOrInsertFunction(
            kOpenSlice, llvm::FunctionType::get(pointer, {slices_.front()->getType()}, false));
        auto* begin_function = llvm::cast<llvm::Function>(begin.getCallee());
        begin_function->setMemoryEffects(llvm::MemoryEffects::none());
        begin_function->addFnAttr(llvm::Attribute::WillReturn);
        begin_function->addFnAttr(llvm::Attribute::NoUnwind);
        llvm::DenseMap<llvm::Value*, llvm::Value*> bases;
        for (llvm::Value* slice : slices_) {
            bases[slice] = b.CreateCall(begin, {slice});
        }
        make_scopes();
        for (const Access& access : accesses_) {
            b.SetInsertPoint(access.call);
            llvm::Value* at = address(expander, access, bases[access.slice], preheader, b);
            llvm::Instruction* plain = nullptr;
            if (access.writes) {
                plain = b.CreateAlignedStore(access.call->getArgOperand(2), at, llvm::Align(1));
            } else {
                plain = b.CreateAlignedLoad(access.type, at, llvm::Align(1));
                access.call->replaceAllUsesWith(plain);
            }
            plain->setDebugLoc(access.call->getDebugLoc());
            if (!scopes_.empty()) {
                plain->setMetadata(llvm::LLVMContext::MD_alias_scope,
                                   llvm::MDNode::get(context_, {scopes_[access.slice]}));
                plain->setMetadata(llvm::LLVMContext::MD_noalias, others(access.slice));
            }
            opened.push_back({llvm::WeakVH(plain),
                              access.call->getCalledFunction(),
                              llvm::WeakTrackingVH(access.slice),
                              llvm::WeakTrackingVH(access.call->getArgOperand(1))});
            access.call->eraseFromParent();
        }
    }

    llvm::Value* address(llvm::SCEVExpander& expander,
                         const Access& access,
                         llvm::Value* base,
                         llvm::BasicBlock& preheader,
                         llvm::IRBuilder<>& b) {
        llvm::Type* wide = b.getInt64Ty();
        const auto step_to = [&](llvm::Value* from, llvm::Value* by) {
            return b.CreateGEP(
                b.getInt8Ty(), from, by, "", llvm::GEPNoWrapFlags::inBounds() | llvm::GEPNoWrapFlags::noUnsignedWrap());
        };
        llvm::Instruction* end = preheader.getTerminator();
        if (access.step == 0) {
            llvm::Value* start = expander.expandCodeFor(access.start, nullptr, end);
            llvm::IRBuilder<> outside(end);
            return step_to(base, outside.CreateZExt(start, wide));
        }
        const Offset& offset = offset_of(expander, access, preheader);
        llvm::Value* at = step_to(base, offset.phi);
        const std::int64_t further = *distance(offset.start, access.start);
        return further == 0 ? at : step_to(at, b.getInt64(static_cast<std::uint64_t>(further)));
    }

    // The counted offset that the access is at or a number behind. One for all that are a number apart, from the least
    // of them: else the vectoriser takes them for unrelated, and compares addresses.
    const Offset& offset_of(llvm::SCEVExpander& expander, const Access& access, llvm::BasicBlock& preheader) {
        for (const Offset& known : offsets_) {
            if (const auto by = distance(known.start, access.start);
                known.step == access.step && by.value_or(-1) >= 0) {
                return known;
            }
        }
        const llvm::SCEV* first = access.start;
        for (const Access& other : accesses_) {
            if (const auto by = distance(first, other.start); other.step == access.step && by.value_or(0) < 0) {
                first = other.start;
            }
        }
        llvm::Type* wide = llvm::Type::getInt64Ty(context_);
        llvm::Instruction* end = preheader.getTerminator();
        llvm::Value* start = expander.expandCodeFor(first, nullptr, end);
        start = llvm::IRBuilder<>(end).CreateZExt(start, wide);
        llvm::BasicBlock* header = loop_.getHeader();
        llvm::IRBuilder<> head(header, header->begin());
        llvm::PHINode* phi = head.CreatePHI(wide, 2, "slice.at");
        llvm::BasicBlock* latch = loop_.getLoopLatch();
        llvm::IRBuilder<> tail(latch->getTerminator());
        const auto step = static_cast<std::uint64_t>(access.step);
        llvm::Value* next = tail.CreateAdd(phi, tail.getInt64(step), "", access.step > 0, true);
        phi->addIncoming(start, &preheader);
        phi->addIncoming(next, latch);
        offsets_.push_back({first, access.step, phi});
        return offsets_.back();
    }

    // How far `to` lies behind `from`, where that is a small number. Modulo 2^32, but all accesses are inside slices,
    // so that it's the difference of the 64-bit offsets, too.
    std::optional<std::int64_t> distance(const llvm::SCEV* from, const llvm::SCEV* to) {
        const auto* difference = llvm::dyn_cast<llvm::SCEVConstant>(evolution_.getMinusSCEV(to, from));
        return difference != nullptr && difference->getAPInt().abs().ule(kSliceStepMax)
                   ? std::optional(difference->getAPInt().getSExtValue())
                   : std::nullopt;
    }

    // Different slices are apart where one of them is written, and none is the program's own memory.
    void make_scopes() {
        llvm::SmallVector<llvm::Instruction*, 8> own;
        for (llvm::BasicBlock* block : loop_.blocks()) {
            for (llvm::Instruction& instruction : *block) {
                if (instruction.mayReadOrWriteMemory() && !llvm::isa<llvm::CallBase>(instruction)) {
                    own.push_back(&instruction);
                }
            }
        }
        if (own.empty() && pairs_.empty()) {
            return;
        }
        llvm::MDBuilder b(context_);
        llvm::MDNode* domain = b.createAnonymousAliasScopeDomain("slices");
        for (llvm::Value* slice : slices_) {
            scopes_[slice] = b.createAnonymousAliasScope(domain, "slice");
        }
        for (llvm::Instruction* instruction : own) {
            instruction->setMetadata(
                llvm::LLVMContext::MD_noalias,
                llvm::MDNode::concatenate(instruction->getMetadata(llvm::LLVMContext::MD_noalias), others(nullptr)));
        }
    }

    llvm::MDNode* others(llvm::Value* than) {
        llvm::SmallVector<llvm::Metadata*, 4> list;
        for (llvm::Value* slice : slices_) {
            if (slice != than) {
                list.push_back(scopes_[slice]);
            }
        }
        return llvm::MDNode::get(context_, list);
    }

    llvm::Loop& loop_;
    llvm::Function& function_;
    llvm::Module& module_;
    llvm::LLVMContext& context_;
    llvm::LoopInfo& loops_;
    llvm::DominatorTree& dominators_;
    llvm::ScalarEvolution& evolution_;
    unsigned instructions_ = 0;
    std::vector<Access> accesses_;
    llvm::SetVector<llvm::Value*> slices_;
    llvm::SetVector<llvm::Value*> written_;
    llvm::DenseMap<llvm::Value*, llvm::Value*> lengths_;
    const llvm::SCEV* back_ = nullptr;
    const llvm::SCEV* turns_ = nullptr;
    std::vector<Test> tests_;
    std::vector<std::pair<llvm::Value*, llvm::Value*>> pairs_;  // to be apart
    llvm::BasicBlock* slow_ = nullptr;                          // the slow loop's preheader
    Versioned versioned_;
    std::vector<Offset> offsets_;
    llvm::DenseMap<llvm::Value*, llvm::MDNode*> scopes_;
};

}  // namespace

bool open_slices(llvm::Loop& loop, llvm::Function& function, llvm::FunctionAnalysisManager& analyses, SliceWork& work) {
    return Opening(loop, function, analyses).run(work);
}

}  // namespace tessera::lower
