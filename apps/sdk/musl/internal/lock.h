#include_next "lock.h"
// One of musl's sources (prng/random.c) leaves out its own; where there is one, this is the same.
static volatile int lock[1];
