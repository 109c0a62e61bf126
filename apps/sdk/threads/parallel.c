// Workers, of which as many are at work as there are cores, each on a fiber. One that waits for a job that another has
// taken gives its place to a fiber that has nothing to do, and gets the place of the one that has finished the job: so
// at most as many stacks grow as there are places, and what stands on the others is what the serial program would have
// on its one stack.
#include "fiber.h"

#include <stdlib.h>
#include <string.h>
#include <tessera/domain.h>
#include <tessera/fibers.h>
#include <tessera/parallel.h>
#include <tessera/status.tessera.h>

enum { PENDING, DONE, AWAITED };
enum { PLACES_MAX = 64, STACK_BYTES = 1 << 20, TURNS_BEFORE_SLEEP = 64, LOOKS_BEFORE_WAIT = 256 };
#define NO_PLACE UINT32_MAX

typedef struct root {
    tessera_job job;
    void (*function)(void*, tessera_worker*);
    void* argument;
    struct root* next;
} root;

static tessera_worker* places[PLACES_MAX];
static uint32_t width;  // 0: not begun

// Under the lock: who has no place, and what waits to be begun.
static int lock;
static tessera_worker* idle;
static tessera_worker* ready;  // whose job is done, and who has no place to go on
static uint32_t ready_count;
static root* first_root;
static root** last_root = &first_root;
static uint32_t roots;

// Those without work wait for this to change.
static _Alignas(128) uint32_t epoch;
static uint32_t sleepers;

static _Thread_local tessera_worker* own;

tessera_worker* tessera_worker_self(void) { return own; }

static void take_lock(void) {
    while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE) != 0) {
        tessera_domain_yield();
    }
}
static void give_lock(void) { __atomic_store_n(&lock, 0, __ATOMIC_RELEASE); }

static uint64_t ends_of(uint32_t taken, uint32_t shared) { return (uint64_t)taken << 32 | shared; }

static void tell_sleepers(void) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&sleepers, __ATOMIC_RELAXED) != 0) {
        __atomic_fetch_add(&epoch, 1, __ATOMIC_SEQ_CST);
        (void)tessera_domain_wake(&epoch, 1);
    }
}

