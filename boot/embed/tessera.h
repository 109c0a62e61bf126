/* libtessera: verified programs inside of a Linux program.
 *
 * A kernel is started, programs (.sir files, as `tessera cc` makes them) are loaded into it, which reads and checks
 * them, and instances of those are made with exactly the capabilities that they are given: the clock, randomness, a
 * console, objects whose methods are functions of the host. The host calls methods of the interfaces that an instance
 * serves. What a program does wrong (a fault, an endless loop, too much memory) is an error value of that call; the
 * host goes on.
 *
 * Threads: every function may be called from any thread, also from several at once with the same handle, and from the
 * host's functions that programs call, but not from signal handlers. A handle must not be freed while another thread
 * uses it, nor used afterwards. A call runs on the thread that makes it.
 *
 * Errors: functions return a status, TESSERA_OK or why not. `error`, where there is one, may be NULL; else it is set to
 * NULL, or to an error with words for people, to be freed with tessera_error_free.
 *
 * Signals: while a kernel runs, it handles SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGTRAP. Those that have nothing to do
 * with a program go to the handlers that were there when it was started. One unused real-time signal (the highest)
 * interrupts calls that last. A thread that calls gets a signal stack, and these six are not blocked on it. Handlers of
 * the host that may run on such threads are to be installed with SA_ONSTACK: others run on the stack of the program
 * that is being called. They must not leave by longjmp. fork() is allowed; in the child, all functions fail with
 * TESSERA_FORKED.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TESSERA_API __attribute__((visibility("default")))
#else
#define TESSERA_API
#endif

/* 1 to 15 are the kernel's, larger ones up to 65535 what an implementer gives (caps/schema/status.capnp). */
typedef int32_t tessera_status;
enum {
    TESSERA_OK = 0,
    TESSERA_UNSUPPORTED = 1,     /* there is no such method */
    TESSERA_STALE = 2,           /* memory or an object that is gone */
    TESSERA_WRONG_INTERFACE = 3, /* it does not serve that interface */
    TESSERA_WRONG_SIGNATURE = 4, /* the method takes or gives other types */
    TESSERA_ENDED = 6,           /* the instance has ended */
    TESSERA_FAILED = 7,          /* the program trapped: the error has the trace */
    TESSERA_EXHAUSTED = 8,       /* a limit is reached, or there is no memory */
    TESSERA_TOO_DEEP = 9,        /* it ran out of stack */
    TESSERA_TIMED_OUT = 10,      /* the deadline passed, or the instance's time is used up */
    TESSERA_MALFORMED = 12,      /* the module is refused: the error names rule, function and line */
    TESSERA_STARTING = 14,
    TESSERA_INVALID = 16, /* an argument makes no sense */
    TESSERA_TOO_LARGE = 24,
    TESSERA_BUSY = 27, /* there is a kernel already, or it is still in use */
    TESSERA_FORKED = 65536
};

typedef struct tessera_error tessera_error;
typedef struct tessera_kernel tessera_kernel;
typedef struct tessera_module tessera_module;
typedef struct tessera_instance tessera_instance;
typedef struct tessera_method tessera_method;
typedef struct tessera_object tessera_object;

TESSERA_API tessera_status tessera_error_status(const tessera_error* error);
/* Stays as long as the error. */
TESSERA_API const char* tessera_error_text(const tessera_error* error);
TESSERA_API void tessera_error_free(tessera_error* error);

/* --- The kernel: one in a process at a time. */
typedef struct tessera_options {
    uint32_t workers;      /* threads for what programs do that nobody has called: their start, mostly; 0: 1 */
    uint32_t calls;        /* how many calls may be under way at once, further ones wait; 0: 32 */
    uint64_t memory_bytes; /* of all programs together; 0: what is free */
} tessera_options;

/* `options` may be NULL. The caller's to stop. */
TESSERA_API tessera_status tessera_kernel_start(const tessera_options* options,
                                                tessera_kernel** kernel,
                                                tessera_error** error);
/* Gives back everything: threads, memory, signal handlers. TESSERA_BUSY, and nothing is done: modules, instances or
 * objects have not been freed, or a call is under way. */
TESSERA_API tessera_status tessera_kernel_stop(tessera_kernel* kernel, tessera_error** error);

/* --- Modules: programs that were checked. */
/* Copies the bytes. The caller's to unload. */
TESSERA_API tessera_status tessera_module_load(tessera_kernel* kernel,
                                               const void* bytes,
                                               size_t length,
                                               const char* name,
                                               tessera_module** module,
                                               tessera_error** error);
/* Better code for all of the module, from the same bytes; calls that begin later run it. Takes some 30 microseconds for
 * each instruction: code that is made when it is first called, as without this, is up to several times as slow as
 * native code. */
TESSERA_API tessera_status tessera_module_optimize(tessera_module* module,
                                                   const void* bytes,
                                                   size_t length,
                                                   tessera_error** error);
