// FactProver's part for what it has found, in the words of the checker: lines and the steps over them.
#include "safeir/prove/prover.h"

namespace tessera::safeir {

const Line* FactProver::keep(Line line) {
    lines_.push_back(std::move(line));
    return &lines_.back();
}

// As the checker will see it.
bool FactProver::follows(const Linear& goal, const Reason& steps) const {
    Linear rest = goal;
    for (const Step& step : steps) {
        if (step.line == nullptr) {
            Linear many(1 - Wide{step.times});
            if (!many.add(rest, step.times)) {
                return false;
            }
            rest = many;
        } else if (!rest.add(step.line->sum, -Wide{step.times})) {
            return false;
        }
    }
    return safeir::is_evident(rest);
}

// How small the negative parts can be, for what is evident by that.
void FactProver::add_leasts(const Linear& rest, std::int64_t times, Reason& steps) const {
    for (const Part& part : rest.parts()) {
        if (const auto least = least_.find(part.value);
            part.scale < 0 && least != least_.end() && !least->second.empty()) {
            steps.push_back({least->second.back().line, -part.scale * times});
        }
    }
}

// A line from which the sum follows by ranges; null where ranges alone say it, or nothing does.
const Line* FactProver::line_for(const Linear& sum, Reason steps) {
    if (safeir::is_evident(sum)) {
        return nullptr;
    }
    if (steps.size() == 1 && steps.front().line != nullptr && steps.front().times == 1 && follows(sum, steps)) {
        return steps.front().line;
    }
    Line line;
    line.sum = sum;
    line.steps = std::move(steps);
    Linear rest = sum;
    const Wide unit = Wide{1} << zero_bits(sum);
    rest.constant -= (rest.constant - 1) & (unit - 1);
    if (!follows(rest, line.steps)) {
        return nullptr;
    }
    line.is_rounded = !follows(sum, line.steps);
    return keep(std::move(line));
}

const Line* FactProver::shape_line(llvm::Value* value, unsigned number) {
    const auto [known, is_new] = shape_lines_.try_emplace({value, number}, nullptr);
    if (is_new) {
        if (const auto sum = terms_.shape(value, number)) {
            Line line;
            line.kind = Line::Kind::Shape;
            line.sum = *sum;
            line.value = value;
            line.number = number;
            known->second = &shapes_.emplace_back(std::move(line));
        }
    }
    return known->second;
}

const Line* FactProver::exact_line(llvm::Value* value, bool is_down, const Line* premise) {
    const auto [known, is_new] = exact_lines_.try_emplace({value, is_down, premise}, nullptr);
    if (is_new) {
        Line line;
        line.kind = Line::Kind::Exact;
        line.sum = terms_.exact(value, is_down)->zero;
        line.is_zero = true;
        line.value = value;
        line.number = is_down ? 1 : 0;
        line.premises = {premise};
        known->second = keep(std::move(line));
    }
    return known->second;
}

const Line* FactProver::together_line(llvm::Value* some, llvm::Value* others) {
    const auto sum = terms_.together(some, others);
    if (!sum) {
        return nullptr;
    }
    Line line;
    line.kind = Line::Kind::Together;
    line.sum = *sum;
    line.value = some;
    line.other = others;
    return keep(std::move(line));
}

}  // namespace tessera::safeir
