#include "test/fuzz/trial.h"

#include "safeir/check/checked_module.h"
#include "safeir/load/cache.h"
#include "safeir/load/cache_entry.h"
#include "safeir/load/clone.h"
#include "safeir/load/ease.h"
#include "safeir/load/generate.h"
#include "safeir/load/link.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <array>
#include <dlfcn.h>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <vector>

namespace tessera::fuzz {
namespace {

constexpr unsigned kInputsMax = 8;
constexpr std::uint64_t kInstructionsEnough = 20'000'000;
constexpr std::uint64_t kEverySet = 4;  // of so many programs one is compiled for every set of features
constexpr std::uint64_t kSecrets[] = {0x5ec2e7d15ec2e7d1, 0xa13d182ea13d182e};

std::uint64_t executed = 0;  // by code that counts

// Each block adds the number of its instructions to `executed`.
void count_instructions(llvm::Module& module) {
    for (llvm::Function& function : module) {
        for (llvm::BasicBlock& block : function) {
            const std::uint64_t instructions = block.size();
            llvm::IRBuilder<> builder(&block, block.getFirstInsertionPt());
            llvm::Type* word = builder.getInt64Ty();
            // SAFETY: the address of our own counter, in code that is checked already.
            llvm::Value* counter = builder.CreateIntToPtr(builder.getInt64(reinterpret_cast<std::uint64_t>(&executed)),
                                                          builder.getPtrTy());
            builder.CreateStore(builder.CreateAdd(builder.CreateLoad(word, counter), builder.getInt64(instructions)),
                                counter);
        }
    }
}

std::optional<std::uintptr_t> resolve(llvm::StringRef symbol) {
    if (const auto address = Box::resolve(symbol)) {
        return address;
    }
    void* library = dlsym(RTLD_DEFAULT, symbol.str().c_str());
    return library == nullptr ? std::nullopt : std::optional(reinterpret_cast<std::uintptr_t>(library));
}

}  // namespace

struct Tester::Parts {
    std::unique_ptr<Box> box;
    std::unique_ptr<safeir::CodeSpace> space;
    struct Compiled {
        std::string name;
        std::unique_ptr<safeir::CodeRegion> region;
        BoxCode code{};
    };

    Result<Compiled> link(std::string name, llvm::StringRef elf, std::uint32_t function) {
        Compiled compiled{std::move(name), nullptr, {}};
        TRY_TO(compiled.region, space->reserve_region());
        TRY_TO(const auto linked, safeir::link_object(elf, *compiled.region, resolve));
        for (const auto& candidate : linked.functions) {
            if (candidate.index == function) {
                const auto begin = compiled.region->begin();
                compiled.code = {candidate.address, begin, begin + safeir::kRegionBytes};
                return compiled;
            }
        }
        return fail(Blame::Kernel, "the entry point is gone");
    }

    // As the kernel does itself, but for the whole program at once.
    enum class Way : std::uint8_t { Counting, Quick, Upgraded };
    Result<Compiled> compile(const safeir::CheckedModule& checked,
                             const safeir::SymbolNames& names,
                             std::uint32_t function,
                             safeir::Features features,
                             Way way) {
        const auto module = safeir::clone_whole(checked.module(), names, features);
        module->getFunction(safeir::function_symbol(function))->setLinkage(llvm::GlobalValue::ExternalLinkage);
        if (way == Way::Counting) {
            count_instructions(*module);
        }
        const auto tier = way == Way::Upgraded ? safeir::Tier::Full : safeir::Tier::Quick;
        TRY_TO(const auto generator, safeir::CodeGenerator::create(features, tier));
        if (way == Way::Upgraded) {
            safeir::simplify(*module, generator->machine());
        } else if (way == Way::Quick) {
            safeir::ease_selection(*module);
        }
        TRY_TO(const auto object, generator->generate(*module));
        constexpr std::array kNames{"-O0, counting", "-O0", "full code in the background"};
        return link(fmt::format("{} for {}", kNames[static_cast<std::size_t>(way)], safeir::features_name(features)),
                    {object.elf.data(), object.elf.size()},
                    function);
    }

