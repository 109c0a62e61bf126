// Signals to oneself: nobody else sends any. In place of the C library's emulation, which has no sigaction.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_OF_SIGNAL = 128 };

static struct sigaction actions[_NSIG];
static sigset_t blocked;
static sigset_t pending;

void __SIG_IGN(int signal) { (void)signal; }
void __SIG_ERR(int signal) {
    (void)signal;
    abort();
}

static int is_signal(int signal) { return signal > 0 && signal < _NSIG; }

// As the shell says it of a program that ended so.
static void act_by_default(int signal) {
    switch (signal) {
    case SIGCHLD:
    case SIGURG:
    case SIGWINCH:
    case SIGCONT:
        return;
    case SIGABRT:
        __builtin_trap();
    default:
        _exit(STATUS_OF_SIGNAL + signal);
    }
}

static void act(int signal) {
    const struct sigaction action = actions[signal];
    if (action.sa_handler == SIG_DFL) {
        act_by_default(signal);
        return;
    }
    if (action.sa_handler == SIG_IGN) {
        return;
    }
    if ((action.sa_flags & (int)SA_RESETHAND) != 0) {
        actions[signal].sa_handler = SIG_DFL;
    }
    const sigset_t before = blocked;
    sigorset(&blocked, &blocked, &action.sa_mask);
    if ((action.sa_flags & SA_NODEFER) == 0) {
        sigaddset(&blocked, signal);
    }
    if ((action.sa_flags & SA_SIGINFO) != 0) {
        siginfo_t information = {.si_signo = signal, .si_code = SI_USER};
        information.si_pid = getpid();
        action.sa_sigaction(signal, &information, NULL);
    } else {
        action.sa_handler(signal);
    }
    blocked = before;
}

static void act_on_pending(void) {
    for (int signal = 1; signal < _NSIG; ++signal) {
        if (sigismember(&pending, signal) && !sigismember(&blocked, signal)) {
            sigdelset(&pending, signal);
            act(signal);
        }
    }
}

int raise(int signal) {
    if (!is_signal(signal)) {
        errno = EINVAL;
        return -1;
    }
    sigaddset(&pending, signal);
    act_on_pending();
    return 0;
}

int kill(pid_t process, int signal) {
    if (signal != 0 && !is_signal(signal)) {
        errno = EINVAL;
        return -1;
    }
    if (process != getpid() && process != 0 && process != -1 && process != -getpgrp()) {
        errno = ESRCH;
        return -1;
    }
    return signal == 0 ? 0 : raise(signal);
}

int killpg(pid_t group, int signal) { return kill(-group, signal); }
int sigqueue(pid_t process, int signal, const union sigval value) {
    (void)value;
    return kill(process, signal);
}

int sigaction(int signal, const struct sigaction* restrict to, struct sigaction* restrict before) {
    if (!is_signal(signal) || (to != NULL && (signal == SIGKILL || signal == SIGSTOP))) {
        errno = EINVAL;
        return -1;
    }
    const struct sigaction was = actions[signal];
    if (to != NULL) {
        actions[signal] = *to;
    }
    if (before != NULL) {
        *before = was;
    }
    return 0;
}

void (*signal(int signal, void (*handler)(int)))(int) {
    const struct sigaction to = {.sa_handler = handler, .sa_flags = SA_RESTART};
    struct sigaction before;
    return sigaction(signal, &to, &before) == 0 ? before.sa_handler : SIG_ERR;
}
extern __typeof(signal) bsd_signal __attribute__((__weak__, __alias__("signal")));
extern __typeof(signal) __sysv_signal __attribute__((__weak__, __alias__("signal")));

int sigprocmask(int how, const sigset_t* restrict set, sigset_t* restrict before) {
    const sigset_t was = blocked;
    if (set != NULL) {
        const sigset_t given = *set;
        switch (how) {
        case SIG_BLOCK:
            sigorset(&blocked, &blocked, &given);
            break;
        case SIG_UNBLOCK:
            for (int signal = 1; signal < _NSIG; ++signal) {
                if (sigismember(&given, signal)) {
                    sigdelset(&blocked, signal);
                }
            }
            break;
        case SIG_SETMASK:
            blocked = given;
            break;
        default:
            errno = EINVAL;
            return -1;
        }
    }
    if (before != NULL) {
        *before = was;
    }
    act_on_pending();
    return 0;
}

int pthread_sigmask(int how, const sigset_t* restrict set, sigset_t* restrict before) {
    return sigprocmask(how, set, before) == 0 ? 0 : errno;
}

int sigpending(sigset_t* set) {
    *set = pending;
    return 0;
}

// Nobody sends anything while the program waits: what is not there now never comes.
_Noreturn static void wait_for_ever(void) {
    for (;;) {
        sleep(1000);
    }
}

int pause(void) { wait_for_ever(); }

int sigsuspend(const sigset_t* mask) {
    const sigset_t before = blocked;
    const sigset_t were = pending;
    blocked = *mask;
    act_on_pending();
    if (memcmp(&were, &pending, sizeof were) == 0) {
        wait_for_ever();
    }
    blocked = before;
    errno = EINTR;
    return -1;
}

static int take_pending(const sigset_t* set) {
    for (int signal = 1; signal < _NSIG; ++signal) {
        if (sigismember(set, signal) && sigismember(&pending, signal)) {
            sigdelset(&pending, signal);
            return signal;
        }
    }
    return 0;
}

int sigwait(const sigset_t* restrict set, int* restrict signal) {
    *signal = take_pending(set);
    if (*signal == 0) {
        wait_for_ever();
    }
    return 0;
}

int sigtimedwait(const sigset_t* restrict set, siginfo_t* restrict information, const struct timespec* restrict time) {
    const int signal = take_pending(set);
    if (signal == 0 && time == NULL) {
        wait_for_ever();
    }
    if (signal == 0) {
        (void)nanosleep(time, NULL);
        errno = EAGAIN;
        return -1;
    }
    if (information != NULL) {
        *information = (siginfo_t){.si_signo = signal, .si_code = SI_USER};
    }
    return signal;
}
int sigwaitinfo(const sigset_t* restrict set, siginfo_t* restrict information) {
    return sigtimedwait(set, information, NULL);
}

int siginterrupt(int signal, int on) {
    (void)on;
    return is_signal(signal) ? 0 : (errno = EINVAL, -1);
}

int sigaltstack(const stack_t* restrict to, stack_t* restrict before) {
    static stack_t now = {.ss_flags = SS_DISABLE};
    if (before != NULL) {
        *before = now;
    }
    if (to != NULL) {
        now = *to;  // handlers run on the program's stack: what would overflow it ends the program before
    }
    return 0;
}

void psignal(int signal, const char* text) {
    const char* name = strsignal(signal);
    const char* between = text != NULL && *text != '\0' ? ": " : "";
    (void)!write(2, text, *between != '\0' ? strlen(text) : 0);
    (void)!write(2, between, strlen(between));
    (void)!write(2, name, strlen(name));
    (void)!write(2, "\n", 1);
}
