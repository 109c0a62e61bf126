// Where a program starts: made by the lowering's linker for a program that defines main.
#include <signal.h>
extern void __wasm_call_ctors(void);
extern void __wasm_call_dtors(void);
extern int __main_void(void);
_Noreturn extern void __wasi_proc_exit(unsigned);
extern void __tessera_start_output(void);
__attribute__((export_name("_start"))) void __tessera_start(void) {
    __wasm_call_ctors();
    __tessera_start_output();
    const int status = __main_void();
    __wasm_call_dtors();
    if (status != 0) {
        __wasi_proc_exit((unsigned)status);
    }
}

// musl/standard_output.c has it for programs that write.
__attribute__((weak)) void __tessera_start_output(void) {}

// What nobody takes any more ends the program, unless it has said otherwise.
void tessera_wasi_broken_pipe(void);
void tessera_wasi_broken_pipe(void) { (void)raise(SIGPIPE); }
