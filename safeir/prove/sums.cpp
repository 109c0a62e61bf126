#include "safeir/prove/sums.h"

#include <algorithm>
#include <functional>

namespace tessera::safeir {

std::int64_t scale_of(const Linear& sum, const llvm::Value* value) {
    const auto part = std::ranges::find(sum.parts(), value, &Part::value);
    return part == sum.parts().end() ? 0 : part->scale;
}

bool have_same_parts(const Linear& one, const Linear& other) {
    return one.parts().size() == other.parts().size() && std::ranges::all_of(one.parts(), [&](const Part& part) {
               return scale_of(other, part.value) == part.scale;
           });
}

std::uint64_t hash_of_parts(const Linear& sum) {
    std::uint64_t hash = 0;
    for (const Part& part : sum.parts()) {
        hash += (std::hash<const void*>()(part.value) ^ static_cast<std::uint64_t>(part.scale)) * 0x9E3779B97F4A7C15;
    }
    return hash;
}

}  // namespace tessera::safeir
