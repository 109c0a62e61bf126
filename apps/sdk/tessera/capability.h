// Capabilities: what a program may use of the world outside its arena.
//
// A capability is a parameter, a result or a local variable. The compiler refuses to keep one in memory, to cast it, or
// to make one; to keep capabilities, declare a table: static tessera_cap slots[0];
#ifndef TESSERA_CAPABILITY_H
#define TESSERA_CAPABILITY_H

#include <stdint.h>

typedef __externref_t tessera_cap;

#define TESSERA_IMPORT(module, name) __attribute__((__import_module__(module), __import_name__(name)))
#define TESSERA_EXPORT(name) __attribute__((__export_name__(name)))

#define tessera_cap_null() __builtin_wasm_ref_null_extern()

// Tables. An index outside one is a trap; growing gives the old size, or -1.
#define tessera_table_get(table, index) __builtin_wasm_table_get(table, index)
#define tessera_table_set(table, index, capability) __builtin_wasm_table_set(table, index, capability)
#define tessera_table_size(table) __builtin_wasm_table_size(table)
#define tessera_table_grow(table, capability, count) __builtin_wasm_table_grow(table, capability, count)
#define tessera_table_fill(table, index, capability, count) __builtin_wasm_table_fill(table, index, capability, count)

#ifdef __cplusplus
extern "C" {
#endif

// Lowered to kernel helpers, not imported.
TESSERA_IMPORT("tessera_capability", "is_null") int tessera_cap_is_null(tessera_cap);
TESSERA_IMPORT("tessera_capability", "equal") int tessera_cap_equal(tessera_cap, tessera_cap);

// What a call gives or a program makes is its own until its last use, or until the function that the kernel entered returns, or it is
// released; what it is given as a parameter is lent for the time of the call. A handle keeps one, as a number: 0 is the
// null capability.
TESSERA_IMPORT("tessera_capability", "release") void tessera_cap_release(tessera_cap);
TESSERA_IMPORT("tessera_capability", "to_handle") uint32_t tessera_cap_to_handle(tessera_cap);
TESSERA_IMPORT("tessera_capability", "from_handle")
tessera_cap tessera_cap_from_handle(uint32_t handle);  // lent by the handle
TESSERA_IMPORT("tessera_capability", "release_handle")
int tessera_handle_release(uint32_t handle);  // 0, or 1: it is none
TESSERA_IMPORT("tessera_capability", "take_handle")
tessera_cap tessera_cap_take_handle(uint32_t handle);  // what it kept, as if it had just been given: for a result

#ifdef __cplusplus
}
#endif
#endif
