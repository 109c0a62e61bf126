// What a source value becomes: a list of parts that the dialect knows.
//
// A pointer becomes an integer of its width in the source (i32, or i64 of which the low half counts); a structure, an
// array or a vector that is no power of two, or too wide, becomes several parts; a vector of one lane its lane; long
// double an i128; an integer of odd width the next wider one, always zero-extended.
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Type.h"

#include <string>
#include <unordered_map>

namespace tessera::lower {

using Types = llvm::SmallVector<llvm::Type*, 2>;

// Address spaces of the WebAssembly front end.
inline constexpr unsigned kTableSpace = 1;
inline constexpr unsigned kCapabilitySpace = 10;

inline constexpr unsigned kPartsMax = 1024;
inline constexpr unsigned kVectorBitsMax = 512;
inline constexpr unsigned kLanesMax = 64;

[[nodiscard]] bool is_capability(const llvm::Type* type);

class Shapes {
  public:
    Shapes(llvm::LLVMContext& context, unsigned pointer_bits) : context_(context), pointer_bits_(pointer_bits) {}

    // The parts of a value, in order. Empty for void, and for a type that can't be lowered (see refusal).
    const Types& parts(llvm::Type* type);

    // Why a type can't be lowered, as the end of a sentence: "uses ..."; empty when it can.
    std::string refusal(llvm::Type* type);

    // The part for one scalar; null when there is none.
    llvm::Type* scalar(llvm::Type* type);

    // How many lanes each part of a vector has (1: the part is a scalar).
    llvm::SmallVector<unsigned, 2> lane_counts(llvm::FixedVectorType* type);
    llvm::Type* chunk(llvm::Type* lane, unsigned lanes);

    // What a part is as a parameter or result: i1, i8, i16 widened to i32, i128 in two halves, lanes of i1 as i8.
    void passed(llvm::Type* part, Types& into);

    llvm::Type* capability();
    llvm::Type* slice_pointer();
    // The integer that a pointer into the arena is.
    llvm::IntegerType* word();

  private:
    bool collect(llvm::Type* type, Types& into);

    llvm::LLVMContext& context_;
    unsigned pointer_bits_;
    std::unordered_map<llvm::Type*, Types> known_;  // whose references stay valid
};

// An integer whose width is none of the machine's; its part is wider and kept zero-extended.
[[nodiscard]] bool is_odd_integer(const llvm::Type* type);

}  // namespace tessera::lower
