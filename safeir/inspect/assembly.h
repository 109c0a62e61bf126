// Safe IR as LLVM assembly, for people, tests and tools. Host only: LLVM's assembly parser never sees a program in the
// kernel.
#pragma once

#include "core/base/result.h"
#include "safeir/check/check_module.h"
#include "safeir/prove/prove_module.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::safeir {

// The module that the kernel would generate code for, as LLVM assembly. Not checked: what can be read can be shown.
[[nodiscard]] Result<std::string> disassemble(std::span<const std::byte> sir);

// LLVM assembly in lowered form to the wire form, with a small arena (256 KiB, stack of 64 KiB). Not checked.
[[nodiscard]] Result<std::vector<std::byte>>
assemble(std::string_view text, std::string_view name, std::vector<ProgramImage::CapTable> cap_tables = {});

// Takes LLVM assembly as if it were a module in checked form, and checks it. This asks the checker alone, without the
// reader in front of it, whether it lets anything through that the reader would never build.
// An error: the text is no LLVM assembly.
// `change` may replace the proofs that the prover has found.
using ChangeProofs = llvm::function_ref<void(llvm::Module&, Proofs&)>;
[[nodiscard]] Result<std::optional<Refusal>>
check_assembly(std::string_view text, std::string_view name, ChangeProofs change = [](llvm::Module&, Proofs&) {});

}  // namespace tessera::safeir
