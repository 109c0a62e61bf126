#include "core/arch/cpu.h"
#include "core/linux/syscalls.h"
#include "core/log/log.h"
#include "core/trap/report.h"
#include "core/trap/trap.h"

#include <array>
#include <string_view>

namespace tessera::libc {

namespace {

constexpr unsigned kCallMax = 512;
using Handler = std::int64_t (*)(const Call&);

constexpr std::array<Handler, kCallMax> kHandlers = [] {
    std::array<Handler, kCallMax> table = {};
#define TESSERA_SERVE(number, handler) table[number] = calls::handler;
#include "core/linux/syscalls.def"
#undef TESSERA_SERVE
    return table;
}();

std::string_view name_of(std::uint64_t number) {
    switch (number) {
#define X(number, name)                                                                                                \
    case number:                                                                                                       \
        return #name;
#include "core/linux/syscall_names.def"
#undef X
    default:
        return "unknown";
    }
}

}  // namespace
}  // namespace tessera::libc

extern "C" void nucleus_syscall(tessera::trap::Frame* frame) {
    using namespace tessera;
    const std::uint64_t number = frame->general[0];
    const libc::Handler handler = number < libc::kCallMax ? libc::kHandlers[number] : nullptr;
    if (handler == nullptr) {
        log::print("\ntessera: system call {} ({}) is not served\n", number, libc::name_of(number));
        trap::stop_with_trace("a system call that is not served", frame->rip);
    }
    const libc::Call call = {{frame->general[7],
                              frame->general[6],
                              frame->general[2],
                              frame->general[10],
                              frame->general[8],
                              frame->general[9]},
                             *frame};
    frame->general[0] = static_cast<std::uint64_t>(handler(call));
    arch::Cpu& cpu = arch::this_cpu();
    if (cpu.timer_due) {
        // The runtime's timer came while the call was blocked: its handler sees the state after the call.
        cpu.timer_due = false;
        trap::call_timer_handler(*frame);
    }
}
