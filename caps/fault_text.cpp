#include "caps/fault_text.h"

#include "caps/domain.h"
#include "caps/kernel_guard.h"
#include "caps/ledger.h"
#include "core/base/printable.h"
#include "safeir/wire/program_image.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

namespace tessera::caps {
namespace {

using platform::TrapCause;
using runtime::Fault;
using runtime::FaultKind;

constexpr std::uint64_t kTraceBytesMax = std::uint64_t{64} << 20U;
// Without what other programs had of the core meanwhile.
constexpr std::chrono::nanoseconds kTraceTimeMax = std::chrono::seconds(2);

std::string hexadecimal(std::uint64_t value) {
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "0x%lx", value);
    return text.data();
}

std::string kibibytes(std::uint64_t bytes) { return std::to_string(bytes / 1024) + " KiB"; }

const char* deliberate_trap(std::uint8_t reason) {
    switch (reason) {
#define TESSERA_TRAP(code, name, sentence)                                                                             \
    case code:                                                                                                         \
        return sentence;
#include "safeir/spec/traps.def"
#undef TESSERA_TRAP
    default:
        return "called abort or a compiler trap";
    }
}

std::string address_text(Domain& domain, std::uint64_t offset, const char* access) {
    const auto& arena = domain.arena();
    if (offset < safeir::kArenaFirstByte) {
        return std::string(access) + " of address " + hexadecimal(offset) + " (null pointer)";
    }
    if (offset < arena.stack_bottom()) {
        return "ran out of stack in its arena (" + std::string(access) + " of address " + hexadecimal(offset) + ")";
    }
    return std::string(access) + " of address " + hexadecimal(offset) + ", beyond its memory of " +
           kibibytes(arena.bytes());
}

std::string page_fault_text(Domain& domain, const Fault& fault) {
    // SAFETY: addresses as numbers.
    const auto base = reinterpret_cast<std::uintptr_t>(domain.arena().base());
    const char* access = fault.execute ? "execution" : fault.write ? "write" : "read";
    if (fault.cause == TrapCause::OutOfMemory) {
        return "out of memory: the machine has no page left for address " + hexadecimal(fault.address - base);
    }
    if (fault.address >= base && fault.address - base < safeir::kArenaBytes + safeir::kArenaGuardBytes + 4096) {
        return address_text(domain, fault.address - base, access);
    }
    return std::string(access) + " of an address outside its arena, " + hexadecimal(fault.address) +
           " (a fault of the checker or the code generator)";
}

std::string out_of_memory_text(Domain& domain) {
    const auto& account = domain.account();
    if (account.shortage() == runtime::Shortage::Limit) {
        return "out of memory: with what the kernel keeps for it, it has reached its limit of " +
               kibibytes(account.limit());
    }
    return "out of memory: the machine has none left (the program has " + kibibytes(account.used()) + ")";
}

std::string cause_text(Domain& domain, const Fault& fault) {
    switch (fault.kind) {
    case FaultKind::StackOverflow:
        return "stack overflow: more than " + kibibytes(runtime::kFiberStackBytes) + " of calls";
    case FaultKind::OutOfMemory:
        return out_of_memory_text(domain);
    case FaultKind::MemoryBounds:
        return address_text(domain, fault.address, fault.write ? "write" : "read");
    case FaultKind::Refused:
        return fault.text;
    case FaultKind::Thrown:
        return "longjmp to a function that has returned";
    case FaultKind::Stopped:
        return fault.stop == runtime::StopReason::Timeout ? "ran longer than its time limit" : "stopped from outside";
    case FaultKind::Ended:
        return "ended from outside";
    case FaultKind::Late:
        return "took longer than its caller allowed";
    case FaultKind::Exit:
        return "exited";
    case FaultKind::Trap:
        break;
    }
    switch (fault.cause) {
    case TrapCause::PageFault:
    case TrapCause::OutOfMemory:
        return page_fault_text(domain, fault);
    case TrapCause::IllegalInstruction:
        return deliberate_trap(fault.reason);
    case TrapCause::Arithmetic:
        return "divided by zero";
    default:
        return "processor exception " + std::to_string(static_cast<unsigned>(fault.cause));
    }
}

// The lines of a trace, the innermost first. Of too many, those in the middle are counted only.
class Trace {
  public:
    explicit Trace(safeir::LoadedProgram& program) : program_(program) {}

