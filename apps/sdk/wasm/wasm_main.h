// The start of a WebAssembly program, included behind the C that wasm2c made of it. The compiler driver says what the
// module has: TESSERA_WASM_IMPORTS (it imports WASI), TESSERA_WASM_MEMORY, TESSERA_WASM_INITIALIZE, TESSERA_WASM_START.
#include <tessera_wasm.h>

extern void __wasm_call_ctors(void);
extern void tessera_wasi_preopen(void);

__attribute__((export_name("_start"))) void tessera_wasm_start(void) {
    static Z_program_instance_t program;
    __wasm_call_ctors();
    Z_program_init_module();
#ifdef TESSERA_WASM_IMPORTS
    static struct Z_wasi_snapshot_preview1_instance_t wasi;
#ifdef TESSERA_WASM_MEMORY
    wasi.memory = Z_programZ_memory(&program);
#endif
    tessera_wasi_preopen();
    Z_program_instantiate(&program, &wasi);
#else
    Z_program_instantiate(&program);
#endif
#ifdef TESSERA_WASM_INITIALIZE
    Z_programZ__initialize(&program);
#endif
#ifdef TESSERA_WASM_START
    Z_programZ__start(&program);
#endif
}
