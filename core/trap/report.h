// The last words: what happened, where, by which access, with which registers, called by whom.
#pragma once

#include "core/trap/frame.h"

#include <cstdint>
#include <string_view>

namespace tessera::trap {

enum class Reason : std::uint8_t { Exception, OutOfMemory };

[[noreturn]] void stop_with_report(Frame& frame, std::uint64_t fault_address, Reason reason);

// The calling thread asked for the end (abort, an unserved system call) at `rip`: its stack trace, then the stop.
[[noreturn]] void stop_with_trace(std::string_view message, std::uint64_t rip);

}  // namespace tessera::trap