    std::string text(const runtime::Backtrace& calls) {
        add_place(calls);
        for (std::size_t i = 0; i < calls.innermost_count(); ++i) {
            add_call(calls.innermost[i]);
        }
        const auto middle = lines_.size();
        for (std::size_t i = 0; i < calls.outermost_count(); ++i) {
            add_call(calls.outermost_call(i));
        }
        std::uint64_t omitted = calls.omitted_times;
        if (omitted == 0 && lines_.size() <= kLinesMax + kLastLinesMax) {
            return joined(0, lines_.size());
        }
        const auto first = std::min(middle, kLinesMax);
        const auto last = std::max(first, lines_.size() - std::min(lines_.size(), kLastLinesMax));
        for (auto i = first; i < last; ++i) {
            omitted += lines_[i].times;
        }
        return joined(0, first) + "\n  ... " + std::to_string(omitted) + " more" + joined(last, lines_.size());
    }

  private:
    static constexpr std::size_t kLinesMax = 32;
    static constexpr std::size_t kLastLinesMax = 8;
    static constexpr std::size_t kNameMax = 200;  // characters

    // What fills the empty slots of function tables.
    static constexpr const char* kMadeByReader = "tessera.trap.";

    struct Line {
        std::string text;
        std::uint64_t times;
    };

    static std::string shortened(const std::string& name) {
        return name.size() <= kNameMax ? name : std::string(whole_characters(name, kNameMax)) + "...";
    }

    void add(const safeir::LoadedProgram::Location& location, std::uint64_t times) {
        const char* how = lines_.empty() ? " at " : "\n  called from ";
        for (const auto& place : location.places) {
            if (place.function.starts_with(kMadeByReader)) {
                continue;
            }
            auto text = how + shortened(place.function);
            if (!place.file.empty()) {
                text += " (" + shortened(place.file) + (place.line == 0 ? "" : ":" + std::to_string(place.line)) + ")";
            }
            if (times > 1 && &place == &location.places.back()) {
                text += ", " + std::to_string(times) + " times";
            }
            lines_.push_back({std::move(text), times});
            how = "\n  inlined into ";
        }
    }

    bool add_call(const runtime::Backtrace::Call& call) {
        const auto location = program_.locate(call.address, lines_of_program_);
        if (location) {
            add(*location, call.times);
        }
        return location.has_value();
    }

    // Where the program itself was, and the caller that the stack's frames don't tell of.
    void add_place(const runtime::Backtrace& calls) {
        using Frame = safeir::LineTable::Frame;
        if (calls.place == 0) {
            return;
        }
        const auto location = program_.locate(calls.place, lines_of_program_);
        if (location) {
            add(*location, 1);
        }
        // Else it was at a stub, which has no frame at all.
        if (location && location->frame == Frame::Made) {
            return;
        }
        const bool pushed = location && location->frame == Frame::BelowTop;
        if (!add_call({calls.top[pushed ? 1 : 0] - 1, 1}) && !location) {
            add_call({calls.top[1] - 1, 1});
        }
    }

    [[nodiscard]] std::string joined(std::size_t from, std::size_t to) const {
        std::string text;
        for (auto i = from; i < to; ++i) {
            text += lines_[i].text;
        }
        return text;
    }

    safeir::LoadedProgram& program_;
    std::optional<safeir::LineTable> lines_of_program_;
    std::vector<Line> lines_;
};

}  // namespace

std::string describe_fault(Domain& domain, const Fault& fault) {
    // Lines take what memory the program has left, and may be as many as it has functions.
    // The program's time may be over; the trace has its own.
    KernelGuard guard("the trace",
                      {.memory_bytes = kTraceBytesMax,
                       .time_of_run = kTraceTimeMax,
                       .payer = payer_of(domain.account()),
                       .ends = runtime::RunEnds::ByItself});
    const std::string* trace = nullptr;
    const auto done = guard.run([&]() -> Result<void> {
        trace = new std::string(Trace(domain.program()).text(fault.trace));
        return {};
    });
    return cause_text(domain, fault) +
           (done ? std::string(std::string_view(*trace)) : " (where is not known: " + done.error().text + ")");
}

}  // namespace tessera::caps
