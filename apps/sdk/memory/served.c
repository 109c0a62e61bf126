#include "served.h"

int32_t tessera_memory_give_message(const void* message, size_t bytes, tessera_slice room, uint64_t* length) {
    *length = bytes;
    if (bytes > tessera_slice_length(room)) {
        return TESSERA_STATUS_TOO_SMALL;
    }
    tessera_slice_write(room, 0, message, bytes);
    return TESSERA_STATUS_OK;
}

int32_t tessera_memory_give_metadata(tessera_memory_node* node, tessera_slice room, uint64_t* length) {
    tessera_memory_stamp(node);
    uint64_t words[16];
    tessera_builder builder = tessera_builder_of(words, sizeof words);
    const tessera_metadata_builder metadata = tessera_metadata_init_root(&builder);
    tessera_metadata_set_kind(metadata, node->is_directory ? TESSERA_KIND_DIRECTORY : TESSERA_KIND_FILE);
    tessera_metadata_set_bytes(metadata, node->bytes);
    tessera_metadata_set_modified(metadata, node->modified);
    tessera_metadata_set_created(metadata, node->created);
    tessera_metadata_set_accessed(metadata, node->accessed);
    tessera_metadata_set_links(metadata, node->parent != NULL || node->is_root ? 1 : 0);
    tessera_metadata_set_writable(metadata, true);
    tessera_metadata_set_identity(metadata, node->number);
    return tessera_memory_give_message(words, tessera_builder_length(&builder), room, length);
}

// Whoever else is inside may need this one's memory, so it has to wait its turn; if there is none, the node stays.
void tessera_memory_let_go(tessera_memory_node* node) {
    if (tessera_memory_lock() == TESSERA_STATUS_OK) {
        tessera_memory_release(node);
        tessera_memory_unlock();
    }
}
