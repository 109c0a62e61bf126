// Code in batches: what comes with a function, what is made before it is called, and what happens when that fails.
#include "safeir/check/checked_module.h"
#include "safeir/inspect/assembly.h"
#include "safeir/load/program.h"
#include "safeir/load/upgrade.h"
#include "safeir/load/work_list.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

using namespace tessera;
using namespace tessera::safeir;
using Catch::Matchers::Contains;

namespace {

// A chain: @start calls @f0, which calls @f1 and so on. Every tenth function calls the next one only if it must.
std::string chain(unsigned length) {
    std::string text = "define internal i32 @f" + std::to_string(length) +
                       "(ptr %base, i32 %x) noinline {\n  %y = add i32 %x, 1\n  ret i32 %y\n}\n";
    for (unsigned i = length; i-- > 0;) {
        const std::string next = "  %z = call i32 @f" + std::to_string(i + 1) + "(ptr %base, i32 %y)\n";
        text += "define internal i32 @f" + std::to_string(i) + "(ptr %base, i32 %x) noinline {\n" +
                "  %y = mul i32 %x, 3\n" +
                (i % 10 != 9 ? next + "  ret i32 %z\n}\n"
                             : "  %c = icmp ugt i32 %y, 100\n  br i1 %c, label %more, label %done\nmore:\n" + next +
                                   "  ret i32 %z\ndone:\n  ret i32 %y\n}\n");
    }
    return text + R"(
define internal void @start(ptr %base, i32 %sp) "tessera.export"="_start" {
  %y = call i32 @f0(ptr %base, i32 %sp)
  ret void
}
)";
}

// LLVM fails in the runs that it is told to fail in.
class FailingGuard final : public Guard {
  public:
    Result<void> run(llvm::function_ref<Result<void>()> work) override {
        if (failing) {
            return fail(Blame::Kernel, "code generation failed: it needs too much memory");
        }
        return work();
    }
    std::atomic<bool> failing = false;
};

struct Fixture {
    explicit Fixture(const std::string& text) {
        auto assembled = assemble(text, "test");
        REQUIRE(assembled);
        sir = std::move(*assembled);
        auto made = CodeSpace::create();
        REQUIRE(made);
        space = std::move(*made);
        context = {.space = space.get(), .bindings = &bindings, .guard = &guard};
        auto loaded = LoadedProgram::lazy(context, checked());
        REQUIRE(loaded);
        program = std::move(*loaded);
    }
    [[nodiscard]] GuardedPtr<CheckedModule> checked() const {
        auto module = check_program(sir);
        REQUIRE(module);
        return guarded(guard, new CheckedModule(std::move(*module)));
    }
    [[nodiscard]] std::uint32_t index(const std::string& name) const {
        const auto module = checked();
        std::uint32_t count = 0;
        const SymbolNames names(module->module());
        for (const auto* function : names.functions()) {
            if (function->getName() == name) {
                return count;
            }
            ++count;
        }
        FAIL("no function " << name);
        return 0;
    }

    std::vector<std::byte> sir;
    FailingGuard guard;
    Bindings bindings{{}, {}, {}};
    std::unique_ptr<CodeSpace> space;
    LoadContext context;
    std::unique_ptr<LoadedProgram> program;
};

}  // namespace

TEST_CASE("small functions that will be called come with their caller", "[safeir][load]") {
    const Fixture test(chain(40));
    CHECK(test.program->generate(test.index("start")) != 0);
    const auto progress = test.program->progress();
    CHECK(progress.called == 1);
    CHECK(progress.quick > 5);
    // All are found, under their own names, and count as called only now.
    const auto address = test.program->generate(test.index("f1"));
    std::optional<LineTable> lines;
    const auto place = test.program->locate(address, lines);
    REQUIRE(place);
    CHECK(place->places.back().function == "f1");
    CHECK(test.program->progress().quick == progress.quick);
    CHECK(test.program->progress().called == 2);
}

