// Own files as objects: `File`, served from a node. The object's state is the node's address.
#include "object.h"

#include <string.h>

#define TESSERA_SERVE_TESSERA_FILE tessera_memory_file
#include "served.h"

static tessera_memory_node* node_of(void* self) { return self; }

tessera_file tessera_memory_file_object(tessera_memory_node* node) {
    return (tessera_file){tessera_cap_to_handle(tessera_file_mint((uint64_t)(uintptr_t)node))};
}

int32_t tessera_memory_file_metadata(void* self, tessera_slice metadata, uint64_t* length) {
    return tessera_memory_give_metadata(node_of(self), metadata, length);
}

int32_t tessera_memory_file_size(void* self, uint64_t* bytes) {
    *bytes = node_of(self)->bytes;
    return TESSERA_STATUS_OK;
}

int32_t tessera_memory_file_read(void* self, uint64_t position, uint32_t count, tessera_slice data, uint64_t* length) {
    const int32_t status = tessera_memory_lock();
    if (status != TESSERA_STATUS_OK) {
        return status;
    }
    static const unsigned char zeros[TESSERA_MEMORY_BLOCK];
    const uint64_t wanted = tessera_memory_readable(node_of(self), position, count);
    const uint64_t fits = tessera_slice_length(data);
    *length = wanted;
    for (uint64_t done = 0, part; done < wanted && wanted <= fits; done += part) {
        part = wanted - done;
        const unsigned char* piece = tessera_memory_piece(node_of(self), position + done, &part, false);
        tessera_slice_write(data, (size_t)done, piece != NULL ? piece : zeros, (size_t)part);
    }
    tessera_memory_unlock();
    return wanted <= fits ? TESSERA_STATUS_OK : TESSERA_STATUS_TOO_SMALL;
}

// With the lock held.
static int32_t write_at(tessera_memory_node* file, uint64_t position, tessera_slice data, uint64_t* written) {
    const uint64_t given = tessera_slice_length(data);
    const uint64_t wanted = tessera_memory_writable(position, given);
    uint64_t done = 0;
    for (uint64_t part; done < wanted; done += part) {
        part = wanted - done;
        unsigned char* piece = tessera_memory_piece(file, position + done, &part, true);
        if (piece == NULL) {
            break;
        }
        tessera_slice_read(data, (size_t)done, piece, (size_t)part);
    }
    if (done != 0) {
        tessera_memory_written(file, position + done);
    }
    *written = done;
    if (done != 0 || given == 0) {
        return TESSERA_STATUS_OK;
    }
    return wanted == 0 ? TESSERA_STATUS_TOO_LARGE : TESSERA_STATUS_NO_SPACE;
}

int32_t tessera_memory_file_write(void* self, uint64_t position, tessera_slice data, uint64_t* written) {
    int32_t status = tessera_memory_lock();
    if (status == TESSERA_STATUS_OK) {
        status = write_at(node_of(self), position, data, written);
        tessera_memory_unlock();
    }
    return status;
}

int32_t tessera_memory_file_append(void* self, tessera_slice data, uint64_t* position, uint64_t* written) {
    int32_t status = tessera_memory_lock();
    if (status == TESSERA_STATUS_OK) {
        *position = node_of(self)->bytes;
        status = write_at(node_of(self), *position, data, written);
        tessera_memory_unlock();
    }
    return status;
}

int32_t tessera_memory_file_resize(void* self, uint64_t bytes) {
    int32_t status = tessera_memory_lock();
    if (status == TESSERA_STATUS_OK) {
        status = tessera_memory_resize(node_of(self), bytes);
        tessera_memory_unlock();
    }
    return status;
}

// Nothing here survives a loss of power, so there is nothing to wait for.
int32_t tessera_memory_file_sync(void* self, bool data) {
    (void)self, (void)data;
    return TESSERA_STATUS_OK;
}

int32_t tessera_memory_file_set_times(void* self, int64_t accessed, int64_t modified) {
    tessera_memory_set_times(node_of(self), accessed, modified);
    return TESSERA_STATUS_OK;
}

int32_t tessera_memory_file_read_parts(
    void* self, uint64_t position, tessera_slice counts, tessera_slice data, uint64_t* length) {
    (void)self, (void)position, (void)counts, (void)data, (void)length;
    return TESSERA_STATUS_UNSUPPORTED;
}

int32_t tessera_memory_file_write_parts(void* self, uint64_t position, tessera_slice parts, uint64_t* written) {
    (void)self, (void)position, (void)parts, (void)written;
    return TESSERA_STATUS_UNSUPPORTED;
}

int32_t tessera_memory_file_allocate(void* self, uint64_t position, uint64_t bytes) {
    (void)self, (void)position, (void)bytes;
    return TESSERA_STATUS_UNSUPPORTED;
}

int32_t tessera_memory_file_stream(void* self, uint64_t position, tessera_byte_stream* stream) {
    (void)self, (void)position, (void)stream;
    return TESSERA_STATUS_UNSUPPORTED;
}

void tessera_memory_file_released(void* self) { tessera_memory_let_go(node_of(self)); }
