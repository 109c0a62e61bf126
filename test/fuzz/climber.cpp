#include "test/fuzz/climber.h"

#include <algorithm>
#include <fmt/format.h>

namespace tessera::fuzz {
namespace {

constexpr std::size_t kKept = 16;
// What any file may take (docs/safeir/bounds.md) counts as so many bytes more: else the smallest file is the costliest.
constexpr double kBytesForAny = 2.0 * 1024 * 1024 / 200;

double per_byte(double cost, const Bytes& program) {
    return cost / (static_cast<double>(program.size()) + kBytesForAny);
}

}  // namespace

void Climber::keep(std::vector<Kept>& best, double ratio, const Bytes& program) {
    const auto place = std::ranges::find_if(best, [&](const Kept& kept) { return kept.ratio < ratio; });
    if (place == best.end() && best.size() == kKept) {
        return;
    }
    best.insert(place, {ratio, program});
    if (best.size() > kKept) {
        best.pop_back();
    }
}

void Climber::note(const Bytes& program, const Cost& cost) {
    keep(memory_, per_byte(cost.bytes, program), program);
    keep(time_, per_byte(cost.nanoseconds, program), program);
}

Bytes Climber::mutant(std::uint64_t number) const {
    Random random(number);
    const auto& best = random.chance(2) ? memory_ : time_;
    return Mutator({best[random.below(best.size())].program}).mutant(number);
}

std::string Climber::report() const {
    if (empty()) {
        return "nothing was tried";
    }
    return fmt::format("climbed to {:.0f} bytes of memory and {:.0f} ns of processor time for each byte",
                       memory_.front().ratio,
                       time_.front().ratio);
}

}  // namespace tessera::fuzz
