// What own files and directories have in common as objects.
#ifndef TESSERA_MEMORY_SERVED_H
#define TESSERA_MEMORY_SERVED_H

#include "node.h"

#include <tessera/directory.tessera.h>
#include <tessera/status.tessera.h>

int32_t tessera_memory_give_metadata(tessera_memory_node* node, tessera_slice room, uint64_t* length);
// A message, or how much room it would need.
int32_t tessera_memory_give_message(const void* message, size_t bytes, tessera_slice room, uint64_t* length);
void tessera_memory_let_go(tessera_memory_node* node);
// Takes over the caller's reference to the node.
tessera_file tessera_memory_file_object(tessera_memory_node* node);

#endif
