#include "safeir/load/upgrade.h"

#include <algorithm>

namespace tessera::safeir {
namespace {

// What is less likely to be called than this, as far as the code of its callers tells, is not made before it is.
constexpr float kLikely = 0.003F;
// While the program comes to new functions more often than this, they are waited for: full code has time.
constexpr std::chrono::milliseconds kQuiet{15};
// At other times full code has precedence over functions that are less likely than this.
constexpr float kLikelyAtRest = 0.25F;
// Instructions of a batch: large enough that making an object counts little, small enough to be waited for.
constexpr std::uint32_t kQuickBatch = 1000;
constexpr std::uint32_t kFullBatch = 500;

}  // namespace

Upgrade::Upgrade(const LoadContext& context, LoadedProgram& program, GuardedPtr<CheckedModule> module, Makes makes)
    : guard_(*context.guard), program_(program), makes_(makes), claimant_(program.new_claimant()),
      compiler_(context.features, std::move(module)), expected_(compiler_.names().functions().size()) {
    for (const auto& exported : compiler_.exports()) {
        candidates_.push_back({1, exported.function});
    }
    std::ranges::make_heap(candidates_);
}

Result<GuardedPtr<Upgrade>>
Upgrade::create(const LoadContext& context, LoadedProgram& program, GuardedPtr<CheckedModule> module, Makes makes) {
    Upgrade* upgrade = nullptr;
    TRY_VOID(context.guard->run([&]() -> Result<void> {
        if (module->content_hash() != program.content_hash()) {
            return fail(Blame::Kernel, "full code is made from another program");
        }
        upgrade = new Upgrade(context, program, std::move(module), makes);
        return {};
    }));
    return guarded(*context.guard, upgrade);
}

void Upgrade::expect_callees(std::uint32_t caller, float probability) {
    for (const auto& callee : compiler_.callees_of(caller)) {
        const auto chance = probability * callee.probability;
        if (chance < kLikely) {
            break;
        }
        if (chance > expected_[callee.function]) {
            expected_[callee.function] = chance;
            candidates_.push_back({chance, callee.function});
            std::ranges::push_heap(candidates_);
        }
    }
}

void Upgrade::look_at_calls() {
    if (makes_ == Makes::QuickAndFull) {
        while (const auto called = program_.next_called()) {
            expect_callees(*called, 1);
        }
    }
    if (const auto now = program_.progress(); now.called != called_ || now.waits) {
        called_ = now.called;
        last_call_ = Clock::now();
    }
}

std::vector<std::uint32_t> Upgrade::claim_likely(float least) {
    std::vector<std::uint32_t> batch;
    std::uint32_t instructions = 0;
    while (!candidates_.empty() && candidates_.front().probability >= least && instructions < kQuickBatch) {
        const auto [probability, function] = candidates_.front();
        std::ranges::pop_heap(candidates_);
        candidates_.pop_back();
        if (probability < expected_[function]) {
            continue;  // it was a candidate again, with a higher one
        }
        expect_callees(function, probability);
        if (program_.claim(function, claimant_)) {
            batch.push_back(function);
            instructions += compiler_.instructions_of(function);
        }
    }
    return batch;
}

std::vector<std::uint32_t> Upgrade::next_for_full() {
    std::vector<std::uint32_t> batch;
    std::uint32_t instructions = 0;
    const auto size = [&](std::uint32_t function) { return compiler_.instructions_of(function); };
    while (instructions < kFullBatch) {
        const auto function = program_.next_to_upgrade(size);
        if (!function) {
            break;
        }
        batch.push_back(*function);
        instructions += compiler_.instructions_of(*function);
    }
    return batch;
}

Result<Upgrade::Step> Upgrade::step() {
    auto step = Step::Done;
    auto done = guard_.run([&]() -> Result<void> {
        TRY_TO(step, make_some());
        return {};
    });
    if (!done) {
        program_.give_up(claimant_);
        return std::unexpected(std::move(done).error());
    }
    return step;
}

Result<Upgrade::Step> Upgrade::make_some() {
    look_at_calls();
    const bool at_rest = Clock::now() - last_call_ >= kQuiet;
    std::vector<std::uint32_t> batch;
    if (makes_ == Makes::QuickAndFull) {
        batch = claim_likely(at_rest ? kLikelyAtRest : kLikely);
    }
    const auto tier = batch.empty() ? Tier::Full : Tier::Quick;
    if (tier == Tier::Full) {
        if (!at_rest) {
            return Step::Waiting;
        }
        batch = next_for_full();
    }
    if (batch.empty()) {
        return Step::Done;
    }
    TRY_TO(const auto object, compiler_.compile(batch, tier));
    TRY_VOID(program_.adopt(batch, object, tier));
    return Step::Made;
}

}  // namespace tessera::safeir
