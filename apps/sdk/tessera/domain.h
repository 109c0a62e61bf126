// What a program may ask of the kernel about itself.
#ifndef TESSERA_DOMAIN_H
#define TESSERA_DOMAIN_H

#include <tessera/capability.h>

#ifdef __cplusplus
extern "C" {
#endif

// What it was started with: an object of the interface Arguments (tessera/arguments.capnp).
TESSERA_IMPORT("tessera_domain", "arguments") tessera_cap tessera_domain_arguments(void);

// When calls of objects that are made from here on are to have returned, in nanoseconds of the monotonic clock; 0: at any time. One
// that has not by then ends wherever it is (to a time slice), and the status is timedOut. Holds until the function that the kernel
// entered returns, or it is set again; what was set before is the result, so that one can put it back. What callers further out have
// set holds, too.
TESSERA_IMPORT("tessera_domain", "calls_until") uint64_t tessera_calls_until(uint64_t deadline);

// Ends the program.
TESSERA_IMPORT("tessera_domain", "exit") __attribute__((__noreturn__)) void tessera_domain_exit(uint32_t status);
// Lets others go first.
TESSERA_IMPORT("tessera_domain", "yield") void tessera_domain_yield(void);

// The state of an object of that interface that the program implements itself, and got back from others.
TESSERA_IMPORT("tessera_domain", "own_state") uint64_t tessera_domain_own_state(tessera_cap object, uint64_t interface);
#define TESSERA_NOT_OWN (~0ULL)  // it is somebody else's

#ifdef __cplusplus
}
#endif
#endif
