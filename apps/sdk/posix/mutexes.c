// Locks of a program that runs on one fiber: nobody else holds one, so to wait for what one holds oneself would be for
// ever.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>

// Instead of waiting without end.
_Noreturn static void never(const char* what) {
    fprintf(stderr, "%s waits for another thread, and there is none\n", what);
    abort();
}

// ---- Mutexes: kind and depth.
enum { KIND, DEPTH };

int pthread_mutexattr_init(pthread_mutexattr_t* attributes) {
    attributes->__attr = PTHREAD_MUTEX_DEFAULT;
    return 0;
}
int pthread_mutexattr_destroy(pthread_mutexattr_t* attributes) {
    (void)attributes;
    return 0;
}
int pthread_mutexattr_settype(pthread_mutexattr_t* attributes, int kind) {
    if (kind < PTHREAD_MUTEX_NORMAL || kind > PTHREAD_MUTEX_ERRORCHECK) {
        return EINVAL;
    }
    attributes->__attr = (unsigned)kind;
    return 0;
}
int pthread_mutexattr_gettype(const pthread_mutexattr_t* restrict attributes, int* restrict kind) {
    *kind = (int)attributes->__attr;
    return 0;
}
int pthread_mutexattr_setpshared(pthread_mutexattr_t* attributes, int shared) {
    (void)attributes;
    return shared == PTHREAD_PROCESS_PRIVATE ? 0 : ENOTSUP;
}
int pthread_mutexattr_setrobust(pthread_mutexattr_t* attributes, int robust) {
    (void)attributes, (void)robust;
    return 0;
}
int pthread_mutexattr_setprotocol(pthread_mutexattr_t* attributes, int protocol) {
    (void)attributes;
    return protocol == PTHREAD_PRIO_NONE ? 0 : ENOTSUP;
}

int pthread_mutex_init(pthread_mutex_t* restrict mutex, const pthread_mutexattr_t* restrict attributes) {
    memset(mutex, 0, sizeof *mutex);
    mutex->__u.__i[KIND] = attributes != NULL ? (int)attributes->__attr : PTHREAD_MUTEX_DEFAULT;
    return 0;
}
int pthread_mutex_destroy(pthread_mutex_t* mutex) {
    (void)mutex;
    return 0;
}
int pthread_mutex_trylock(pthread_mutex_t* mutex) {
    int* state = mutex->__u.__i;
    if (state[DEPTH] != 0 && state[KIND] != PTHREAD_MUTEX_RECURSIVE) {
        return EBUSY;
    }
    ++state[DEPTH];
    return 0;
}
int pthread_mutex_lock(pthread_mutex_t* mutex) {
    const int error = pthread_mutex_trylock(mutex);
    if (error != 0 && mutex->__u.__i[KIND] == PTHREAD_MUTEX_ERRORCHECK) {
        return EDEADLK;
    }
    if (error != 0) {
        never("a mutex that is locked twice");
    }
    return 0;
}
int pthread_mutex_unlock(pthread_mutex_t* mutex) {
    int* state = mutex->__u.__i;
    if (state[DEPTH] == 0) {
        return EPERM;
    }
    --state[DEPTH];
    return 0;
}
int pthread_mutex_consistent(pthread_mutex_t* mutex) {
    (void)mutex;
    return EINVAL;
}

static int wait_until(clockid_t clock, const struct timespec* time) {
    struct timespec now;
    if (time->tv_nsec < 0 || time->tv_nsec >= 1000000000) {
        return EINVAL;
    }
    while (clock_gettime(clock, &now) == 0 &&
           (now.tv_sec < time->tv_sec || (now.tv_sec == time->tv_sec && now.tv_nsec < time->tv_nsec))) {
        (void)clock_nanosleep(clock, TIMER_ABSTIME, time, NULL);
    }
    return ETIMEDOUT;
}

int pthread_mutex_timedlock(pthread_mutex_t* restrict mutex, const struct timespec* restrict time) {
    if (pthread_mutex_trylock(mutex) == 0) {
        return 0;
    }
    return mutex->__u.__i[KIND] == PTHREAD_MUTEX_ERRORCHECK ? EDEADLK : wait_until(CLOCK_REALTIME, time);
}

