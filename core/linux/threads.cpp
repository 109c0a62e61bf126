// Threads are cores: clone takes one, exit gives it back.
#include "core/arch/cpu.h"
#include "core/arch/cpuid.h"
#include "core/arch/instructions.h"
#include "core/arch/stop.h"
#include "core/base/assert.h"
#include "core/linux/futex.h"
#include "core/linux/syscalls.h"
#include "core/linux/thread_id.h"
#include "core/log/log.h"
#include "core/smp/cores.h"
#include "core/trap/report.h"

#include <cstring>

namespace tessera::libc::calls {

namespace {

constexpr std::uint64_t kCloneVm = 0x100;
constexpr std::uint64_t kCloneThread = 0x10000;
constexpr std::uint64_t kCloneSetTls = 0x80000;
constexpr std::uint64_t kCloneParentSetTid = 0x100000;
constexpr std::uint64_t kCloneChildClearTid = 0x200000;
constexpr std::uint64_t kCloneChildSetTid = 0x1000000;
constexpr std::uint64_t kSetFs = 0x1002;
constexpr std::uint64_t kGetFs = 0x1003;

struct CloneRequest {
    std::uint64_t flags;
    std::uint64_t stack_top;
    std::uint32_t* parent_tid;
    std::uint32_t* child_tid;
    std::uint64_t tls;
};

std::int64_t clone_thread(const Call& call, const CloneRequest& request) {
    constexpr std::uint64_t kNeeded = kCloneVm | kCloneThread | kCloneSetTls;
    if ((request.flags & kNeeded) != kNeeded) {
        log::print("\ntessera: clone with flags {x} (a process) is not served\n", request.flags);
        trap::stop_with_trace("a system call that is not served", call.frame.rip);
    }
    arch::Cpu* core = smp::claim_core();
    if (core == nullptr) {
        return -kEagain;
    }
    ASSERT(core->state.load(std::memory_order_relaxed) == arch::CpuState::Claimed);
    ASSERT(core->futex_address == 0 && core->clear_child_tid == 0);
    const std::uint32_t tid = thread_id(*core);
    if ((request.flags & kCloneParentSetTid) != 0) {
        *request.parent_tid = tid;
    }
    if ((request.flags & kCloneChildSetTid) != 0) {
        *request.child_tid = tid;
    }
    // SAFETY: an address of the caller's.
    core->clear_child_tid =
        (request.flags & kCloneChildClearTid) != 0 ? reinterpret_cast<std::uint64_t>(request.child_tid) : 0;
    trap::Frame frame = call.frame;
    frame.general[0] = 0;
    frame.rsp = request.stack_top;
    smp::run_on(*core, frame, request.tls);
    return tid;
}

}  // namespace

std::int64_t clone(const Call& call) {
    return clone_thread(
        call, {call.a[0], call.a[1], call.pointer<std::uint32_t>(2), call.pointer<std::uint32_t>(3), call.a[4]});
}

std::int64_t clone3(const Call& call) {
    // Linux's struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls
    std::uint64_t words[8];
    if (call.a[1] < sizeof words) {
        return -kEinval;
    }
    std::memcpy(words, call.pointer<const void>(0), sizeof words);
    // SAFETY: addresses of the caller's.
    return clone_thread(call,
                        {words[0],
                         words[5] + words[6],
                         reinterpret_cast<std::uint32_t*>(words[3]),
                         reinterpret_cast<std::uint32_t*>(words[2]),
                         words[7]});
}

std::int64_t exit(const Call& /*call*/) {
    arch::Cpu& cpu = arch::this_cpu();
    cpu.ending.store(1, std::memory_order_seq_cst);  // before anyone can know
    if (const std::uint64_t address = cpu.clear_child_tid; address != 0) {
        // SAFETY: the word that glibc named at the thread's creation.
        __atomic_store_n(reinterpret_cast<std::uint32_t*>(address), 0U, __ATOMIC_SEQ_CST);
        futex_wake_all(address);
    }
    smp::park();  // this stack is the core's, so the thread's may go at once
}

std::int64_t exit_group(const Call& call) { arch::stop_machine(static_cast<int>(call.a[0])); }

std::int64_t arch_prctl(const Call& call) {
    if (call.a[0] == kSetFs) {
        arch::write_msr(arch::kMsrFsBase, call.a[1]);
        return 0;
    }
    if (call.a[0] == kGetFs) {
        *call.pointer<std::uint64_t>(1) = arch::read_msr(arch::kMsrFsBase);
        return 0;
    }
    return -kEinval;  // also the question for control-flow enforcement
}

std::int64_t set_tid_address(const Call& call) {
    arch::this_cpu().clear_child_tid = call.a[0];
    return thread_id(arch::this_cpu());
}

std::int64_t gettid(const Call& /*call*/) { return thread_id(arch::this_cpu()); }
std::int64_t getpid(const Call& /*call*/) { return thread_id(arch::cpus[0]); }

std::int64_t getcpu(const Call& call) {
    if (auto* cpu = call.pointer<std::uint32_t>(0)) {
        *cpu = arch::this_cpu().index;
    }
    if (auto* node = call.pointer<std::uint32_t>(1)) {
        *node = 0;
    }
    return 0;
}

std::int64_t sched_getaffinity(const Call& call) {
    constexpr std::uint64_t kMaskBytes = arch::kCpuMax / 8;
    if (call.a[1] < kMaskBytes) {
        return -kEinval;
    }
    auto* mask = call.pointer<std::uint8_t>(2);
    std::memset(mask, 0, kMaskBytes);
    const unsigned count = smp::core_count();
    for (unsigned i = 0; i < count; ++i) {
        mask[i / 8] = static_cast<std::uint8_t>(mask[i / 8] | 1U << i % 8);
    }
    return static_cast<std::int64_t>(kMaskBytes);
}

std::int64_t sched_yield(const Call& /*call*/) {
    arch::relax();  // no other thread waits for this core
    return 0;
}

}  // namespace tessera::libc::calls
