// Where a Rust program starts, and what it knows of how it was started.
#include "wasi.h"

#include <stdlib.h>

int __tessera_argc;
char** __tessera_argv;
char** __environ;
extern char** environ __attribute__((alias("__environ")));

extern int rust_main(int, char**) __asm__("main");
extern void __wasm_call_ctors(void);

typedef uint32_t (*sizes_function)(wasi_address, wasi_address);

// A list of strings as C has it, from one with 32-bit pointers.
static char** strings(sizes_function sizes, sizes_function get, int* count_out) {
    uint32_t count = 0;
    uint32_t bytes = 0;
    if (sizes(at(&count), at(&bytes)) != 0) {
        count = 0;
    }
    char** list = calloc(count + 1, sizeof(char*));
    uint32_t* narrow = calloc(count + 1, sizeof(uint32_t));
    char* text = malloc(bytes + 1);
    if (list == NULL || narrow == NULL || text == NULL || (count != 0 && get(at(narrow), at(text)) != 0)) {
        count = 0;
    }
    for (uint32_t i = 0; i < count; ++i) {
        list[i] = (char*)(uintptr_t)narrow[i];
    }
    free(narrow);
    *count_out = (int)count;
    return list;
}

__attribute__((export_name("_start"))) void __tessera_start(void) {
    int variables = 0;
    __tessera_argv = strings(wasi_args_sizes_get, wasi_args_get, &__tessera_argc);
    __environ = strings(wasi_environ_sizes_get, wasi_environ_get, &variables);
    __wasm_call_ctors();
    const int status = rust_main(__tessera_argc, __tessera_argv);
    if (status != 0) {
        wasi_proc_exit((uint32_t)status);
    }
}