/* Its code goes with its last instance. */
TESSERA_API void tessera_module_unload(tessera_module* module);

/* --- Words that calls take and give: one for each parameter, two for a slice; one for each result. */
typedef union tessera_word {
    uint32_t i32;
    uint64_t i64;
    float f32;
    double f64;
    const void* bytes;      /* a slice to read, and the next word (i64) says how many */
    void* room;             /* a slice to write */
    tessera_object* object; /* NULL: none */
} tessera_word;

/* A method's types as the program has them, "<parameters>>i<results>" with a letter each: i l whole numbers of 32 and
 * 64 bits, f d floats of 32 and 64, c a capability, r w a slice to read, to write. The i is the status, which every
 * method gives; slices are no results. "rl>il" takes a slice and a number and gives a number. */

/* --- Objects that the host implements. */
/* Called by programs, on the thread of the call that leads there, with the object's state. Slices are valid until it
 * returns, and objects among `in` until then, too (tessera_object_keep). Results are zero before; of an object that it
 * gives, the function keeps its own reference. Returns a status, 0 to 65535. */
typedef tessera_status (*tessera_function)(void* state, const tessera_word* in, tessera_word* out);
typedef struct tessera_host_method {
    const char* signature; /* NULL: there is no such method */
    tessera_function function;
} tessera_host_method;
typedef struct tessera_interface {
    uint64_t id;
    const tessera_host_method* methods; /* by ordinal */
    uint32_t method_count;
    void (*released)(void* state); /* no program and no handle has it any more; on any thread. May be NULL. */
} tessera_interface;

/* Copies the description, but not the state. The caller's to free. */
TESSERA_API tessera_status tessera_object_new(tessera_kernel* kernel,
                                              const tessera_interface* interface,
                                              void* state,
                                              tessera_object** object,
                                              tessera_error** error);
/* A console that hands on what programs write. There until the kernel stops. */
TESSERA_API tessera_status tessera_console_new(tessera_kernel* kernel,
                                               void (*write)(void* state, const void* bytes, size_t length),
                                               void* state,
                                               tessera_object** object,
                                               tessera_error** error);
/* Another handle for the same object; NULL: no memory. */
TESSERA_API tessera_object* tessera_object_keep(tessera_object* object);
TESSERA_API void tessera_object_free(tessera_object* object);

/* --- Instances. */
typedef enum tessera_grant_kind {
    TESSERA_GRANT_OBJECT,
    TESSERA_GRANT_CONSOLE, /* the process's own standard input and output */
    TESSERA_GRANT_CLOCK,
    TESSERA_GRANT_RANDOM
} tessera_grant_kind;
typedef struct tessera_grant {
    tessera_grant_kind kind;
    const char* name;       /* by which the program asks for it; its main function takes them in this order */
    tessera_object* object; /* TESSERA_GRANT_OBJECT */
} tessera_grant;
typedef struct tessera_setup {
    const tessera_grant* grants;
    size_t grant_count;
    const char* const* arguments; /* of its main function, the name first */
    size_t argument_count;
    uint64_t memory_bytes; /* 0: no limit of its own */
    uint64_t microseconds; /* of processor time, in all; 0: no limit */
    uint64_t start_ns;     /* how long its main function may take; 0: any time */
} tessera_setup;

/* Runs the program's main function, which has to return 0, after which it serves what it serves. `setup` may be NULL.
 * The caller's to free. */
TESSERA_API tessera_status tessera_instance_new(tessera_module* module,
                                                const tessera_setup* setup,
                                                tessera_instance** instance,
                                                tessera_error** error);
/* Calls under way end with TESSERA_ENDED, others do not begin, and its memory is given back. In a function that a
 * program has called: that is begun, and not waited for. */
TESSERA_API void tessera_instance_end(tessera_instance* instance);
/* Ends it, if it has not been. */
TESSERA_API void tessera_instance_free(tessera_instance* instance);
/* What it has taken of memory now. */
TESSERA_API uint64_t tessera_instance_memory(const tessera_instance* instance);

/* The method is there as long as the instance's handle. */
TESSERA_API tessera_status tessera_instance_method(tessera_instance* instance,
                                                   uint64_t interface,
                                                   uint32_t ordinal,
                                                   const char* signature,
                                                   const tessera_method** method,
                                                   tessera_error** error);
/* `in` and `out` have as many words as the signature says, and may be NULL for none. Memory of slices is lent: it has
 * to stay until the call returns. Objects among the results are the caller's to free. `deadline_ns`: on
 * CLOCK_MONOTONIC, 0 for none; a call that lasts is looked at every 5 to 20 milliseconds. Without TESSERA_OK the
 * results are zero, but for statuses that the method itself gives. */
TESSERA_API tessera_status tessera_call(const tessera_method* method,
                                        const tessera_word* in,
                                        tessera_word* out,
                                        uint64_t deadline_ns,
                                        tessera_error** error);

#ifdef __cplusplus
}
#endif
