#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int counter, turn;
static pthread_key_t key;
static int dtors;
static _Thread_local int tl = 5;
static void dtor(void* v) { __atomic_fetch_add(&dtors, (int)(long)v, __ATOMIC_RELAXED); }
static void* work(void* a) {
    long id = (long)a;
    pthread_setspecific(key, (void*)(id + 1));
    tl += id;
    for (int i = 0; i < 100000; ++i) {
        pthread_mutex_lock(&m);
        ++counter;
        pthread_mutex_unlock(&m);
    }
    char* p[100];
    for (int r = 0; r < 200; ++r) {
        for (int i = 0; i < 100; ++i) {
            p[i] = malloc(10 + i);
            memset(p[i], (int)id, 10 + i);
        }
        for (int i = 0; i < 100; ++i) {
            if (p[i][0] != (char)id || p[i][9 + i] != (char)id) {
                abort();
            }
            free(p[i]);
        }
    }
    for (int i = 0; i < 50; ++i) {
        pthread_mutex_lock(&m);
        while (turn % 4 != id) {
            pthread_cond_wait(&c, &m);
        }
        ++turn;
        pthread_cond_broadcast(&c);
        pthread_mutex_unlock(&m);
    }
    if (id == 2) {
        pthread_exit((void*)(long)(tl * 10));
    }
    return (void*)(long)(tl * 10);
}
static void* timed(void* a) {
    (void)a;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_nsec += 30000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    pthread_mutex_t mm = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cc = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&mm);
    int r = pthread_cond_timedwait(&cc, &mm, &t);
    printf("timed: %s\n", r == ETIMEDOUT ? "ETIMEDOUT" : "?");
    return 0;
}
static void* printer(void* a) {
    for (int i = 0; i < 2000; ++i) {
        printf("line of %ld number %d\n", (long)a, i);
    }
    return 0;
}
static int c11(void* a) { return *(int*)a + 1; }
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int onces;
static void do_once(void) { ++onces; }
static void* on(void* a) {
    (void)a;
    pthread_once(&once, do_once);
    return 0;
}
static pthread_barrier_t bar;
static int serial;
static sem_t sem;
static void* barrier(void* a) {
    (void)a;
    if (pthread_barrier_wait(&bar) == PTHREAD_BARRIER_SERIAL_THREAD) {
        __atomic_fetch_add(&serial, 1, __ATOMIC_RELAXED);
    }
    sem_post(&sem);
    return 0;
}
int main(int argc, char** argv) {
    pthread_key_create(&key, dtor);
    pthread_t t[4];
    for (long i = 0; i < 4; ++i) {
        if (pthread_create(&t[i], NULL, work, (void*)i)) {
            puts("create failed");
            return 1;
        }
    }
    for (int i = 0; i < 4; ++i) {
        void* r;
        pthread_join(t[i], &r);
        printf("thread %d: %ld\n", i, (long)r);
    }
    printf("counter %d turn %d dtors %d tl %d cpus %ld\n", counter, turn, dtors, tl, sysconf(_SC_NPROCESSORS_ONLN));
    pthread_create(&t[0], NULL, timed, 0);
    pthread_join(t[0], 0);
    thrd_t th;
    int x = 41, y;
    thrd_create(&th, c11, &x);
    thrd_join(th, &y);
    printf("c11 %d\n", y);
    for (int i = 0; i < 4; ++i) {
        pthread_create(&t[i], 0, on, 0);
    }
    for (int i = 0; i < 4; ++i) {
        pthread_join(t[i], 0);
    }
    pthread_barrier_init(&bar, 0, 3);
    sem_init(&sem, 0, 0);
    for (int i = 0; i < 3; ++i) {
        pthread_create(&t[i], 0, barrier, 0);
        pthread_detach(t[i]);
    }
    for (int i = 0; i < 3; ++i) {
        sem_wait(&sem);
    }
    printf("onces %d serial %d\n", onces, serial);
    if (argc > 1) {
        for (long i = 0; i < 4; ++i) {
            pthread_create(&t[i], 0, printer, (void*)i);
        }
        for (int i = 0; i < 4; ++i) {
            pthread_join(t[i], 0);
        }
    }
    return 0;
}
