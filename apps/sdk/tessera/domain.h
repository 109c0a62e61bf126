// What a program may ask of the kernel about itself.
#ifndef TESSERA_DOMAIN_H
#define TESSERA_DOMAIN_H

#include <tessera/capability.h>

#ifdef __cplusplus
extern "C" {
#endif

// What it was started with: an object of the interface Arguments (tessera/arguments.capnp).
TESSERA_IMPORT("tessera_domain", "arguments") tessera_cap tessera_domain_arguments(void);

// When calls of objects that are made from here on are to have returned, in nanoseconds of the monotonic clock; 0: at
// any time. One that has not by then ends wherever it is (to a time slice), and the status is timedOut. Holds until the
// function that the kernel entered returns, or it is set again; what was set before is the result, so that one can put
// it back. What callers further out have set holds, too.
TESSERA_IMPORT("tessera_domain", "calls_until") uint64_t tessera_calls_until(uint64_t deadline);

// Ends the program.
TESSERA_IMPORT("tessera_domain", "exit") __attribute__((__noreturn__)) void tessera_domain_exit(uint32_t status);
// Lets others go first.
TESSERA_IMPORT("tessera_domain", "yield") void tessera_domain_yield(void);

// A word of each entry into the program, 0 at first: how far the variables of its thread lie from the first one's.
TESSERA_IMPORT("tessera_domain", "set_local") void tessera_domain_set_local(uint64_t word);
TESSERA_IMPORT("tessera_domain", "local") uint64_t tessera_domain_local(void);

// Waits until another fiber of the program wakes those that wait for the word at the address, if it is `expected`, and
// for so many nanoseconds at most (the largest number: for ever). 0: woken; 1: the word is another; 2: the time is
// over. The program may be woken for nothing: who waits looks again.
TESSERA_IMPORT("tessera_domain", "wait")
int32_t tessera_domain_wait_at(uint32_t place, uint32_t expected, uint64_t nanoseconds);
static inline int32_t tessera_domain_wait(const volatile void* address, uint32_t expected, uint64_t nanoseconds) {
    return tessera_domain_wait_at((uint32_t)(uintptr_t)address, expected, nanoseconds);
}
// Wakes so many; how many there were.
TESSERA_IMPORT("tessera_domain", "wake") uint32_t tessera_domain_wake_at(uint32_t place, uint32_t count);
static inline uint32_t tessera_domain_wake(const volatile void* address, uint32_t count) {
    return tessera_domain_wake_at((uint32_t)(uintptr_t)address, count);
}
#define TESSERA_WOKEN 0
#define TESSERA_CHANGED 1
#define TESSERA_LATE 2
#define TESSERA_FOR_EVER (~0ULL)

// The state of an object of that interface that the program implements itself, and got back from others.
TESSERA_IMPORT("tessera_domain", "own_state") uint64_t tessera_domain_own_state(tessera_cap object, uint64_t interface);
#define TESSERA_NOT_OWN (~0ULL)  // it is somebody else's

#ifdef __cplusplus
}
#endif
#endif