TEST_CASE("two cores that call the same functions get the same code", "[safeir][load]") {
    const Fixture test(chain(300));
    constexpr std::uint32_t kCount = 302;
    std::vector<std::vector<std::uintptr_t>> seen(3, std::vector<std::uintptr_t>(kCount));
    std::vector<std::thread> threads;
    for (std::uint32_t thread = 0; thread < seen.size(); ++thread) {
        threads.emplace_back([&, thread] {
            for (std::uint32_t i = 0; i < kCount; ++i) {
                const auto function = thread == 0 ? i : thread == 1 ? kCount - 1 - i : i * 75 % kCount;
                seen[thread][function] = test.program->generate(function);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(seen[0] == seen[1]);
    CHECK(seen[0] == seen[2]);
    CHECK(std::ranges::find(seen[0], 0U) == seen[0].end());
    CHECK(test.program->progress().quick == kCount);
    CHECK(test.program->progress().called == kCount);
}

TEST_CASE("the background makes quick code before it is called, then full code of all", "[safeir][load]") {
    const Fixture test(chain(300));
    auto upgrade = Upgrade::create(test.context, *test.program, test.checked(), Upgrade::Makes::QuickAndFull);
    REQUIRE(upgrade);
    auto step = (*upgrade)->step();
    REQUIRE(step);
    CHECK(*step == Upgrade::Step::Made);
    const auto before = test.program->progress();
    CHECK(before.quick > 5);
    CHECK(before.called == 0);
    CHECK(before.full == 0);
    const auto start = test.program->generate(test.index("start"));
    CHECK(test.program->progress().quick == before.quick);
    while (*step != Upgrade::Step::Done) {
        step = (*upgrade)->step();
        REQUIRE(step);
    }
    const auto after = test.program->progress();
    CHECK(after.full == 302);
    CHECK(after.called_are_full);
    CHECK(test.program->generate(test.index("start")) != start);
}

TEST_CASE("the program calls while the background compiles", "[safeir][load]") {
    const Fixture test(chain(300));
    auto module = test.checked();
    std::atomic<bool> good = true;
    std::thread background([&] {
        auto upgrade = Upgrade::create(test.context, *test.program, std::move(module), Upgrade::Makes::QuickAndFull);
        auto step = (*upgrade)->step();
        while (step && *step != Upgrade::Step::Done) {
            step = (*upgrade)->step();
        }
        good = step.has_value();
    });
    for (std::uint32_t i = 302; i-- > 0;) {
        CHECK(test.program->generate(i) != 0);
    }
    background.join();
    CHECK(good);
    CHECK(test.program->progress().full == 302);
}

TEST_CASE("two make the full code of one program between them", "[safeir][load]") {
    const Fixture test(chain(300));
    std::array<std::thread, 2> threads;
    std::atomic<unsigned> made = 0;
    std::atomic<bool> good = true;
    for (auto& thread : threads) {
        thread = std::thread([&, module = test.checked()]() mutable {
            auto upgrade = Upgrade::create(test.context, *test.program, std::move(module), Upgrade::Makes::Full);
            auto step = (*upgrade)->step();
            for (; step && *step != Upgrade::Step::Done; step = (*upgrade)->step()) {
                made += *step == Upgrade::Step::Made ? 1 : 0;
            }
            if (!step) {
                good = false;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(good);
    CHECK(made >= 2);
    CHECK(test.program->progress().full == 302);
    CHECK(test.program->progress().quick == 0);
}

TEST_CASE("a batch that fails is given up by the background, and the program makes its own", "[safeir][load]") {
    Fixture test(chain(40));
    auto upgrade = Upgrade::create(test.context, *test.program, test.checked(), Upgrade::Makes::QuickAndFull);
    test.guard.failing = true;
    const auto step = (*upgrade)->step();
    REQUIRE_FALSE(step);
    CHECK_THAT(step.error().text, Contains("too much memory"));
    test.guard.failing = false;
    CHECK(test.program->generate(test.index("start")) != 0);
}

TEST_CASE("a batch that fails in the program leaves nothing claimed", "[safeir][load]") {
    Fixture test(chain(40));
    test.guard.failing = true;
    CHECK(test.program->generate(test.index("start")) == 0);
    CHECK_THAT(test.program->failure(), Contains("too much memory"));
    test.guard.failing = false;
    CHECK(test.program->generate(test.index("f20")) == 0);  // neither hangs nor uses what was interrupted
    // The background has a module of its own.
    auto upgrade = Upgrade::create(test.context, *test.program, test.checked(), Upgrade::Makes::QuickAndFull);
    REQUIRE((*upgrade)->step());
    CHECK(test.program->generate(test.index("start")) != 0);
}

TEST_CASE("a function that another core makes is waited for, until it is given up or the program must stop",
          "[safeir][load]") {
    Fixture test(chain(40));
    const auto function = test.index("f20");
    const auto other = test.program->new_claimant();
    REQUIRE(test.program->claim(function, other));
    CHECK_FALSE(test.program->claim(function, other));
    auto full = Upgrade::create(test.context, *test.program, test.checked(), Upgrade::Makes::Full);
    REQUIRE(full);
    std::atomic<std::uintptr_t> address = 0;
    std::thread caller([&] { address = test.program->generate(function); });
    while (!test.program->progress().waits) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    CHECK(address == 0);
    // However long that is since the last call: a program that waits has not come to rest.
    CHECK((*full)->step() == Upgrade::Step::Waiting);
    test.program->give_up(other);
    caller.join();
    CHECK(address != 0);

    test.context.wait = [] { return false; };
    auto stopped = LoadedProgram::lazy(test.context, test.checked());
    REQUIRE(stopped);
    REQUIRE((*stopped)->claim(function, (*stopped)->new_claimant()));
    CHECK((*stopped)->generate(function) == 0);
}

TEST_CASE("full code is asked for once for each function, the largest that was called first", "[safeir][load]") {
    WorkList work;
    work.resize(5);
    const auto next = [&] {
        constexpr std::array<std::uint32_t, 5> kSizes{9, 8, 3, 7, 5};
        return work.next_without_full_code([&](std::uint32_t function) { return kSizes.at(function); });
    };
    CHECK(work.was_called(2));
    CHECK_FALSE(work.was_called(2));
    CHECK(work.was_called(4));
    CHECK(next() == 4);
    CHECK(next() == 2);
    CHECK(next() == 0);
    CHECK(work.was_called(3));
    CHECK(work.was_called(0));
    CHECK(next() == 3);
    CHECK(next() == 1);
    CHECK_FALSE(next());
    work.has_full_code(0, 0x10);
    work.has_full_code(4, 0x40);
    CHECK_FALSE(work.called_are_full());
    work.has_full_code(2, 0x20);
    work.has_full_code(3, 0x30);
    CHECK(work.called_are_full());
    // Quick code that comes late takes nobody's place.
    work.has_code(2, 0x21);
    CHECK(work.address_of(2) == 0x20);
}
