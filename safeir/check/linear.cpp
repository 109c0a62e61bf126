#include "safeir/check/linear.h"

#include <algorithm>
#include <functional>

namespace tessera::safeir {

static bool fits(Wide number, Wide limit) { return -limit <= number && number <= limit; }

std::int64_t Linear::scale_of(const llvm::Value* value) const {
    const auto part = std::ranges::find(parts(), value, &Part::value);
    return part == parts().end() ? 0 : part->scale;
}

bool Linear::add(Wide number) {
    constant += number;
    return fits(constant, kConstantMax);
}

bool Linear::add(llvm::Value* value, Wide scale) {
    if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(value)) {
        return fits(scale, kScaleMax) && add(scale * Wide{number->getZExtValue()});
    }
    const auto part = std::find_if(
        parts_.begin(), parts_.begin() + count_, [value](const Part& known) { return known.value == value; });
    if (part == parts_.begin() + count_) {
        if (count_ == kPartsMax || !fits(scale, kScaleMax)) {
            return false;
        }
        parts_[count_++] = {value, static_cast<std::int64_t>(scale)};
        return true;
    }
    const Wide sum = part->scale + scale;
    if (sum == 0) {
        *part = parts_[--count_];
    } else {
        part->scale = static_cast<std::int64_t>(sum);
    }
    return fits(sum, kScaleMax);
}

bool Linear::add(const Linear& other, Wide times) {
    if (!fits(times, kScaleMax) || !add(times * other.constant)) {
        return false;
    }
    return std::ranges::all_of(other.parts(),
                               [&](const Part& part) { return add(part.value, times * Wide{part.scale}); });
}

bool Linear::has_parts_of(const Linear& other) const {
    return count_ == other.count_ &&
           std::ranges::all_of(parts(), [&](const Part& part) { return other.scale_of(part.value) == part.scale; });
}

std::uint64_t Linear::hash_of_parts() const {
    std::uint64_t sum = 0;
    for (const Part& part : parts()) {
        sum += (std::hash<const void*>()(part.value) ^ static_cast<std::uint64_t>(part.scale)) * 0x9E3779B97F4A7C15;
    }
    return sum;
}

}  // namespace tessera::safeir
