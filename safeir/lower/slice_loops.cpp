#include "safeir/lower/slice_loops.h"

#include "safeir/lower/masked_loops.h"
#include "safeir/lower/prepare.h"
#include "safeir/lower/slice_accessors.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/ValueHandle.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#include "llvm/Transforms/Vectorize/LoopVectorize.h"

#include <optional>

namespace tessera::lower {
namespace {

constexpr unsigned kLoopsMax = 64;          // of a function
constexpr unsigned kInstructionsMax = 128;  // of a loop that is made twice
constexpr unsigned kSlicesMax = 4;          // of a loop with a written one: each pair may need a test
constexpr unsigned kConditionsMax = 32;  // around a loop, that are looked at
constexpr unsigned kPartsMax = 64;       // of a condition
constexpr std::int64_t kStepMax = 1 << 20;
constexpr std::uint64_t kTurnsWorthApart = 16;  // fewer are not worth asking whether slices are apart
constexpr std::uint64_t kTurnsMax = std::uint64_t{1} << 32U;
constexpr unsigned kSliceSpace = 272;           // of opened accesses: of x86's, the one with 64-bit pointers

// Where an opened slice begins, to be gone again when the loop is closed.
constexpr const char* kOpenSlice = "tessera.slice.open";

bool is_accessor(const llvm::Function* function) {
    return function != nullptr && import_module_of(*function) == "tessera_slice";
}

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

// What is left to be closed of an access that was opened, where the vectoriser has left it alone.
struct Opened {
    llvm::WeakVH access;
    llvm::Function* accessor;
    llvm::WeakTrackingVH slice;
    llvm::WeakTrackingVH offset;
};

// A loop that was made twice.
struct Versioned {
    llvm::WeakVH header;         // of the fast one
    llvm::WeakVH choice;         // of it, the branch to it
    llvm::WeakVH choice_apart;   // where slices have to be apart, too: null if not
    bool may_be_proven = false;  // that it needs no checks as it was written
};

struct Work {
    std::vector<Opened> accesses;
    std::vector<Versioned> loops;
};

// A loop, opened.
class Opening {
  public:
    Opening(llvm::Loop& loop, llvm::Function& function, llvm::FunctionAnalysisManager& analyses)
        : loop_(loop), function_(function), module_(*function.getParent()), context_(function.getContext()),
          loops_(analyses.getResult<llvm::LoopAnalysis>(function)),
          dominators_(analyses.getResult<llvm::DominatorTreeAnalysis>(function)),
          evolution_(analyses.getResult<llvm::ScalarEvolutionAnalysis>(function)) {}