// ---- Conditions: nobody signals while the program waits.
int pthread_condattr_init(pthread_condattr_t* attributes) {
    attributes->__attr = 0;
    return 0;
}
int pthread_condattr_destroy(pthread_condattr_t* attributes) {
    (void)attributes;
    return 0;
}
int pthread_condattr_setclock(pthread_condattr_t* attributes, clockid_t clock) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) {
        return EINVAL;
    }
    attributes->__attr = clock == CLOCK_MONOTONIC;
    return 0;
}
int pthread_condattr_setpshared(pthread_condattr_t* attributes, int shared) {
    (void)attributes;
    return shared == PTHREAD_PROCESS_PRIVATE ? 0 : ENOTSUP;
}
int pthread_cond_init(pthread_cond_t* restrict condition, const pthread_condattr_t* restrict attributes) {
    memset(condition, 0, sizeof *condition);
    condition->__u.__i[KIND] = attributes != NULL ? (int)attributes->__attr : 0;
    return 0;
}
int pthread_cond_destroy(pthread_cond_t* condition) {
    (void)condition;
    return 0;
}
int pthread_cond_signal(pthread_cond_t* condition) {
    (void)condition;
    return 0;
}
int pthread_cond_broadcast(pthread_cond_t* condition) {
    (void)condition;
    return 0;
}
int pthread_cond_wait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex) {
    (void)condition, (void)mutex;
    never("a condition");
}
int pthread_cond_timedwait(pthread_cond_t* restrict condition,
                           pthread_mutex_t* restrict mutex,
                           const struct timespec* restrict time) {
    (void)mutex;
    return wait_until(condition->__u.__i[KIND] != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME, time);
}

// ---- Locks of readers and writers: how many read, or -1.
int pthread_rwlockattr_init(pthread_rwlockattr_t* attributes) {
    memset(attributes, 0, sizeof *attributes);
    return 0;
}
int pthread_rwlockattr_destroy(pthread_rwlockattr_t* attributes) {
    (void)attributes;
    return 0;
}
int pthread_rwlock_init(pthread_rwlock_t* restrict lock, const pthread_rwlockattr_t* restrict attributes) {
    (void)attributes;
    memset(lock, 0, sizeof *lock);
    return 0;
}
int pthread_rwlock_destroy(pthread_rwlock_t* lock) {
    (void)lock;
    return 0;
}
int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
    if (lock->__u.__i[0] < 0) {
        return EBUSY;
    }
    ++lock->__u.__i[0];
    return 0;
}
int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
    if (lock->__u.__i[0] != 0) {
        return EBUSY;
    }
    lock->__u.__i[0] = -1;
    return 0;
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) { return pthread_rwlock_tryrdlock(lock) == 0 ? 0 : EDEADLK; }
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
    if (pthread_rwlock_trywrlock(lock) == 0) {
        return 0;
    }
    if (lock->__u.__i[0] < 0) {
        return EDEADLK;
    }
    never("a lock that is read");
}
int pthread_rwlock_timedrdlock(pthread_rwlock_t* restrict lock, const struct timespec* restrict time) {
    return pthread_rwlock_tryrdlock(lock) == 0 ? 0 : wait_until(CLOCK_REALTIME, time);
}
int pthread_rwlock_timedwrlock(pthread_rwlock_t* restrict lock, const struct timespec* restrict time) {
    return pthread_rwlock_trywrlock(lock) == 0 ? 0 : wait_until(CLOCK_REALTIME, time);
}
int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
    int* state = lock->__u.__i;
    *state = *state > 0 ? *state - 1 : 0;
    return 0;
}

