#include "safeir/check/linear.h"

#include <algorithm>

namespace tessera::safeir {

static bool fits(Wide number, Wide limit) { return -limit <= number && number <= limit; }

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

}  // namespace tessera::safeir