    Result<Compiled> full(const safeir::CheckedModule& checked, std::uint32_t function, safeir::Features features) {
        TRY_TO(const auto bytes, safeir::generate_cache_entry(checked, features));
        TRY_TO(const auto entry,
               safeir::decode_cache_entry(bytes, safeir::cache_binding(checked.content_hash(), features)));
        return link(fmt::format("-O3 for {}", safeir::features_name(features)), entry.object, function);
    }

    Result<std::vector<Compiled>>
    compile_all(const safeir::CheckedModule& checked, std::uint32_t entry, std::uint64_t seed, Plan plan);
    void run_input(const std::vector<Compiled>& ways, bool deterministic, std::uint64_t seed, Trial& trial) const;
    void run_interrupted(const Compiled& way, std::uint64_t seed, Trial& trial) const;
    void run_race(const Compiled& way, std::uint64_t seed, Trial& trial) const;
};

Tester::Tester(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Tester::~Tester() = default;

Result<std::unique_ptr<Tester>> Tester::create() {
    auto parts = std::make_unique<Parts>();
    TRY_TO(parts->box, Box::create());
    TRY_TO(parts->space, safeir::CodeSpace::create());
    return std::unique_ptr<Tester>(new Tester(std::move(parts)));
}

Trial Tester::test(std::span<const std::byte> sir, Plan plan, std::uint64_t seed, volatile Phase& phase) {
    Trial trial;
    phase = Phase::Check;
    const auto checked = safeir::check_program(sir);
    if (!checked) {
        trial.refusal = checked.error().text;
        phase = Phase::Idle;
        return trial;
    }
    trial.accepted = true;
    test_module(*checked, plan, seed, phase, trial);
    return trial;
}

void Tester::test_module(
    const safeir::CheckedModule& checked, Plan plan, std::uint64_t seed, volatile Phase& phase, Trial& trial) {
    phase = Phase::Compile;
    if (checked.exports().empty() || checked.exports().front().cap_params > 1) {
        trial.failure = "no entry point that the box can call";
        return;
    }
    const std::uint32_t entry = checked.exports().front().function;
    auto ways = parts_->compile_all(checked, entry, seed, plan);
    if (!ways) {
        trial.failure = ways.error().text;
        return;
    }
    trial.ways = static_cast<unsigned>(ways->size());
    phase = Phase::Run;
    const unsigned inputs = plan.has_image ? 1 : kInputsMax;
    for (unsigned input = 0; input < inputs && trial.instructions < kInstructionsEnough; ++input) {
        parts_->run_input(*ways, plan.deterministic, seed + input, trial);
        if (!trial.problem.empty()) {
            return;
        }
    }
    // The one that counts is no code of the kernel's.
    for (auto way = ways->begin() + 1; way != ways->end() && trial.problem.empty(); ++way) {
        parts_->run_interrupted(*way, seed, trial);
    }
    for (auto way = ways->begin() + 1; way != ways->end() && trial.problem.empty(); ++way) {
        parts_->run_race(*way, seed, trial);
    }
    phase = trial.problem.empty() ? Phase::Idle : phase;
}

// One of the sets of features that this processor has, and for every fourth program all of them.
Result<std::vector<Tester::Parts::Compiled>>
Tester::Parts::compile_all(const safeir::CheckedModule& checked, std::uint32_t entry, std::uint64_t seed, Plan plan) {
    const safeir::SymbolNames names(checked.module());
    const std::span sets(safeir::kFeatureSets.begin(), static_cast<std::size_t>(safeir::detect_features()) + 1);
    const auto tried = seed % kEverySet == 0 && !plan.has_image ? sets : sets.subspan(seed % sets.size(), 1);
    std::vector<Compiled> ways;
    const auto add = [&](Result<Compiled> compiled) -> Result<void> {
        TRY_TO(auto way, std::move(compiled));
        way.code.image = plan.has_image ? &checked.image() : nullptr;
        ways.push_back(std::move(way));
        return {};
    };
    TRY_VOID(add(compile(checked, names, entry, tried.front(), Way::Counting)));
    for (const auto features : tried) {
        TRY_VOID(add(compile(checked, names, entry, features, Way::Quick)));
        if (plan.only_quickly) {
            break;
        }
        TRY_VOID(add(compile(checked, names, entry, features, Way::Upgraded)));
        TRY_VOID(add(full(checked, entry, features)));
    }
    return ways;
}

// Every way, for both secrets, on one content of the memory.
void Tester::Parts::run_input(const std::vector<Compiled>& ways,
                              bool deterministic,
                              std::uint64_t seed,
                              Trial& trial) const {
    Run first;
    std::uint64_t counted = 0;
    for (const Compiled& way : ways) {
        Run before;
        for (const std::uint64_t secret : kSecrets) {
            executed = 0;
            const Run run = box->run(way.code, seed, secret, Interrupts::None);
            ++trial.runs;
            trial.returned += run.end == Run::End::Returned ? 1 : 0;
            if (run.end == Run::End::Escaped) {
                trial.problem = fmt::format("escape at {}: {}", way.name, run.what);
            } else if (run.end == Run::End::OutOfTime || before.end == Run::End::OutOfTime) {
                break;
            } else if (secret == kSecrets[1] && (run.end != before.end || run.seen != before.seen ||
                                                 run.result != before.result || run.what != before.what)) {
                trial.problem = fmt::format("secret seen at {}: {:#x} and {:#x}, {} and {}",
                                            way.name,
                                            before.result,
                                            run.result,
                                            before.what,
                                            run.what);
            }
            before = run;
            if (!trial.problem.empty()) {
                return;
            }
            counted += executed;
        }
        if (&way == ways.data()) {
            first = before;
        } else if (deterministic && first.end == Run::End::Returned && before.end == Run::End::Returned &&
                   (first.seen != before.seen || first.result != before.result)) {
            trial.problem =
                fmt::format("two answers: {:#x} counting, {:#x} at {}", first.result, before.result, way.name);
            return;
        }
    }
    // The other ways run the same instructions as the one that counts.
    trial.instructions += counted * ways.size();
}

// Nothing may be different for a program that is interrupted, whatever is in the registers meanwhile.
void Tester::Parts::run_interrupted(const Compiled& way, std::uint64_t seed, Trial& trial) const {
    const Run plain = box->run(way.code, seed, kSecrets[0], Interrupts::None);
    if (plain.end == Run::End::OutOfTime) {
        return;
    }
    for (const std::uint64_t secret : kSecrets) {
        const Run run = box->run(way.code, seed, secret, Interrupts::Random);
        trial.interrupts += run.interrupts;
        if (run.end == Run::End::Escaped) {
            trial.problem = fmt::format("escape at {}, interrupted: {}", way.name, run.what);
        } else if (run.end != Run::End::OutOfTime && (run.end != plain.end || run.seen != plain.seen ||
                                                      run.result != plain.result || run.what != plain.what)) {
            trial.problem = fmt::format("interrupted, another answer at {}: {:#x} and {:#x}, {} and {}",
                                        way.name,
                                        plain.result,
                                        run.result,
                                        plain.what,
                                        run.what);
        }
        if (!trial.problem.empty()) {
            return;
        }
    }
}

// A number that looks like a secret may be there by chance; like each of two, it is one.
void Tester::Parts::run_race(const Compiled& way, std::uint64_t seed, Trial& trial) const {
    bool is_held = true;
    for (const std::uint64_t secret : kSecrets) {
        const Run run = box->race(way.code, seed, secret);
        ++trial.races;
        if (run.end == Run::End::Escaped) {
            trial.problem = fmt::format("escape at {}, on two cores: {}", way.name, run.what);
            return;
        }
        is_held = is_held && run.holds_secret;
    }
    if (is_held) {
        trial.problem = fmt::format("secret kept at {}, on two cores", way.name);
    }
}

}  // namespace tessera::fuzz
