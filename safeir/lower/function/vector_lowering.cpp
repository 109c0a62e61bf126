// FunctionLowering's part for vectors: those that fit no machine register are several chunks, and lanes move between
// them.
#include "safeir/lower/function/function_lowering.h"

#include <algorithm>
#include <numeric>
#include <ranges>

namespace tessera::lower {

static unsigned lanes_of(const llvm::Value* part) {
    const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(part->getType());
    return vector == nullptr ? 1 : vector->getNumElements();
}

llvm::SmallVector<unsigned, 2> FunctionLowering::counts_of(llvm::ArrayRef<llvm::Value*> parts) const {
    llvm::SmallVector<unsigned, 2> counts;
    for (const llvm::Value* part : parts) {
        counts.push_back(lanes_of(part));
    }
    return counts;
}

// One chunk from lanes of any chunks: a shuffle of the first two sources, then one more for each further source.
llvm::Value*
FunctionLowering::gather_lanes(llvm::Type* type, llvm::ArrayRef<llvm::Value*> parts, llvm::ArrayRef<Lane> lanes) {
    const auto count = static_cast<unsigned>(lanes.size());
    if (count == 1) {
        if (lanes[0].part < 0) {
            return llvm::PoisonValue::get(type);
        }
        llvm::Value* from = parts[static_cast<unsigned>(lanes[0].part)];
        return lanes_of(from) == 1 ? from
                                   : b_.CreateExtractElement(from, b_.getInt32(static_cast<unsigned>(lanes[0].lane)));
    }
    llvm::SmallVector<int> sources;
    for (const Lane& lane : lanes) {
        if (lane.part >= 0 && std::ranges::find(sources, lane.part) == sources.end()) {
            sources.push_back(lane.part);
        }
    }
    llvm::Value* result = llvm::PoisonValue::get(type);
    const auto mask_for = [&](int part) {
        llvm::SmallVector<int> mask(count, -1);
        for (unsigned i = 0; i < count; ++i) {
            mask[i] = lanes[i].part == part ? lanes[i].lane : -1;
        }
        return mask;
    };
    if (sources.size() == 2 &&
        parts[static_cast<unsigned>(sources[0])]->getType() == parts[static_cast<unsigned>(sources[1])]->getType() &&
        lanes_of(parts[static_cast<unsigned>(sources[0])]) > 1) {
        llvm::Value* first = parts[static_cast<unsigned>(sources[0])];
        llvm::SmallVector<int> mask = mask_for(sources[0]);
        for (unsigned i = 0; i < count; ++i) {
            mask[i] = lanes[i].part == sources[1] ? lanes[i].lane + static_cast<int>(lanes_of(first)) : mask[i];
        }
        return b_.CreateShuffleVector(first, parts[static_cast<unsigned>(sources[1])], mask);
    }
    bool filled = false;
    for (const int source : sources) {
        llvm::Value* from = parts[static_cast<unsigned>(source)];
        const llvm::SmallVector<int> mask = mask_for(source);
        if (lanes_of(from) == 1) {
            for (unsigned i = 0; i < count; ++i) {
                result = mask[i] >= 0 ? b_.CreateInsertElement(result, from, b_.getInt32(i)) : result;
            }
        } else {
            const bool is_same =
                from->getType() == type && std::ranges::equal(mask, std::views::iota(0, static_cast<int>(count)));
            llvm::Value* placed = is_same ? from : b_.CreateShuffleVector(from, mask);
            if (filled) {
                llvm::SmallVector<int> blend(count);
                for (unsigned i = 0; i < count; ++i) {
                    blend[i] = static_cast<int>(mask[i] >= 0 ? count + i : i);
                }
                placed = b_.CreateShuffleVector(result, placed, blend);
            }
            result = placed;
        }
        filled = true;
    }
    return result;
}

Values FunctionLowering::reshape(llvm::ArrayRef<llvm::Value*> parts, llvm::ArrayRef<unsigned> counts) {
    if (llvm::ArrayRef<unsigned>(counts_of(parts)) == counts || parts.empty()) {
        return Values(parts);
    }
    llvm::SmallVector<Lane> all;
    for (int part = 0; part < static_cast<int>(parts.size()); ++part) {
        for (int lane = 0; lane < static_cast<int>(lanes_of(parts[static_cast<unsigned>(part)])); ++lane) {
            all.push_back({part, lane});
        }
    }
    llvm::Type* lane_type = parts.front()->getType()->getScalarType();
    Values result;
    std::size_t at = 0;
    for (const unsigned count : counts) {
        result.push_back(
            gather_lanes(program_.shapes.chunk(lane_type, count), parts, llvm::ArrayRef(all).slice(at, count)));
        at += count;
    }
    return result;
}

llvm::Value* FunctionLowering::get_lane(llvm::ArrayRef<llvm::Value*> parts, unsigned lane) {
    for (llvm::Value* part : parts) {
        const unsigned count = lanes_of(part);
        if (lane < count) {
            return count == 1 ? part : b_.CreateExtractElement(part, b_.getInt32(lane));
        }
        lane -= count;
    }
    return llvm::PoisonValue::get(parts.front()->getType()->getScalarType());
}

Values FunctionLowering::splat(llvm::Value* lane, llvm::FixedVectorType* type) {
    Values parts;
    for (const unsigned count : program_.shapes.lane_counts(type)) {
        parts.push_back(count == 1 ? lane : b_.CreateVectorSplat(count, lane));
    }
    return parts;
}

Values FunctionLowering::lanewise(llvm::ArrayRef<Values> operands, llvm::Type* result, MakeChunk make) {
    auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(result);
    if (vector == nullptr) {
        Values first;
        for (const Values& operand : operands) {
            first.push_back(operand.front());
        }
        return {make(first, 1)};
    }
    // The finest division among result and operands: all of them divide greedily, so it divides the others.
    llvm::SmallVector<unsigned, 2> finest = program_.shapes.lane_counts(vector);
    const llvm::SmallVector<unsigned, 2> wanted = finest;
    for (const Values& operand : operands) {
        const llvm::SmallVector<unsigned, 2> counts = counts_of(operand);
        const bool is_scalar = operand.size() == 1 && counts.front() == 1;
        if (!is_scalar && counts.size() > finest.size()) {
            finest = counts;
        }
    }
    llvm::SmallVector<Values> shaped;
    for (const Values& operand : operands) {
        const bool is_scalar = operand.size() == 1 && lanes_of(operand.front()) == 1;
        shaped.push_back(is_scalar && finest.size() > 1 ? Values(finest.size(), operand.front())
                                                        : (is_scalar ? operand : reshape(operand, finest)));
    }
    Values parts;
    for (std::size_t i = 0; i < finest.size(); ++i) {
        Values chunk;
        for (const Values& operand : shaped) {
            chunk.push_back(operand[i]);
        }
        parts.push_back(make(chunk, finest[i]));
    }
    return reshape(parts, wanted);
}

void FunctionLowering::lower_shuffle(llvm::ShuffleVectorInst& shuffle) {
    Values parts = value(shuffle.getOperand(0));
    const Values second = value(shuffle.getOperand(1));
    const int lanes_first =
        static_cast<int>(llvm::cast<llvm::FixedVectorType>(shuffle.getOperand(0)->getType())->getNumElements());
    llvm::SmallVector<Lane> all;
    parts.append(second.begin(), second.end());
    for (int part = 0; part < static_cast<int>(parts.size()); ++part) {
        for (int lane = 0; lane < static_cast<int>(lanes_of(parts[static_cast<unsigned>(part)])); ++lane) {
            all.push_back({part, lane});
        }
    }
    llvm::SmallVector<Lane> wanted;
    for (const int index : shuffle.getShuffleMask()) {
        const bool is_any = index < 0 || (index >= lanes_first && llvm::isa<llvm::UndefValue>(shuffle.getOperand(1)));
        wanted.push_back(is_any ? Lane{} : all[static_cast<unsigned>(index)]);
    }
    auto* type = llvm::cast<llvm::FixedVectorType>(shuffle.getType());
    llvm::Type* lane_type = program_.shapes.scalar(type->getElementType());
    Values result;
    std::size_t at = 0;
    for (const unsigned count : program_.shapes.lane_counts(type)) {
        result.push_back(
            gather_lanes(program_.shapes.chunk(lane_type, count), parts, llvm::ArrayRef(wanted).slice(at, count)));
        at += count;
    }
    define(shuffle, std::move(result));
}

void FunctionLowering::lower_extract_element(llvm::ExtractElementInst& extract) {
    const Values parts = value(extract.getVectorOperand());
    if (const auto* index = llvm::dyn_cast<llvm::ConstantInt>(extract.getIndexOperand())) {
        const std::uint64_t lane = index->getValue().getLimitedValue(1U << 20U);
        return define(extract, {get_lane(parts, static_cast<unsigned>(lane))});
    }
    llvm::Value* index = b_.CreateZExtOrTrunc(single(extract.getIndexOperand()), b_.getInt32Ty());
    if (parts.size() == 1 && lanes_of(parts.front()) > 1) {
        return define(extract, {b_.CreateExtractElement(parts.front(), index)});
    }
    const unsigned lanes = llvm::cast<llvm::FixedVectorType>(extract.getVectorOperandType())->getNumElements();
    llvm::Value* result = get_lane(parts, 0);
    for (unsigned lane = 1; lane < lanes; ++lane) {
        result = b_.CreateSelect(b_.CreateICmpEQ(index, b_.getInt32(lane)), get_lane(parts, lane), result);
    }
    define(extract, {result});
}

void FunctionLowering::lower_insert_element(llvm::InsertElementInst& insert) {
    Values parts = value(insert.getOperand(0));
    llvm::Value* element = single(insert.getOperand(1));
    const auto* constant_index = llvm::dyn_cast<llvm::ConstantInt>(insert.getOperand(2));
    llvm::Value* index =
        constant_index == nullptr ? b_.CreateZExtOrTrunc(single(insert.getOperand(2)), b_.getInt32Ty()) : nullptr;
    unsigned at = 0;
    for (llvm::Value*& part : parts) {
        const unsigned lanes = lanes_of(part);
        if (constant_index != nullptr) {
            const std::uint64_t wanted = constant_index->getValue().getLimitedValue(1U << 20U);
            if (wanted >= at && wanted < at + lanes) {
                part = lanes == 1
                           ? element
                           : b_.CreateInsertElement(part, element, b_.getInt32(static_cast<unsigned>(wanted - at)));
            }
        } else if (parts.size() == 1 && lanes > 1) {
            part = b_.CreateInsertElement(part, element, index);
        } else {
            for (unsigned lane = 0; lane < lanes; ++lane) {
                llvm::Value* old = lanes == 1 ? part : b_.CreateExtractElement(part, b_.getInt32(lane));
                llvm::Value* chosen = b_.CreateSelect(b_.CreateICmpEQ(index, b_.getInt32(at + lane)), element, old);
                part = lanes == 1 ? chosen : b_.CreateInsertElement(part, chosen, b_.getInt32(lane));
            }
        }
        at += lanes;
    }
    define(insert, std::move(parts));
}

}  // namespace tessera::lower
