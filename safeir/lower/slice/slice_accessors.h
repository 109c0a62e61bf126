// The accessors of tessera/slice.h as the optimiser sees them: calls. And those that the compiler makes itself.
#pragma once

#include "llvm/IR/Module.h"

namespace tessera::lower {

// What the optimiser may know of the accessors: the program's own memory is not theirs, and a length is a number that
// doesn't change. None but a length is sure to return. And what it may not do: make one call of two with a slice each.
void describe_slices(llvm::Module& module);

[[nodiscard]] bool is_slice_accessor(const llvm::Function* function);

// The type that an accessor moves, by its name: load32, storef64 and so on. Null for other names.
[[nodiscard]] llvm::Type* moved_type(llvm::LLVMContext& context, llvm::StringRef name);

// Accessors that no source can name. `loadv (slice, i64 offset, i64 further)` and `storev (slice, i64 offset, i64
// further, value)` move a number or a vector of any type, `further` bytes behind the offset, and are known to be
// inside; `apart (slice, slice)` is 1 where no byte is in both. `assured (i64, i64, i64)`: the sum of the first two is
// at most the third, which is said since the checker could not find out.
inline constexpr const char* kLoadAny = "loadv";
inline constexpr const char* kStoreAny = "storev";
inline constexpr const char* kApart = "apart";
inline constexpr const char* kAssured = "assured";
[[nodiscard]] llvm::Function* load_any(llvm::Module& module, llvm::Type* type);
[[nodiscard]] llvm::Function* store_any(llvm::Module& module, llvm::Type* type);
[[nodiscard]] llvm::Function* apart(llvm::Module& module);
[[nodiscard]] llvm::Function* assured(llvm::Module& module);
[[nodiscard]] llvm::Function* slice_length(llvm::Module& module);

}  // namespace tessera::lower
