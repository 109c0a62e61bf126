// Fork and join: work that may be done on other cores meanwhile, at the price of a few nanoseconds where it is not.
//
//   tessera_job right = {.run = run_right};        // in the frame of the function that forks
//   tessera_worker* self = tessera_worker_self();  // null: outside of parallel work; it then all runs here, in order
//   const bool is_forked = tessera_fork(self, &right);
//   ... what is done here meanwhile ...
//   if (!is_forked || tessera_join(self, &right)) { ... nobody has taken it: done here, too ... }
//
// Forks and joins nest as calls do. Each worker keeps its jobs in an array, of which the first are shared and may be
// taken by others, the oldest first, and the rest is its own and costs no atomic operation (as in van Dijk and van de
// Pol, "Lace", 2014). Who waits for a job that was taken runs nothing else on its stack: another fiber goes on in its
// place.
#ifndef TESSERA_PARALLEL_H
#define TESSERA_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tessera_job tessera_job;
typedef struct tessera_worker tessera_worker;

struct tessera_job {
    // By another worker; what is to be done must be found from the job's address.
    void (*run)(tessera_job* job, tessera_worker* by);
    uint32_t state;          // of one that was taken
    tessera_worker* waiter;  // who waits for its end
    void** views;            // what reducers have gathered in it, null: nothing
};

// A fiber's. Its first line is its own.
struct tessera_worker {
    uint32_t head;   // how many jobs it has forked and not joined
    uint32_t split;  // those before are shared
    uint32_t wants;  // somebody has found nothing to take
    tessera_job** jobs;
    void** views;        // of reducers, by their numbers
    uint32_t has_views;  // there is one
    uint32_t place;
    uint32_t resume;
    tessera_worker* next;
    _Alignas(128) uint64_t ends;  // how many are taken, in the upper half, and shared, in the lower
};

enum { TESSERA_JOBS_MAX = 2048 };

// --- What is not done in line.
void tessera_worker_share(tessera_worker* self);
bool tessera_worker_reclaim(tessera_worker* self, tessera_job* job);

static inline bool tessera_fork(tessera_worker* self, tessera_job* job) {
    if (self == NULL || self->head == TESSERA_JOBS_MAX) {
        return false;
    }
    self->jobs[self->head++] = job;
    const uint64_t ends = __atomic_load_n(&self->ends, __ATOMIC_RELAXED);
    if (__builtin_expect(self->wants != 0 || (uint32_t)(ends >> 32) == (uint32_t)ends, 0)) {
        tessera_worker_share(self);
    }
    return true;
}

// Of the job that was forked last. True: nobody has taken it, and it is the caller's to do. False: it is done.
static inline bool tessera_join(tessera_worker* self, tessera_job* job) {
    const uint32_t head = self->head - 1;
    if (__builtin_expect(head >= self->split, 1)) {
        self->head = head;
        return true;
    }
    return tessera_worker_reclaim(self, job);
}

// Whose fiber this is; null outside of parallel work.
tessera_worker* tessera_worker_self(void);

// Parallel work begins: function(argument, worker) on one of the workers, while the caller waits. Inside of parallel
// work it is a call.
void tessera_parallel_run(void (*function)(void* argument, tessera_worker* by), void* argument);

// On how many cores.
uint32_t tessera_parallel_width(void);

// body(argument, first, last) for parts of [begin, end) of `grain` numbers and fewer; 0: some that suits the width.
void tessera_parallel_for(
    size_t begin, size_t end, size_t grain, void (*body)(void* argument, size_t first, size_t last), void* argument);

// --- For reducers: each has a number, by which a worker finds its view at once. merge(reducer, view, later) makes one
// of two views, of which the second is the later part, and lets go of the second; where `view` is null it is the
// reducer's own value that is meant.
enum { TESSERA_REDUCERS_MAX = 64 };
typedef void (*tessera_merge)(void* reducer, void* view, void* later);
// TESSERA_REDUCERS_MAX: there are too many.
uint32_t tessera_reducer_make(tessera_merge merge, void* reducer);
void tessera_reducer_drop(uint32_t number);

#ifdef __cplusplus
}
#endif
#endif
