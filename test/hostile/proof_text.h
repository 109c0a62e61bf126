// Proofs written by hand, for functions with names:
//
//   goal/2, edge/2 ...   a line's first byte: its kind and its small number
//   %name, ^name         a value, a block
//   +3, -1               a number with a sign
//   3                    a varint
#pragma once

#include "core/base/result.h"

#include "llvm/IR/Function.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tessera::hostile {

[[nodiscard]] Result<std::vector<std::byte>> proof_from_text(std::string_view text, llvm::Function& function);

}  // namespace tessera::hostile
