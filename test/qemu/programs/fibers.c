// How fibers of a program end, and what they end.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tessera/domain.h>
#include <tessera/fibers.h>

static uint32_t begun;

static void begins(void) {
    __atomic_fetch_add(&begun, 1, __ATOMIC_RELEASE);
    (void)tessera_domain_wake(&begun, 1);
}

static void spin(void* argument) {
    (void)argument;
    begins();
    for (volatile uint32_t turns = 0;; ++turns) {
    }
}

static void wait_for_ever(void* argument) {
    begins();
    (void)tessera_domain_wait(argument, *(uint32_t*)argument, TESSERA_FOR_EVER);
    abort();
}

static void trap(void* argument) {
    volatile int* nowhere = argument;
    *nowhere = 1;
}

static void leave(void* argument) { exit((int)(intptr_t)argument); }

static void start(void (*function)(void*), void* argument) {
    const int32_t status = tessera_fiber_start(function, argument);
    if (status != 0) {
        printf("status %d\n", status);
        exit(1);
    }
}

static void await(uint32_t count) {
    for (uint32_t seen; (seen = __atomic_load_n(&begun, __ATOMIC_ACQUIRE)) < count;) {
        (void)tessera_domain_wait(&begun, seen, TESSERA_FOR_EVER);
    }
}

int main(int count, char** words) {
    const char* how = count > 1 ? words[1] : "";
    uint32_t word = 7;
    if (strcmp(how, "left") == 0) {  // whatever they are at, the program's end is theirs
        start(spin, NULL);
        start(wait_for_ever, &word);
        start(spin, NULL);
        await(3);
        puts("three are at it");
        return 5;
    }
    if (strcmp(how, "trap") == 0) {
        start(trap, NULL);
    } else if (strcmp(how, "exit") == 0) {
        start(leave, (void*)(intptr_t)42);
    } else if (strcmp(how, "late") == 0) {
        printf("%d %d\n", tessera_domain_wait(&word, 8, 0), tessera_domain_wait(&word, 7, 20000000));
        return 0;
    } else if (strcmp(how, "outside") == 0) {
        (void)tessera_domain_wait((void*)(uintptr_t)0xFFFFFFF0u, 0, 0);
    } else {  // so many that no more can be
        uint32_t made = 0;
        while (made < 100000 && tessera_fiber_start(wait_for_ever, &word) == 0) {
            ++made;
        }
        printf("%s\n", made > 50 && made < 100000 ? "refused in the end" : "not as it should be");
        return 0;
    }
    (void)tessera_domain_wait(&word, 7, TESSERA_FOR_EVER);
    puts("not reached");
}
