// A long copy for a program is no reason for others to wait, nor for the program to outlive its end.
#include "caps/long_copy.h"
#include "core/platform/hosted/signals.h"
#include "core/platform/platform.h"
#include "runtime/worker.h"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

using namespace tessera;

namespace {

constexpr std::uint32_t kOffset = 0x10000;
constexpr std::uint64_t kParts = 4;
constexpr std::uint64_t kBytes = kParts * caps::kCopyPartBytes;

std::unique_ptr<runtime::Arena> arena() {
    constexpr std::uint64_t kMemoryBytes = std::uint64_t{8} << 20U;
    static const auto account = runtime::Account::create(4 * kMemoryBytes, 0);
    auto made = runtime::Arena::create({kMemoryBytes, kMemoryBytes, kOffset}, nullptr, **account);
    REQUIRE(made);
    return std::move(*made);
}

// Both on one worker: a fiber that copies while it is another's turn, and then the other.
void beside(const std::function<void()>& copies, const std::function<void()>& other) {
    platform::hosted::remember_processors();
    platform::prepare_thread(0);
    platform::set_timer_handler([](platform::Registers& /*unused*/) noexcept {});
    platform::hosted::install_signal_handlers();
    runtime::Scheduler scheduler(1);
    REQUIRE(scheduler.spawn([&] {
        runtime::current_fiber()->attention = true;
        copies();
    }));
    REQUIRE(scheduler.spawn([&] { other(); }));
    scheduler.run();
}

}  // namespace

TEST_CASE("Others have the core in the middle of a long copy, both ways", "[caps][copy]") {
    const auto memory = arena();
    const std::vector<std::byte> from(kBytes, std::byte{7});
    bool is_half = false;
    beside(
        [&] {
            runtime::current_fiber()->attention = false;
            CHECK(caps::in_parts(kParts, 1, [&](std::uint64_t done, std::uint64_t /*unused*/) {
                runtime::current_fiber()->attention = done == 1;
                return memory->write(kOffset + static_cast<std::uint32_t>(done * caps::kCopyPartBytes),
                                     from.data(),
                                     caps::kCopyPartBytes);
            }));
        },
        [&] {
            const auto* bytes = memory->base() + kOffset;
            is_half = bytes[caps::kCopyPartBytes] == std::byte{7} && bytes[kBytes - 1] == std::byte{0};
        });
    CHECK(is_half);

    std::vector<std::byte> into(kBytes);
    bool is_early = false;
    beside([&] { CHECK(caps::read_long(*memory, kOffset, into.data(), kBytes)); },
           [&] { is_early = into.back() == std::byte{0}; });
    CHECK(is_early);
    CHECK(into == from);
    is_early = false;
    beside([&] { CHECK(caps::write_long(*memory, kOffset + 1, into.data(), kBytes)); },
           [&] { is_early = memory->base()[kOffset + kBytes] == std::byte{0}; });
    CHECK(is_early);
    CHECK(memory->base()[kOffset + kBytes] == std::byte{7});
}

TEST_CASE("A copy for a program that is to be stopped ends at once", "[caps][copy]") {
    const auto memory = arena();
    const std::vector<std::byte> from(kBytes, std::byte{7});
    bool is_told = false;
    beside(
        [&] {
            auto& fiber = *runtime::current_fiber();
            fiber.stop = runtime::StopReason::Requested;
            CHECK(caps::write_long(*memory, kOffset, from.data(), kBytes));
            is_told = fiber.attention;
            fiber.stop = runtime::StopReason::None;
        },
        [] {});
    CHECK(is_told);
    CHECK(memory->base()[kOffset] == std::byte{0});
}

TEST_CASE("A long copy beyond the memory copies nothing", "[caps][copy]") {
    const auto memory = arena();
    const std::vector<std::byte> from(kBytes, std::byte{7});
    beside(
        [&] {
            const auto late = static_cast<std::uint32_t>(memory->bytes() - kBytes + 1);
            CHECK_FALSE(caps::write_long(*memory, late, from.data(), kBytes));
            CHECK(memory->base()[late] == std::byte{0});
            CHECK_FALSE(caps::write_long(*memory, 0, from.data(), kBytes));
        },
        [] {});
}
