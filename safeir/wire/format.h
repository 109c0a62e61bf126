// The wire form of safe IR: numbers shared by reader and writer. docs/safeir/wire.md describes the layout.
#pragma once

#include "safeir/wire/lists.h"

#include <cstdint>

namespace tessera::safeir::wire {

inline constexpr std::uint8_t kMagic[4] = {'T', 'S', 'I', 'R'};
inline constexpr std::uint32_t kVersion = 3;
inline constexpr std::uint32_t kHeaderBytes = 16;  // magic, version (u32), bytes of the whole file (u64); little-endian

// Type codes (kFn: of helpers alone, no file has it). Scalars have fixed codes; further types are numbered from
// kFirstTableType in order of definition.
enum TypeCode : std::uint8_t { kVoid, kI1, kI8, kI16, kI32, kI64, kI128, kF32, kF64, kCap, kSliceRo, kSliceRw, kFn };
inline constexpr std::uint32_t kFirstTableType = 16;
enum TypeTag : std::uint8_t { kVectorType = 1, kStructType = 2 };

inline constexpr unsigned kVectorBitsMax = 512;
inline constexpr unsigned kLanesMax = entry(List::ShuffleLanes).most;
inline constexpr unsigned kStructFieldsMax = entry(List::StructFields).most;
inline constexpr std::uint64_t kSliceBytesMax =
    0x7fffffff;  // the kernel lends no more at once; the checker counts on it
inline constexpr unsigned kParametersMax = entry(List::Parameters).most;
inline constexpr unsigned kTableLog2Max = entry(List::TableSlotsLog2).most;
inline constexpr std::uint32_t kNameBytesMax = entry(List::NameBytes).most;
inline constexpr std::uint32_t kAccessDispMax =
    0x7fffffff;  // constant added to an arena offset: stays inside the guard

enum ConstantTag : std::uint8_t { kScalar, kSplat, kElements };

// Instructions. Operands are varints: (distance back to a value) << 1, or (constant index) << 1 | 1.
enum Op : std::uint8_t {
#define TESSERA_OPERATION(code, name, parts, how, llvm) k##name = (code),
#include "safeir/spec/operations.def"
#undef TESSERA_OPERATION
};

// Predicates: as LLVM numbers them within integer (0 = eq ... 9 = sle) and float (0 = false ... 15 = true) comparisons.
inline constexpr unsigned kICmpPredicates = 10;
inline constexpr unsigned kFCmpPredicates = 16;

enum Ordering : std::uint8_t { kMonotonic, kAcquire, kRelease, kAcqRel, kSeqCst };
inline constexpr unsigned kOrderings = 5;
enum Rmw : std::uint8_t { kRmwXchg, kRmwAdd, kRmwSub, kRmwAnd, kRmwOr, kRmwXor, kRmwMax, kRmwMin, kRmwUMax, kRmwUMin };
inline constexpr unsigned kRmwOperations = 10;

}  // namespace tessera::safeir::wire
