// Files of the program's own (apps/sdk/memory), as descriptors stand for them: by the address of a node.
#ifndef TESSERA_WASI_MEMORY_H
#define TESSERA_WASI_MEMORY_H

#include "../memory/node.h"
#include "descriptor.h"

static inline tessera_memory_node* tessera_wasi_node(const descriptor* open) {
    return (tessera_memory_node*)(uintptr_t)open->object;
}

void tessera_wasi_node_facts(tessera_memory_node* node, struct tessera_wasi_facts* facts);

// Work with the lock held; or the status that says why it can't be had.
#define LOCKED(status, work)                                                                                           \
    do {                                                                                                               \
        (status) = tessera_memory_lock();                                                                              \
        if ((status) == TESSERA_STATUS_OK) {                                                                           \
            work;                                                                                                      \
            tessera_memory_unlock();                                                                                   \
        }                                                                                                              \
    } while (0)

#endif
