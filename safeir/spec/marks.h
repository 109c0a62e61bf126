// Names by which functions and parameters are marked in LLVM's module form (docs/safeir/dialect.md). The wire form has
// no names for these: there they are fields and type codes.
#pragma once

namespace tessera::safeir::marks {

inline constexpr const char* kCapability = "tessera.cap";  // the target type of a capability
inline constexpr const char* kImport = "tessera.import";   // ="module/name", on a declaration that is to be lowered
inline constexpr const char* kExport = "tessera.export";   // ="name", on a definition

// A pointer parameter that begins a slice, its length being the next one.
inline constexpr const char* kReadOnlySlice = "tessera.ro";
inline constexpr const char* kWritableSlice = "tessera.rw";

// ="ro" or "rw", on a function that returns a slice.
inline constexpr const char* kSliceResult = "tessera.result";
inline constexpr const char* kReadOnly = "ro";
inline constexpr const char* kWritable = "rw";

// Before the names of imports in checked form, where nothing else says what they are.
inline constexpr const char* kImportPrefix = "tessera.import.";
// Before the names of the kernel's helpers (helpers.def).
inline constexpr const char* kHelperPrefix = "tessera.";
inline constexpr const char* kTry = "tessera.try";
inline constexpr const char* kThrow = "tessera.throw";

}  // namespace tessera::safeir::marks
