// What a module's WASI calls are made on behalf of.
#ifndef TESSERA_WASM_H
#define TESSERA_WASM_H
#include <wasm-rt.h>

struct Z_wasi_snapshot_preview1_instance_t {
    wasm_rt_memory_t* memory;  // null if the module exports none
};
#endif
