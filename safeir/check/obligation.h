// What has to be proven of a function before it is accepted.
#pragma once

#include "safeir/diag/rule.h"

#include "llvm/IR/Instructions.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tessera::safeir {

// To be proven at `at`: variable + constant <= bound (in bytes, without overflow). `variable` may be null (zero).
struct Obligation {
    Rule rule;
    llvm::Instruction* at;
    llvm::Value* variable;
    std::uint64_t constant;
    llvm::Value* length;  // a slice's length key, or null: then `size` is the bound
    std::uint64_t size;
    bool operator==(const Obligation&) const = default;
};

struct TreeBlock {
    llvm::BasicBlock* block;
    std::uint32_t above;  // by its place in the row: the next block that every way to this one leads through
};

// What the reader knows of a function beside its code.
struct FunctionNotes {
    llvm::Function* function;
    std::vector<TreeBlock> blocks;        // as the program says
    std::vector<Obligation> obligations;  // in the order of the file
    std::span<const std::byte> proof;
};

}  // namespace tessera::safeir