    bool run(Work& work) {
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
                    call != nullptr && is_accessor(call->getCalledFunction())) {
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
        return written_.empty() || slices_.size() <= kSlicesMax;
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
        if (step == nullptr || step->getAPInt().abs().ugt(kStepMax)) {
            return std::nullopt;
        }
        return Access{&call,
                      type,
                      call.getArgOperand(0),
                      recurrence->getStart(),
                      step->getAPInt().getSExtValue(),
                      bytes,
                      writes};
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
        return call != nullptr && is_accessor(call->getCalledFunction()) &&
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
        while (!open.empty() && into.size() < kPartsMax) {
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

    // Gives the new preheader of the loop, which is the fast one.
    llvm::BasicBlock* make_slow_loop(llvm::BasicBlock* before, llvm::Value* holds) {
        before = loop_.getLoopPreheader();
        llvm::formLCSSA(loop_, dominators_, &loops_, &evolution_);
        llvm::BasicBlock* preheader =
            llvm::SplitBlock(before, before->getTerminator(), &dominators_, &loops_, nullptr, "slice.fast");
        llvm::ValueToValueMapTy copies;
        llvm::SmallVector<llvm::BasicBlock*, 8> blocks;
        llvm::Loop* slow = llvm::cloneLoopWithPreheader(
            preheader, before, &loop_, copies, ".slow", &loops_, &dominators_, blocks);
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
        for (const Offset& known : offsets_) {
            if (known.step != access.step) {
                continue;
            }
            const auto* apart_by =
                llvm::dyn_cast<llvm::SCEVConstant>(evolution_.getMinusSCEV(access.start, known.start));
            if (apart_by != nullptr && apart_by->getAPInt().ule(kStepMax)) {
                llvm::Value* at = step_to(base, known.phi);
                return apart_by->isZero() ? at : step_to(at, b.getInt64(apart_by->getAPInt().getZExtValue()));
            }
        }
        llvm::Value* start = expander.expandCodeFor(access.start, nullptr, end);
        llvm::IRBuilder<> outside(end);
        start = outside.CreateZExt(start, wide);
        llvm::BasicBlock* header = loop_.getHeader();
        llvm::IRBuilder<> head(header, header->begin());
        llvm::PHINode* phi = head.CreatePHI(wide, 2, "slice.at");
        llvm::BasicBlock* latch = loop_.getLoopLatch();
        llvm::IRBuilder<> tail(latch->getTerminator());
        const auto step = static_cast<std::uint64_t>(access.step);
        llvm::Value* next = tail.CreateAdd(phi, tail.getInt64(step), "", access.step > 0, true);
        phi->addIncoming(start, &preheader);
        phi->addIncoming(next, latch);
        offsets_.push_back({access.start, access.step, phi});
        return step_to(base, phi);
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

// What was opened, closed.
class Closing {
  public:
    explicit Closing(llvm::Function& function) : function_(function), module_(*function.getParent()) {}

    void run(const std::vector<Opened>& opened) {
        for (const Opened& each : opened) {
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
            close(*access);
        }
        if (llvm::Function* begin = module_.getFunction(kOpenSlice)) {
            llvm::SmallVector<llvm::WeakVH, 8> left(begin->users());
            for (const llvm::WeakVH& call : left) {
                erase(call);
            }
            begin->eraseFromParent();
        }
        for (llvm::BasicBlock& block : function_) {
            for (llvm::PHINode& phi : llvm::make_early_inc_range(block.phis())) {
                llvm::RecursivelyDeleteDeadPHINode(&phi);
            }
        }
        assure_turns();
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
            if (const auto counter = counter_of(*loop)) {
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
        llvm::Instruction* before;
    };

    static std::optional<Counter> counter_of(const llvm::Loop& loop) {
        llvm::BasicBlock* before = loop.getLoopPreheader();
        llvm::BasicBlock* latch = loop.getLoopLatch();
        const auto* end = latch != nullptr ? llvm::dyn_cast<llvm::BranchInst>(latch->getTerminator()) : nullptr;
        const auto* compare =
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
                       before->getTerminator()};
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
            const auto bytes = static_cast<std::int64_t>(module_.getDataLayout().getTypeStoreSize(type).getFixedValue());
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
            assure(b,
                   end,
                   static_cast<std::uint64_t>(reach.beyond),
                   b.CreateCall(slice_length(module_), {reach.slice}));
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
            if (operation->getOpcode() == llvm::Instruction::Mul && number != nullptr && number->getValue().ule(kStepMax)) {
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

    void close(llvm::Instruction& access) {
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
            llvm::report_fatal_error("the vectoriser made an address in a borrowed slice that can't be followed");
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
    }

    static void replace(llvm::Instruction& access, llvm::CallInst& call) {
        call.setDebugLoc(access.getDebugLoc());
        access.replaceAllUsesWith(&call);
        llvm::Value* pointer = llvm::getLoadStorePointerOperand(&access);
        access.eraseFromParent();
        llvm::RecursivelyDeleteTriviallyDeadInstructions(pointer);
    }

    static void erase(llvm::Value* begin) {
        if (begin == nullptr) {
            return;
        }
        llvm::SmallVector<llvm::WeakVH, 8> users(begin->users());
        for (const llvm::WeakVH& user : users) {
            if (user != nullptr) {
                llvm::RecursivelyDeleteTriviallyDeadInstructions(user);
            }
        }
        if (!begin->use_empty()) {
            llvm::report_fatal_error("the vectoriser uses a borrowed slice in a way that can't be followed");
        }
        llvm::cast<llvm::Instruction>(begin)->eraseFromParent();
    }

    llvm::Function& function_;
    llvm::Module& module_;
    std::vector<llvm::CallInst*> made_;  // by the vectoriser
};

bool has_accessors(const llvm::Function& function) {
    return llvm::any_of(llvm::instructions(function), [](const llvm::Instruction& instruction) {
        const auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
        return call != nullptr && is_accessor(call->getCalledFunction());
    });
}

// Of the loops that were made twice and not vectorised, those remain that gain by it: with no check inside where the
// program has none outside.
void give_back(llvm::Function& function, llvm::ArrayRef<Versioned> versioned) {
    llvm::DominatorTree dominators(function);
    const llvm::LoopInfo loops(dominators);
    for (const Versioned& each : versioned) {
        if (each.header == nullptr || each.choice == nullptr) {
            continue;
        }
        const llvm::Loop* loop = loops.getLoopFor(llvm::cast<llvm::BasicBlock>(each.header));
        if (loop == nullptr || llvm::getBooleanLoopAttribute(loop, "llvm.loop.isvectorized")) {
            continue;
        }
        if (auto* choice = llvm::dyn_cast_or_null<llvm::BranchInst>(each.choice); each.may_be_proven) {
            choice->setCondition(llvm::ConstantInt::getFalse(function.getContext()));
        }
        if (auto* choice = llvm::dyn_cast_or_null<llvm::BranchInst>(each.choice_apart)) {
            choice->setCondition(llvm::ConstantInt::getTrue(function.getContext()));
        }
    }
}

}  // namespace

llvm::PreservedAnalyses VectoriseSliceLoops::run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
    if (function.hasOptSize() || !has_accessors(function)) {
        return llvm::PreservedAnalyses::all();
    }
    analyses.invalidate(function, llvm::LoopSimplifyPass().run(function, analyses));
    llvm::SmallVector<llvm::WeakVH, 8> headers;
    for (llvm::Loop* loop : analyses.getResult<llvm::LoopAnalysis>(function).getLoopsInPreorder()) {
        if (loop->isInnermost() && headers.size() < kLoopsMax) {
            headers.emplace_back(loop->getHeader());
        }
    }
    Work work;
    for (const llvm::WeakVH& header : headers) {
        llvm::LoopInfo& loops = analyses.getResult<llvm::LoopAnalysis>(function);
        llvm::Loop* loop = loops.getLoopFor(llvm::cast<llvm::BasicBlock>(header));
        if (loop != nullptr && Opening(*loop, function, analyses).run(work)) {
            analyses.invalidate(function, llvm::PreservedAnalyses::none());
        }
    }
    if (work.accesses.empty()) {
        return llvm::PreservedAnalyses::none();
    }
    (void)KeepMaskedLoopsScalar().run(function, analyses);
    analyses.invalidate(function, llvm::PreservedAnalyses::none());
    (void)llvm::LoopVectorizePass().run(function, analyses);
    give_back(function, work.loops);
    Closing(function).run(work.accesses);
    return llvm::PreservedAnalyses::none();
}

}  // namespace tessera::lower
