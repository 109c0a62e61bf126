// Sets of signals.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>

enum { BITS = 8 * sizeof(unsigned long), WORDS = sizeof(sigset_t) / sizeof(unsigned long) };

static unsigned long bit(int signal) { return 1UL << ((unsigned)(signal - 1) % BITS); }
static unsigned long* word(const sigset_t* set, int signal) {
    if (signal < 1 || signal >= _NSIG) {
        errno = EINVAL;
        return NULL;
    }
    return (unsigned long*)&set->__bits[(unsigned)(signal - 1) / BITS];
}

int sigemptyset(sigset_t* set) {
    memset(set, 0, sizeof *set);
    return 0;
}
int sigfillset(sigset_t* set) {
    memset(set, 0xff, sizeof *set);
    return 0;
}
int sigaddset(sigset_t* set, int signal) {
    unsigned long* in = word(set, signal);
    return in != NULL ? (*in |= bit(signal), 0) : -1;
}
int sigdelset(sigset_t* set, int signal) {
    unsigned long* in = word(set, signal);
    return in != NULL ? (*in &= ~bit(signal), 0) : -1;
}
int sigismember(const sigset_t* set, int signal) {
    const unsigned long* in = word(set, signal);
    return in != NULL ? (*in & bit(signal)) != 0 : -1;
}
int sigisemptyset(const sigset_t* set) {
    static const sigset_t empty;
    return memcmp(set, &empty, sizeof empty) == 0;
}
int sigorset(sigset_t* into, const sigset_t* left, const sigset_t* right) {
    for (unsigned i = 0; i < WORDS; ++i) {
        into->__bits[i] = left->__bits[i] | right->__bits[i];
    }
    return 0;
}
int sigandset(sigset_t* into, const sigset_t* left, const sigset_t* right) {
    for (unsigned i = 0; i < WORDS; ++i) {
        into->__bits[i] = left->__bits[i] & right->__bits[i];
    }
    return 0;
}
