// Stack objects that need no address in the arena: they become frames of safe IR, on the machine's own stack.
#pragma once

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"

#include <bit>

namespace tessera::lower {

// Copies and fills of up to so many bytes are loads and stores: x86's own limit, eight stores of a vector register.
inline constexpr std::uint64_t kInlineBytesMax = 128;
inline constexpr std::uint64_t kInlineFrameFillMax = 1024;  // the helper that fills knows the arena alone

struct FrameAddress {
    const llvm::AllocaInst* object;
    std::uint64_t mask = 0;  // the bits that the variable part of the offset can have; 0: there is none
    std::uint64_t constant = 0;
};

// All bits up to the highest of a number.
constexpr std::uint64_t low_bits(std::uint64_t number) { return std::bit_ceil(number + 1) - 1; }

struct MachineFrame {
    llvm::DenseMap<const llvm::AllocaInst*, std::uint64_t> bytes;
    llvm::DenseMap<const llvm::Value*, FrameAddress> addresses;  // of the objects, and what is made from these
    llvm::DenseMap<const llvm::Value*, std::uint64_t>
        indices;  // that only the loops around show to be in bounds: masks
};

enum class Recursion : std::uint8_t { No, Possible };

// An object is taken if it is only read and written, never passed or compared, and if the known bits or the range of
// every index keep it inside: then masks are the checker's proof that LLVM removes again. Such an object is addressed
// as native code addresses it, where the arena's stack takes an addition for each access.
[[nodiscard]] MachineFrame machine_frame_of(const llvm::Function& function, Recursion recursion);

}  // namespace tessera::lower