// Half of what is its own, and at least one.
void tessera_worker_share(tessera_worker* self) {
    const uint32_t shared = self->split + (self->head - self->split + 1) / 2;
    self->wants = 0;
    if (shared == self->split) {
        return;
    }
    for (uint32_t i = self->split; i < shared; ++i) {
        self->jobs[i]->state = PENDING;
        self->jobs[i]->views = NULL;
    }
    uint64_t ends = __atomic_load_n(&self->ends, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(
        &self->ends, &ends, ends_of((uint32_t)(ends >> 32), shared), true, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
    }
    self->split = shared;
    tell_sleepers();
}

static tessera_job* take_from(tessera_worker* victim) {
    uint64_t ends = __atomic_load_n(&victim->ends, __ATOMIC_ACQUIRE);
    while ((uint32_t)(ends >> 32) < (uint32_t)ends) {
        const uint32_t taken = (uint32_t)(ends >> 32);
        if (__atomic_compare_exchange_n(
                &victim->ends, &ends, ends_of(taken + 1, (uint32_t)ends), true, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
            // Stays there until the job is done.
            return victim->jobs[taken];
        }
    }
    if (__atomic_load_n(&victim->wants, __ATOMIC_RELAXED) == 0) {
        __atomic_store_n(&victim->wants, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

static root* take_root(void) {
    if (__atomic_load_n(&roots, __ATOMIC_RELAXED) == 0) {
        return NULL;
    }
    take_lock();
    root* found = first_root;
    if (found != NULL) {
        first_root = found->next;
        last_root = first_root == NULL ? &first_root : last_root;
        __atomic_fetch_sub(&roots, 1, __ATOMIC_RELAXED);
    }
    give_lock();
    return found;
}

static tessera_job* find_job(const tessera_worker* self, uint32_t* seed) {
    *seed = *seed * 1664525 + 1013904223;
    const uint32_t from = (uint32_t)(((uint64_t)*seed * width) >> 32);
    for (uint32_t i = 0; i < width; ++i) {
        tessera_worker* victim = __atomic_load_n(&places[(from + i) % width], __ATOMIC_ACQUIRE);
        tessera_job* job = victim != NULL && victim != self ? take_from(victim) : NULL;
        if (job != NULL) {
            return job;
        }
    }
    root* begun = take_root();
    return begun != NULL ? &begun->job : NULL;
}

static void take_place(tessera_worker* worker, uint32_t place) {
    worker->place = place;
    __atomic_store_n(&places[place], worker, __ATOMIC_RELEASE);
}

static void resume(tessera_worker* worker) {
    __atomic_store_n(&worker->resume, 1, __ATOMIC_RELEASE);
    (void)tessera_domain_wake(&worker->resume, 1);
}

static void wait_to_be_resumed(tessera_worker* self) {
    while (__atomic_load_n(&self->resume, __ATOMIC_ACQUIRE) == 0) {
        (void)tessera_domain_wait(&self->resume, 0, TESSERA_FOR_EVER);
    }
    self->resume = 0;
}

// Goes on when somebody gives it a place.
static void hand_over(tessera_worker* self, tessera_worker* to) {
    take_place(to, self->place);
    self->place = NO_PLACE;
    take_lock();
    self->next = idle;
    idle = self;
    give_lock();
    resume(to);
    wait_to_be_resumed(self);
}

static tessera_worker* take_ready(void) {
    if (__atomic_load_n(&ready_count, __ATOMIC_RELAXED) == 0) {
        return NULL;
    }
    take_lock();
    tessera_worker* found = ready;
    if (found != NULL) {
        ready = found->next;
        __atomic_fetch_sub(&ready_count, 1, __ATOMIC_RELAXED);
    }
    give_lock();
    return found;
}

static bool goes_on_elsewhere(tessera_worker* self) {
    tessera_worker* other = take_ready();
    if (other != NULL) {
        hand_over(self, other);
    }
    return other != NULL;
}

static tessera_job* wait_for_job(tessera_worker* self, uint32_t* seed) {
    for (;;) {
        for (unsigned turn = 0; turn < TURNS_BEFORE_SLEEP; ++turn) {
            tessera_job* job = goes_on_elsewhere(self) ? NULL : find_job(self, seed);
            if (job != NULL) {
                return job;
            }
        }
        const uint32_t seen = __atomic_load_n(&epoch, __ATOMIC_ACQUIRE);
        __atomic_fetch_add(&sleepers, 1, __ATOMIC_SEQ_CST);
        tessera_job* job = find_job(self, seed);
        if (job == NULL && __atomic_load_n(&ready_count, __ATOMIC_SEQ_CST) == 0) {
            (void)tessera_domain_wait(&epoch, seen, TESSERA_FOR_EVER);
        }
        __atomic_fetch_sub(&sleepers, 1, __ATOMIC_SEQ_CST);
        if (job != NULL) {
            return job;
        }
    }
}

// The job's memory is its forker's again as soon as it is told.
static void finish(tessera_worker* self, tessera_job* job) {
    if (__atomic_exchange_n(&job->state, DONE, __ATOMIC_ACQ_REL) != AWAITED) {
        return;
    }
    tessera_worker* waiter = job->waiter;
    if (waiter->place != NO_PLACE) {
        resume(waiter);
        return;
    }
    hand_over(self, waiter);
}

static void work(void* argument) {
    tessera_worker* self = argument;
    uint32_t seed = (uint32_t)(uintptr_t)self;
    own = self;
    for (;;) {
        tessera_job* job = wait_for_job(self, &seed);
        job->run(job, self);
        if (self->has_views) {  // they are the forker's now
            job->views = self->views;
            self->views = calloc(TESSERA_REDUCERS_MAX, sizeof(void*));
            self->has_views = 0;
            if (self->views == NULL) {
                abort();
            }
        }
        finish(self, job);
    }
}

static tessera_worker* make_worker(void) {
    tessera_worker* made = aligned_alloc(128, (sizeof(tessera_worker) + 127) & ~(size_t)127);
    tessera_job** jobs = malloc(TESSERA_JOBS_MAX * sizeof(tessera_job*));
    void** views = calloc(TESSERA_REDUCERS_MAX, sizeof(void*));
    if (made == NULL || jobs == NULL || views == NULL) {
        free(made), free(jobs), free(views);
        return NULL;
    }
    memset(made, 0, sizeof *made);
    made->jobs = jobs;
    made->views = views;
    made->place = NO_PLACE;
    return made;
}

// On a place; false: there is no room for one more fiber.
static bool begin_worker(uint32_t place) {
    tessera_worker* made = make_worker();
    tessera_fiber* fiber = made != NULL ? tessera_fiber_make(work, made) : NULL;
    if (fiber == NULL) {
        return false;
    }
    take_place(made, place);
    if (tessera_fiber_begin(fiber, STACK_BYTES) == TESSERA_STATUS_OK) {
        return true;
    }
    __atomic_store_n(&places[place], NULL, __ATOMIC_RELEASE);
    tessera_fiber_let_go(fiber);
    free(made->jobs), free(made->views), free(made);
    return false;
}

// Somebody who has nothing to do goes on in its place. Where nobody can, the place waits with it.
static void give_place_away(tessera_worker* self) {
    take_lock();
    tessera_worker* other = idle;
    if (other != NULL) {
        idle = other->next;
    }
    give_lock();
    const uint32_t place = self->place;
    self->place = NO_PLACE;
    if (other != NULL) {
        take_place(other, place);
        resume(other);
    } else if (!begin_worker(place)) {
        take_place(self, place);
    }
}

// --- Reducers.
static tessera_merge merges[TESSERA_REDUCERS_MAX];
static void* reducers[TESSERA_REDUCERS_MAX];

uint32_t tessera_reducer_make(tessera_merge merge, void* reducer) {
    take_lock();
    uint32_t number = 0;
    while (number < TESSERA_REDUCERS_MAX && merges[number] != NULL) {
        ++number;
    }
    if (number < TESSERA_REDUCERS_MAX) {
        merges[number] = merge;
        reducers[number] = reducer;
    }
    give_lock();
    return number;
}

void tessera_reducer_drop(uint32_t number) { merges[number] = NULL; }

// To the views that were there before; null: of nobody, and so to the reducers' own values.
static void merge_views(tessera_worker* self, void** later) {
    for (uint32_t i = 0; i < TESSERA_REDUCERS_MAX; ++i) {
        if (later[i] == NULL) {
            continue;
        }
        if (self != NULL && self->views[i] == NULL) {
            self->views[i] = later[i];
            self->has_views = 1;
        } else {
            merges[i](reducers[i], self != NULL ? self->views[i] : NULL, later[i]);
        }
    }
    free(later);
}

static void wait_for(tessera_worker* self, tessera_job* job) {
    for (unsigned look = 0; look < LOOKS_BEFORE_WAIT; ++look) {
        if (__atomic_load_n(&job->state, __ATOMIC_ACQUIRE) == DONE) {
            return;
        }
    }
    give_place_away(self);
    job->waiter = self;
    uint32_t pending = PENDING;
    if (__atomic_compare_exchange_n(&job->state, &pending, AWAITED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        wait_to_be_resumed(self);
        return;
    }
    if (self->place == NO_PLACE) {  // done meanwhile
        take_lock();
        self->next = ready;
        ready = self;
        __atomic_fetch_add(&ready_count, 1, __ATOMIC_SEQ_CST);
        give_lock();
        tell_sleepers();
        wait_to_be_resumed(self);
    }
}

bool tessera_worker_reclaim(tessera_worker* self, tessera_job* job) {
    const uint32_t head = self->head - 1;
    uint64_t ends = __atomic_load_n(&self->ends, __ATOMIC_ACQUIRE);
    while ((uint32_t)(ends >> 32) <= head) {
        const uint32_t taken = (uint32_t)(ends >> 32);
        const uint32_t shared = taken + (head - taken) / 2;
        if (__atomic_compare_exchange_n(
                &self->ends, &ends, ends_of(taken, shared), true, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            self->split = shared;
            self->head = head;
            return true;
        }
    }
    wait_for(self, job);
    self->head = self->split = head;
    __atomic_store_n(&self->ends, ends_of(head, head), __ATOMIC_RELEASE);
    if (job->views != NULL) {
        merge_views(self, job->views);
    }
    return false;
}

uint32_t tessera_parallel_width(void) { return tessera_fibers_at_once(); }

static bool begin_workers(void) {
    static uint32_t state;  // 1: another fiber is at it, 2: done
    uint32_t nobody = 0;
    if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != 2 &&
        __atomic_compare_exchange_n(&state, &nobody, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
        const uint32_t cores = tessera_parallel_width();
        uint32_t begun = 0;
        width = cores < PLACES_MAX ? cores : PLACES_MAX;
        while (begun < width && begin_worker(begun)) {
            ++begun;
        }
        __atomic_store_n(&width, begun, __ATOMIC_RELEASE);
        __atomic_store_n(&state, 2, __ATOMIC_RELEASE);
    }
    while (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != 2) {
        tessera_domain_yield();
    }
    return width != 0;
}

static void run_root(tessera_job* job, tessera_worker* by) {
    const root* self = (const root*)job;
    self->function(self->argument, by);
}

void tessera_parallel_run(void (*function)(void*, tessera_worker*), void* argument) {
    if (own != NULL || !begin_workers()) {
        function(argument, own);
        return;
    }
    tessera_worker waiter = {.place = 0};  // keeps it: no worker's is needed for it to go on
    root begun = {
        .job = {.run = run_root, .state = PENDING, .waiter = &waiter}, .function = function, .argument = argument};
    take_lock();
    *last_root = &begun;
    last_root = &begun.next;
    __atomic_fetch_add(&roots, 1, __ATOMIC_SEQ_CST);
    give_lock();
    tell_sleepers();
    uint32_t pending = PENDING;
    if (__atomic_compare_exchange_n(&begun.job.state, &pending, AWAITED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        wait_to_be_resumed(&waiter);
    }
    if (begun.job.views != NULL) {
        merge_views(NULL, begun.job.views);
    }
}

// --- Loops: halves, until they are small enough.
typedef struct {
    void (*body)(void*, size_t, size_t);
    void* argument;
    size_t grain;
} loop;

typedef struct {
    tessera_job job;
    const loop* whole;
    size_t begin;
    size_t end;
} loop_part;

static void run_part(tessera_job* job, tessera_worker* by);

static void run_loop(const loop* whole, size_t begin, size_t end, tessera_worker* by) {
    if (end - begin <= whole->grain) {
        whole->body(whole->argument, begin, end);
        return;
    }
    loop_part later = {.job = {.run = run_part}, .whole = whole, .begin = begin + (end - begin) / 2, .end = end};
    const bool is_forked = tessera_fork(by, &later.job);
    run_loop(whole, begin, later.begin, by);
    if (!is_forked || tessera_join(by, &later.job)) {
        run_loop(whole, later.begin, end, by);
    }
}

static void run_part(tessera_job* job, tessera_worker* by) {
    const loop_part* part = (const loop_part*)job;
    run_loop(part->whole, part->begin, part->end, by);
}

static void begin_loop(void* argument, tessera_worker* by) {
    const loop_part* part = argument;
    run_loop(part->whole, part->begin, part->end, by);
}

void tessera_parallel_for(size_t begin, size_t end, size_t grain, void (*body)(void*, size_t, size_t), void* argument) {
    if (begin >= end) {
        return;
    }
    if (grain == 0) {
        grain = (end - begin) / ((size_t)8 * tessera_parallel_width());
    }
    const loop whole = {.body = body, .argument = argument, .grain = grain != 0 ? grain : 1};
    loop_part all = {.whole = &whole, .begin = begin, .end = end};
    tessera_parallel_run(begin_loop, &all);
}
