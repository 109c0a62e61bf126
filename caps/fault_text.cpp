#include "caps/fault_text.h"

#include "caps/domain.h"
#include "safeir/wire/program_image.h"

#include <array>
#include <cstdio>

namespace tessera::caps {
namespace {

using platform::TrapCause;
using runtime::Fault;
using runtime::FaultKind;

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

std::string cause_text(Domain& domain, const Fault& fault) {
    switch (fault.kind) {
    case FaultKind::StackOverflow:
        return "stack overflow: more than " + kibibytes(runtime::kFiberStackBytes) + " of calls";
    case FaultKind::MemoryBounds:
        return address_text(domain, fault.address, fault.write ? "write" : "read");
    case FaultKind::Refused:
        return fault.text;
    case FaultKind::Thrown:
        return "longjmp to a function that has returned";
    case FaultKind::Stopped:
        return fault.stop == runtime::StopReason::Timeout ? "ran longer than its time limit" : "stopped from outside";
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

}  // namespace

std::string describe_fault(Domain& domain, const Fault& fault) {
    auto text = cause_text(domain, fault);
    if (fault.rip == 0) {
        return text;
    }
    if (const auto location = domain.program().locate(fault.rip)) {
        const auto& place = location->places.front();
        text += " at " + place.function;
        if (!place.file.empty()) {
            text += " (" + place.file + ":" + std::to_string(place.line) + ")";
        }
    }
    return text;
}

}  // namespace tessera::caps