// ---- Spinning locks, barriers.
int pthread_spin_init(pthread_spinlock_t* lock, int shared) {
    (void)shared;
    *lock = 0;
    return 0;
}
int pthread_spin_destroy(pthread_spinlock_t* lock) {
    (void)lock;
    return 0;
}
int pthread_spin_trylock(pthread_spinlock_t* lock) { return *lock != 0 ? EBUSY : (*lock = 1, 0); }
int pthread_spin_lock(pthread_spinlock_t* lock) { return pthread_spin_trylock(lock) == 0 ? 0 : EDEADLK; }
int pthread_spin_unlock(pthread_spinlock_t* lock) {
    *lock = 0;
    return 0;
}
int pthread_barrier_init(pthread_barrier_t* restrict barrier,
                         const pthread_barrierattr_t* restrict attributes,
                         unsigned count) {
    (void)attributes;
    barrier->__u.__i[0] = (int)count;
    return count != 0 ? 0 : EINVAL;
}
int pthread_barrier_destroy(pthread_barrier_t* barrier) {
    (void)barrier;
    return 0;
}
int pthread_barrier_wait(pthread_barrier_t* barrier) {
    if (barrier->__u.__i[0] != 1) {
        never("a barrier");
    }
    return PTHREAD_BARRIER_SERIAL_THREAD;
}

// ---- Semaphores: the value.
int sem_init(sem_t* semaphore, int shared, unsigned value) {
    (void)shared;
    memset(semaphore, 0, sizeof *semaphore);
    semaphore->__val[0] = (int)value;
    return 0;
}
int sem_destroy(sem_t* semaphore) {
    (void)semaphore;
    return 0;
}
int sem_post(sem_t* semaphore) {
    ++semaphore->__val[0];
    return 0;
}
int sem_trywait(sem_t* semaphore) {
    if (semaphore->__val[0] == 0) {
        errno = EAGAIN;
        return -1;
    }
    --semaphore->__val[0];
    return 0;
}
int sem_wait(sem_t* semaphore) {
    if (sem_trywait(semaphore) != 0) {
        never("a semaphore");
    }
    return 0;
}
int sem_timedwait(sem_t* restrict semaphore, const struct timespec* restrict time) {
    if (sem_trywait(semaphore) == 0) {
        return 0;
    }
    errno = wait_until(CLOCK_REALTIME, time);
    return -1;
}
int sem_getvalue(sem_t* restrict semaphore, int* restrict value) {
    *value = semaphore->__val[0];
    return 0;
}

// ---- C11's names.
static int c11(int error) { return error == 0 ? thrd_success : error == EBUSY ? thrd_busy : thrd_error; }
int mtx_init(mtx_t* mutex, int kind) {
    memset(mutex, 0, sizeof *mutex);
    mutex->__u.__i[KIND] = (kind & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL;
    return thrd_success;
}
void mtx_destroy(mtx_t* mutex) { (void)mutex; }
int mtx_lock(mtx_t* mutex) { return c11(pthread_mutex_lock((pthread_mutex_t*)mutex)); }
int mtx_trylock(mtx_t* mutex) { return c11(pthread_mutex_trylock((pthread_mutex_t*)mutex)); }
int mtx_unlock(mtx_t* mutex) { return c11(pthread_mutex_unlock((pthread_mutex_t*)mutex)); }
int mtx_timedlock(mtx_t* restrict mutex, const struct timespec* restrict time) {
    const int error = pthread_mutex_timedlock((pthread_mutex_t*)mutex, time);
    return error == ETIMEDOUT ? thrd_timedout : c11(error);
}
int cnd_init(cnd_t* condition) {
    memset(condition, 0, sizeof *condition);
    return thrd_success;
}
void cnd_destroy(cnd_t* condition) { (void)condition; }
int cnd_signal(cnd_t* condition) { return (void)condition, thrd_success; }
int cnd_broadcast(cnd_t* condition) { return (void)condition, thrd_success; }
int cnd_wait(cnd_t* condition, mtx_t* mutex) {
    (void)condition, (void)mutex;
    never("a condition");
}
int cnd_timedwait(cnd_t* restrict condition, mtx_t* restrict mutex, const struct timespec* restrict time) {
    (void)mutex;
    return pthread_cond_timedwait((pthread_cond_t*)condition, NULL, time) == ETIMEDOUT ? thrd_timedout : thrd_error;
}
