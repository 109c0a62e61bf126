#include "safeir/lower/function/machine_frame.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/KnownBits.h"

#include <bit>

namespace tessera::lower {
namespace {

constexpr std::uint64_t kFrameBytesMax = 4096;          // safe IR's limit for a function
constexpr std::uint64_t kRecursiveFrameBytesMax = 256;  // the machine's stack is smaller than the arena's may be
// Frames are cleared when a function is entered. That is not worth it for a larger object without accesses in a loop.
constexpr std::uint64_t kSmallObjectBytes = 128;

constexpr unsigned kIndexBitsMax = 12;  // of as many bytes as a frame may have

class FrameBuilder {
  public:
    FrameBuilder(const llvm::Function& function, Recursion recursion)
        : data_(function.getDataLayout()), left_(recursion == Recursion::No ? kFrameBytesMax : kRecursiveFrameBytesMax),
          library_names_(llvm::Triple(function.getParent()->getTargetTriple())), library_(library_names_),
          assumptions_(const_cast<llvm::Function&>(function)), dominators_(const_cast<llvm::Function&>(function)),
          loops_(dominators_),
          evolution_(const_cast<llvm::Function&>(function), library_, assumptions_, dominators_, loops_) {}

    void consider(const llvm::AllocaInst& object, MachineFrame& frame) {
        const auto size = object.getAllocationSize(data_);
        if (!object.isStaticAlloca() || !size || size->isScalable() || size->isZero()) {
            return;
        }
        bytes_ = llvm::alignTo(size->getFixedValue(), 16);
        in_loop_ = false;
        addresses_.clear();
        indices_.clear();
        addresses_.push_back({&object, {&object}});
        for (std::size_t i = 0; i < addresses_.size(); ++i) {
            const auto [pointer, address] = addresses_[i];
            for (const llvm::Use& use : pointer->uses()) {
                if (!examine(use, address)) {
                    return;
                }
            }
        }
        if (bytes_ > left_ || (bytes_ > kSmallObjectBytes && !in_loop_)) {
            return;
        }
        left_ -= bytes_;
        frame.bytes[&object] = bytes_;
        for (const auto& [pointer, address] : addresses_) {
            frame.addresses[pointer] = address;
        }
        frame.indices.insert(indices_.begin(), indices_.end());
    }

  private:
    bool examine(const llvm::Use& use, const FrameAddress& address) {
        const auto* user = llvm::cast<llvm::Instruction>(use.getUser());
        if (const auto* load = llvm::dyn_cast<llvm::LoadInst>(user)) {
            return load->isSimple() && access(*load, load->getType(), address);
        }
        if (const auto* store = llvm::dyn_cast<llvm::StoreInst>(user)) {
            return store->isSimple() && use.getOperandNo() == llvm::StoreInst::getPointerOperandIndex() &&
                   access(*store, store->getValueOperand()->getType(), address);
        }
        if (const auto* gep = llvm::dyn_cast<llvm::GetElementPtrInst>(user)) {
            return step(*gep, address);
        }
        if (const auto* block = llvm::dyn_cast<llvm::MemIntrinsic>(user)) {
            const auto* length = llvm::dyn_cast<llvm::ConstantInt>(block->getLength());
            const std::uint64_t most = llvm::isa<llvm::MemSetInst>(block) ? kInlineFrameFillMax : kInlineBytesMax;
            return !block->isVolatile() && length != nullptr && length->getZExtValue() <= most &&
                   access(*block,
                          llvm::ArrayType::get(llvm::Type::getInt8Ty(block->getContext()), length->getZExtValue()),
                          address);
        }
        return user->isLifetimeStartOrEnd() || llvm::isa<llvm::DbgInfoIntrinsic>(user);
    }

    bool access(const llvm::Instruction& instruction, llvm::Type* type, const FrameAddress& address) {
        const llvm::TypeSize size = data_.getTypeAllocSize(type);
        if (size.isScalable()) {
            return false;
        }
        // An index may reach further than the object does, as far as its bits show.
        bytes_ = std::max(bytes_, llvm::alignTo(address.mask + address.constant + size.getFixedValue(), 16));
        in_loop_ |= address.mask != 0 && loops_.getLoopFor(instruction.getParent()) != nullptr;
        return bytes_ <= left_;
    }

    bool step(const llvm::GetElementPtrInst& gep, const FrameAddress& from) {
        const unsigned width = data_.getIndexTypeSizeInBits(gep.getType());
        llvm::SmallMapVector<llvm::Value*, llvm::APInt, 4> variable;
        llvm::APInt fixed(width, 0);
        if (gep.getType()->isVectorTy() || !gep.collectOffset(data_, width, variable, fixed)) {
            return false;
        }
        const auto constant = static_cast<std::int64_t>(from.constant) + fixed.getSExtValue();
        std::uint64_t most = from.mask;
        unsigned zeros = from.mask == 0 ? 64 : static_cast<unsigned>(std::countr_zero(from.mask));  // low bits
        for (const auto& [index, scale] : variable) {
            const llvm::KnownBits known = llvm::computeKnownBits(index, data_);
            const llvm::APInt largest =
                llvm::APIntOps::umin(known.getMaxValue(), evolution_.getUnsignedRangeMax(evolution_.getSCEV(index)));
            if (scale.isNegative() || largest.getActiveBits() > kIndexBitsMax ||
                scale.getActiveBits() > kIndexBitsMax) {
                return false;
            }
            if (known.getMaxValue().ugt(largest)) {
                indices_[index] = low_bits(largest.getZExtValue());
            }
            most += low_bits(largest.getZExtValue()) * scale.getZExtValue();
            zeros = std::min(zeros, scale.countr_zero() + known.countMinTrailingZeros());
        }
        if (constant < 0 || constant > static_cast<std::int64_t>(kFrameBytesMax) || most > kFrameBytesMax) {
            return false;
        }
        const std::uint64_t mask = most == 0 ? 0 : low_bits(most) & (~std::uint64_t{0} << zeros);
        addresses_.push_back({&gep, {from.object, mask, static_cast<std::uint64_t>(constant)}});
        return true;
    }

    const llvm::DataLayout& data_;
    std::uint64_t left_;
    llvm::TargetLibraryInfoImpl library_names_;
    llvm::TargetLibraryInfo library_;
    llvm::AssumptionCache assumptions_;
    llvm::DominatorTree dominators_;
    llvm::LoopInfo loops_;
    llvm::ScalarEvolution evolution_;
    // Of the object that is considered.
    std::uint64_t bytes_ = 0;
    bool in_loop_ = false;
    std::vector<std::pair<const llvm::Value*, FrameAddress>> addresses_;
    llvm::DenseMap<const llvm::Value*, std::uint64_t> indices_;
};

}  // namespace

MachineFrame machine_frame_of(const llvm::Function& function, Recursion recursion) {
    MachineFrame frame;
    const auto is_object = [](const llvm::Instruction& instruction) {
        return llvm::isa<llvm::AllocaInst>(instruction);
    };
    if (function.isDeclaration() || llvm::none_of(function.getEntryBlock(), is_object)) {
        return frame;
    }
    FrameBuilder builder(function, recursion);
    for (const llvm::Instruction& instruction : function.getEntryBlock()) {
        if (is_object(instruction)) {
            builder.consider(llvm::cast<llvm::AllocaInst>(instruction), frame);
        }
    }
    return frame;
}

}  // namespace tessera::lower
