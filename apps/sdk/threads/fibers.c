// Fibers by the interface Cores: each is a call of the program's one Task, with what it is to do as the argument.
#include "cores.h"
#include "fiber.h"

#include <stdlib.h>
#include <string.h>
#include <tessera/domain.h>
#include <tessera/fibers.h>
#include <tessera/status.tessera.h>

#define TESSERA_SERVE_TESSERA_TASK tessera_fiber_task
#include <tessera/cores.tessera.h>

// Set when the program is linked (safeir/lower/program/thread_locals.cpp), which knows by this that it has threads.
size_t tessera_thread_bytes = 0;
const unsigned char* tessera_thread_initial = NULL;
unsigned char* tessera_thread_first = NULL;

uint32_t tessera_fibers_at_once(void) { return tessera_cores_at_once(); }

// The one Task, whose state nobody else knows.
static tessera_task task;

static void make_task(void) {
    if (__atomic_load_n(&task.handle, __ATOMIC_ACQUIRE) != 0) {
        return;
    }
    const tessera_handle made = tessera_cap_to_handle(tessera_task_mint((uintptr_t)&task));
    tessera_handle before = 0;
    if (!__atomic_compare_exchange_n(&task.handle, &before, made, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        (void)tessera_handle_release(made);  // another fiber was first
    }
}

tessera_fiber* tessera_fiber_make(void (*function)(void*), void* argument) {
    tessera_fiber* made = aligned_alloc(64, (sizeof(tessera_fiber) + tessera_thread_bytes + 63) & ~(size_t)63);
    if (made != NULL) {
        made->function = function;
        made->argument = argument;
        made->holders = 1;
        memcpy(made->variables, tessera_thread_initial, tessera_thread_bytes);
    }
    return made;
}

int32_t tessera_fiber_begin(tessera_fiber* fiber, uint32_t stack_bytes) {
    const tessera_cores cores = {tessera_cores_handle()};
    if (cores.handle == 0) {
        return TESSERA_STATUS_DENIED;
    }
    make_task();
    return tessera_cores_start(cores, task, (uintptr_t)fiber, stack_bytes);
}

void tessera_fiber_let_go(tessera_fiber* fiber) {
    if (__atomic_fetch_sub(&fiber->holders, 1, __ATOMIC_ACQ_REL) == 1) {
        free(fiber);
    }
}

void* tessera_fiber_variable(tessera_fiber* fiber, void* mine) {
    return fiber->variables + ((unsigned char*)mine - (tessera_thread_first + tessera_domain_local()));
}

int32_t tessera_fiber_start(void (*function)(void*), void* argument) {
    tessera_fiber* made = tessera_fiber_make(function, argument);
    const int32_t status = made != NULL ? tessera_fiber_begin(made, 0) : TESSERA_STATUS_EXHAUSTED;
    if (status != TESSERA_STATUS_OK && made != NULL) {
        tessera_fiber_let_go(made);
    }
    return status;
}

// Not inlined to where the place of the thread's variables is set: functions take it for one that stays.
__attribute__((__noinline__)) static void run(tessera_fiber* fiber) {
    tessera_thread_begins();
    fiber->function(fiber->argument);
}

// Whoever loads the program can have objects of its interfaces, but none with this state, which only the kernel is
// handed.
int32_t tessera_fiber_task_run(void* self, uint64_t argument) {
    if (self != &task) {
        return TESSERA_STATUS_DENIED;
    }
    tessera_fiber* fiber = (tessera_fiber*)(uintptr_t)argument;
    tessera_domain_set_local((uint64_t)(fiber->variables - tessera_thread_first));
    run(fiber);
    tessera_fiber_let_go(fiber);
    return TESSERA_STATUS_OK;
}

void tessera_fiber_task_released(void* self) { (void)self; }
