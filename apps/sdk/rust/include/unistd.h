// What the allocator needs of it.
#ifndef TESSERA_RUST_UNISTD_H
#define TESSERA_RUST_UNISTD_H
#include <stdint.h>
void* sbrk(intptr_t bytes);
#endif
