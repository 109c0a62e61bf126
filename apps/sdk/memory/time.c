// When something was written.
#include "node.h"

int64_t (*tessera_memory_clock)(void);

int64_t tessera_memory_now(void) { return tessera_memory_clock != NULL ? tessera_memory_clock() : 0; }

void tessera_memory_stamp(tessera_memory_node* node) {
    if (node->touched) {
        node->modified = tessera_memory_now();
        node->touched = false;
    }
}

void tessera_memory_set_times(tessera_memory_node* node, int64_t accessed, int64_t modified) {
    node->accessed = accessed;
    node->modified = modified;
    node->touched = false;
}
