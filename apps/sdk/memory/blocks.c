// Blocks of memory for files, from the arena's end. What is given back is used again, and never returned to the arena.
#include "node.h"

#include <string.h>

enum { PAGE_BYTES = 65536, PAGES_AT_ONCE = 16 };

struct free_block {
    struct free_block* next;
};

static struct free_block* free_blocks;
static unsigned char* fresh;
static size_t fresh_bytes;
static struct free_block* free_nodes;
static size_t pages_taken;

static bool grow(size_t pages) {
    const size_t end = __builtin_wasm_memory_grow(0, pages);
    if (end == (size_t)-1 || end == UINT32_MAX) {
        return false;
    }
    fresh = (unsigned char*)(uintptr_t)(end * PAGE_BYTES);
    fresh_bytes = pages * PAGE_BYTES;
    pages_taken += pages;
    return true;
}

void* tessera_memory_take_block(void) {
    struct free_block* block = free_blocks;
    if (block != NULL) {
        free_blocks = block->next;
        return memset(block, 0, TESSERA_MEMORY_BLOCK);
    }
    if (fresh_bytes == 0) {
        const size_t some = pages_taken / 8 < PAGES_AT_ONCE ? pages_taken / 8 + 1 : PAGES_AT_ONCE;
        if (!grow(some) && !grow(1)) {
            return NULL;
        }
    }
    void* taken = fresh;
    fresh += TESSERA_MEMORY_BLOCK;
    fresh_bytes -= TESSERA_MEMORY_BLOCK;
    return taken;
}

void tessera_memory_give_block(void* block) {
    struct free_block* freed = block;
    freed->next = free_blocks;
    free_blocks = freed;
}

tessera_memory_node* tessera_memory_take_node(void) {
    if (free_nodes == NULL) {
        unsigned char* block = tessera_memory_take_block();
        if (block == NULL) {
            return NULL;
        }
        for (size_t at = 0; at < TESSERA_MEMORY_BLOCK; at += TESSERA_MEMORY_NODE_BYTES) {
            tessera_memory_give_node((tessera_memory_node*)(block + at));
        }
    }
    struct free_block* node = free_nodes;
    free_nodes = node->next;
    return memset(node, 0, TESSERA_MEMORY_NODE_BYTES);
}

void tessera_memory_give_node(tessera_memory_node* node) {
    struct free_block* freed = (struct free_block*)node;
    freed->next = free_nodes;
    free_nodes = freed;
}
