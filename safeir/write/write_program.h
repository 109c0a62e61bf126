// Writing the wire form: a module in lowered form (docs/safeir/dialect.md) to .sir bytes. Untrusted, host only.
#pragma once

#include "core/base/result.h"
#include "safeir/wire/program_image.h"

#include <cstddef>
#include <vector>

namespace llvm {
class Module;
}

namespace tessera::safeir {

// May tidy `module` (unreachable blocks). The error names function, instruction and source line of what the wire form
// can't express.
[[nodiscard]] Result<std::vector<std::byte>> write_program(llvm::Module& module, const ProgramImage& image);

}  // namespace tessera::safeir
