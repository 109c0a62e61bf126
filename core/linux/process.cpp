// What a process is told about itself and the machine, and how it ends badly.
#include "core/arch/cpu.h"
#include "core/hw/random.h"
#include "core/linux/abort.h"
#include "core/linux/syscalls.h"
#include "core/linux/thread_id.h"
#include "core/log/log.h"
#include "core/mem/frame_allocator.h"
#include "core/time/clock.h"
#include "core/trap/report.h"

#include <atomic>
#include <cstring>

extern "C" const char nucleus_abort_thunk[];

namespace tessera::libc {

namespace {

constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};
constexpr std::uint64_t kStackLimit = 1 << 20;  // of a thread: workers leave theirs at once
constexpr std::uint64_t kLimitStack = 3;
constexpr std::uint64_t kSignalAbort = 6;
constexpr std::uint64_t kRedZone = 128;

std::atomic<platform::AbortHandler> abort_handler{nullptr};

struct Limit {
    std::uint64_t current;
    std::uint64_t maximum;
};

void store_limit(std::uint64_t resource, Limit* limit) {
    *limit = {resource == kLimitStack ? kStackLimit : kUnlimited, kUnlimited};
}

// Goes on in nucleus_abort, in the thread's own context.
std::int64_t raise_signal(const Call& call, std::uint64_t signal) {
    if (signal != kSignalAbort) {
        log::print("\ntessera: signal {}\n", signal);
        trap::stop_with_trace("a thread sent a signal", call.frame.rip);
    }
    // SAFETY: the thread's own stack, below its red zone; nucleus_abort_thunk expects these two words.
    auto* stack = reinterpret_cast<std::uint64_t*>((call.frame.rsp - kRedZone) & ~std::uint64_t{15});
    stack[-2] = call.frame.rip;
    stack[-1] = call.frame.rsp;
    call.frame.rip = reinterpret_cast<std::uint64_t>(nucleus_abort_thunk);
    call.frame.rsp = reinterpret_cast<std::uint64_t>(stack - 2);
    return 0;
}

}  // namespace

void set_abort_handler(platform::AbortHandler handler) { abort_handler.store(handler); }

namespace calls {

std::int64_t tgkill(const Call& call) {
    // tkill(thread, signal) and tgkill(group, thread, signal)
    constexpr std::uint64_t kTkill = 200;
    return raise_signal(call, call.frame.general[0] == kTkill ? call.a[1] : call.a[2]);
}
std::int64_t kill(const Call& call) { return raise_signal(call, call.a[1]); }

std::int64_t rt_sigprocmask(const Call& call) {
    if (auto* old = call.pointer<void>(2); old != nullptr && call.a[3] <= 128) {
        std::memset(old, 0, call.a[3]);
    }
    return 0;
}

std::int64_t sigaltstack(const Call& call) {
    arch::Cpu& cpu = arch::this_cpu();
    if (auto* old = call.pointer<void>(1)) {
        std::memcpy(old, cpu.alternate_stack, sizeof cpu.alternate_stack);
    }
    if (const auto* wanted = call.pointer<const void>(0)) {
        std::memcpy(cpu.alternate_stack, wanted, sizeof cpu.alternate_stack);
    }
    return 0;
}

std::int64_t getrlimit(const Call& call) {
    store_limit(call.a[0], call.pointer<Limit>(1));
    return 0;
}

std::int64_t prlimit64(const Call& call) {
    if (auto* old = call.pointer<Limit>(3)) {
        store_limit(call.a[1], old);
    }
    return call.a[2] == 0 ? 0 : -kEperm;
}

std::int64_t getrusage(const Call& call) {
    struct Usage {
        TimeSpec user, system;
        std::int64_t rest[14];
    };
    auto* usage = call.pointer<Usage>(1);
    *usage = {};
    const std::uint64_t now = time::since_entry_ns();
    usage->user = {static_cast<std::int64_t>(now / time::kSecond),
                   static_cast<std::int64_t>(now % time::kSecond / 1000)};
    usage->rest[0] = static_cast<std::int64_t>((mem::total_frames() - mem::free_frames()) * 4);  // kilobytes
    return 0;
}

std::int64_t sysinfo(const Call& call) {
    struct Info {
        std::int64_t uptime;
        std::uint64_t loads[3], total, free, shared, buffer, swap_total, swap_free;
        std::uint16_t processes, padding;
        std::uint32_t padding2;
        std::uint64_t high_total, high_free;
        std::uint32_t unit, padding3;
    };
    static_assert(sizeof(Info) == 112);
    auto* info = call.pointer<Info>(0);
    *info = {};
    info->uptime = static_cast<std::int64_t>(time::since_entry_ns() / time::kSecond);
    info->total = mem::total_frames();
    info->free = mem::free_frames();
    info->processes = 1;
    info->unit = mem::kPageSize;
    return 0;
}

std::int64_t uname(const Call& call) {
    constexpr std::size_t kFieldSize = 65;
    // glibc refuses kernels older than the one that it was built for.
    constexpr const char* kFields[6] = {"Tessera", "tessera", "6.1.0", "#1", "x86_64", ""};
    auto* fields = call.pointer<char>(0);
    std::memset(fields, 0, kFieldSize * 6);
    for (std::size_t i = 0; i < 6; ++i) {
        std::memcpy(fields + i * kFieldSize, kFields[i], std::strlen(kFields[i]));
    }
    return 0;
}

std::int64_t getrandom(const Call& call) {
    hw::fill_random({call.pointer<std::byte>(0), call.a[1]});
    return static_cast<std::int64_t>(call.a[1]);
}

std::int64_t zero(const Call& /*call*/) { return 0; }
std::int64_t accepted(const Call& /*call*/) { return 0; }
std::int64_t not_offered(const Call& /*call*/) { return -kEnosys; }

}  // namespace calls
}  // namespace tessera::libc

// On the aborting thread, with interrupts on, below abort() on its stack.
extern "C" [[noreturn]] void nucleus_abort(std::uint64_t rip) {
    if (const auto handler = tessera::libc::abort_handler.load(); handler != nullptr) {
        handler();
    }
    tessera::trap::stop_with_trace("abort() was called", rip);
}
