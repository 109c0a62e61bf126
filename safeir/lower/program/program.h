// A linked program, lowered: the module in the lowered form of docs/safeir/dialect.md, and the image of its arena.
#pragma once

#include "safeir/lower/base/diagnostics.h"
#include "safeir/wire/program_image.h"

#include "llvm/IR/Module.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tessera::lower {

struct ProgramOptions {
    std::vector<std::string> exports;  // besides what the source exports by attribute
    std::uint32_t stack_bytes = 1U << 20;
    std::uint64_t memory_max_bytes = std::uint64_t{4} << 30;
};

struct LoweredProgram {
    std::unique_ptr<llvm::Module> module;
    safeir::ProgramImage image;
};

// `program` is consumed: what the lowering needs to rewrite first, it rewrites there.
std::optional<LoweredProgram>
lower_program(std::unique_ptr<llvm::Module> program, const ProgramOptions& options, Diagnostics& diagnostics);

}  // namespace tessera::lower
