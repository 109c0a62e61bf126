// Borrowed slices: memory of someone else's, lent for the time of a call.
//
// A slice is passed down and never kept. Every access is checked against its length; one outside it is a trap. An
// accessor costs a compare and a branch, or nothing where the program's own conditions say that it is inside. A loop
// whose offset goes up or down by a number a turn is checked once, before it, and vectorised as a loop over ordinary
// memory is. tessera_slice_read copies a stretch into the program's own memory in one go.
#ifndef TESSERA_SLICE_H
#define TESSERA_SLICE_H

#include <stddef.h>
#include <stdint.h>
#include <tessera/capability.h>

typedef __externref_t tessera_slice;

#ifdef __cplusplus
extern "C" {
#endif

#define TESSERA_SLICE(name) TESSERA_IMPORT("tessera_slice", name)
TESSERA_SLICE("length") uint64_t tessera_slice_length(tessera_slice);
// The rest from `offset`, and the stretch of `length` bytes from it; a trap if that is not inside.
// A part is read and written as the whole is. To another function only what begins at the start, ends at the end or has
// a constant length can be passed.
TESSERA_SLICE("from") tessera_slice tessera_slice_from(tessera_slice, size_t offset);
TESSERA_SLICE("sub") tessera_slice tessera_slice_sub(tessera_slice, size_t offset, size_t length);

TESSERA_SLICE("load8") uint8_t tessera_slice_load8(tessera_slice, size_t offset);
TESSERA_SLICE("load16") uint16_t tessera_slice_load16(tessera_slice, size_t offset);
TESSERA_SLICE("load32") uint32_t tessera_slice_load32(tessera_slice, size_t offset);
TESSERA_SLICE("load64") uint64_t tessera_slice_load64(tessera_slice, size_t offset);
TESSERA_SLICE("loadf32") float tessera_slice_load_float(tessera_slice, size_t offset);
TESSERA_SLICE("loadf64") double tessera_slice_load_double(tessera_slice, size_t offset);
TESSERA_SLICE("store8") void tessera_slice_store8(tessera_slice, size_t offset, uint8_t value);
TESSERA_SLICE("store16") void tessera_slice_store16(tessera_slice, size_t offset, uint16_t value);
TESSERA_SLICE("store32") void tessera_slice_store32(tessera_slice, size_t offset, uint32_t value);
TESSERA_SLICE("store64") void tessera_slice_store64(tessera_slice, size_t offset, uint64_t value);
TESSERA_SLICE("storef32") void tessera_slice_store_float(tessera_slice, size_t offset, float value);
TESSERA_SLICE("storef64") void tessera_slice_store_double(tessera_slice, size_t offset, double value);

// The program's own memory, to be lent to whom it calls.
#if __SIZEOF_POINTER__ == 4
TESSERA_IMPORT("tessera_memory", "slice") tessera_slice tessera_slice_of(void* memory, size_t length);
TESSERA_IMPORT("tessera_memory", "slice_const") tessera_slice tessera_slice_of_const(const void* memory, size_t length);
#else  // beside Rust; what counts of a pointer is its low half, and a length that has more is outside of any memory
TESSERA_IMPORT("tessera_memory", "slice") tessera_slice tessera_slice_at(uint32_t memory, uint32_t length);
TESSERA_IMPORT("tessera_memory", "slice_const") tessera_slice tessera_slice_at_const(uint32_t memory, uint32_t length);
#define TESSERA_SLICE_LENGTH(length) ((length) > UINT32_MAX ? UINT32_MAX : (uint32_t)(length))
static inline tessera_slice tessera_slice_of(void* memory, size_t length) {
    return tessera_slice_at((uint32_t)(uintptr_t)memory, TESSERA_SLICE_LENGTH(length));
}
static inline tessera_slice tessera_slice_of_const(const void* memory, size_t length) {
    return tessera_slice_at_const((uint32_t)(uintptr_t)memory, TESSERA_SLICE_LENGTH(length));
}
#undef TESSERA_SLICE_LENGTH
#endif

// Between a slice and the program's own memory.
TESSERA_SLICE("read") void tessera_slice_read(tessera_slice, size_t offset, void* to, size_t length);
TESSERA_SLICE("write") void tessera_slice_write(tessera_slice, size_t offset, const void* from, size_t length);

#ifdef __cplusplus
}
#endif
#endif
