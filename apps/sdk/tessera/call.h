// What headers generated from a schema stand on: handles, results of typed calls, slices of the program's own memory, and the
// description of an interface that travels with the program. docs/notes/schema.md has the whole picture.
#ifndef TESSERA_CALL_H
#define TESSERA_CALL_H

#include <stddef.h>
#include <stdint.h>

#include <tessera/capability.h>
#include <tessera/slice.h>

// A capability as a number that can be kept in memory. 0: none.
typedef uint32_t tessera_handle;

#ifdef __cplusplus
extern "C" {
#endif

// The results of a call beyond its status, each fetched right behind the call and in its block: tessera_result_i64(status, 1) is the
// first. An optimiser that made one of two fetches would break that.
#define TESSERA_RESULT_AT(letter, index, type) \
    TESSERA_IMPORT("tessera_result", #letter #index) __attribute__((__nomerge__)) type tessera_result_##letter##index(int32_t status);
#define TESSERA_RESULTS(letter, type) \
    TESSERA_RESULT_AT(letter, 1, type) TESSERA_RESULT_AT(letter, 2, type) TESSERA_RESULT_AT(letter, 3, type) \
    TESSERA_RESULT_AT(letter, 4, type) TESSERA_RESULT_AT(letter, 5, type) TESSERA_RESULT_AT(letter, 6, type) \
    TESSERA_RESULT_AT(letter, 7, type) TESSERA_RESULT_AT(letter, 8, type) TESSERA_RESULT_AT(letter, 9, type) \
    TESSERA_RESULT_AT(letter, 10, type) TESSERA_RESULT_AT(letter, 11, type) TESSERA_RESULT_AT(letter, 12, type)
TESSERA_RESULTS(i, int32_t)
TESSERA_RESULTS(l, uint64_t)
TESSERA_RESULTS(f, float)
TESSERA_RESULTS(d, double)
TESSERA_RESULTS(c, tessera_cap)
#undef TESSERA_RESULTS
#undef TESSERA_RESULT_AT
#define tessera_result_i32(status, index) tessera_result_i##index(status)
#define tessera_result_i64(status, index) tessera_result_l##index(status)
#define tessera_result_f32(status, index) tessera_result_f##index(status)
#define tessera_result_f64(status, index) tessera_result_d##index(status)
#define tessera_result_cap(status, index) tessera_result_c##index(status)

#ifdef __cplusplus
}
#endif

// Any object's handle.
typedef struct { tessera_handle handle; } tessera_object;

// The flat description of an interface: one for the whole program, however many files include its header.
#ifdef __cplusplus
#define TESSERA_INTERFACE_LINKAGE extern "C"
#else
#define TESSERA_INTERFACE_LINKAGE
#endif
#define TESSERA_INTERFACE(id, name)                                                                                         \
    TESSERA_INTERFACE_LINKAGE                                                                                               \
    __attribute__((__weak__, __used__, __visibility__("hidden"), __section__(".custom_section.tessera.interface." id))) \
    const unsigned char name[]

#endif
