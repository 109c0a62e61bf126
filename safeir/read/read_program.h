// Reading the wire form: hostile bytes to a module in checked form, in one pass, without recursion.
#pragma once

#include "safeir/check/checked_module.h"
#include "safeir/read/program_types.h"

#include <cstddef>
#include <expected>
#include <span>

namespace tessera::safeir {

// The kernel's data layout, which every module in checked form has.
inline constexpr const char* kDataLayout =
    "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128";

[[nodiscard]] std::expected<ReadProgram, Refusal> read_program(std::span<const std::byte> sir, const Limits& limits);

}  // namespace tessera::safeir
