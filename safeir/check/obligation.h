// What has to be proven of an access before a function is accepted.
#pragma once

#include "safeir/diag/rule.h"

#include "llvm/IR/Instructions.h"

#include <cstdint>

namespace tessera::safeir {

// To be proven at `at`: variable + constant <= bound (in bytes, without overflow). `variable` may be null (zero).
struct Obligation {
    Rule rule;
    llvm::Instruction* at;
    llvm::Value* variable;
    std::uint64_t constant;
    llvm::Value* length;  // a slice's length key, or null: then `size` is the bound
    std::uint64_t size;
};

}  // namespace tessera::safeir
