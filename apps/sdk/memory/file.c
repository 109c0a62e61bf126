// The bytes of a file: a table of blocks, as most file systems have it. What was never written takes no memory.
#include "node.h"

#include <string.h>
#include <tessera/status.tessera.h>

#define BLOCKS_MAX                                                                                                     \
    (TESSERA_MEMORY_DIRECT + TESSERA_MEMORY_IN_BLOCK + (uint64_t)TESSERA_MEMORY_IN_BLOCK * TESSERA_MEMORY_IN_BLOCK)

static uint32_t* table_at(uint32_t* place, bool make) {
    if (*place == 0 && make) {
        *place = (uint32_t)(uintptr_t)tessera_memory_take_block();
    }
    return (uint32_t*)(uintptr_t)*place;
}

// Where the address of the block of that number is; null: nowhere.
static uint32_t* block_place(tessera_memory_node* file, uint64_t number, bool make) {
    if (number < TESSERA_MEMORY_DIRECT) {
        return &file->direct[number];
    }
    number -= TESSERA_MEMORY_DIRECT;
    uint32_t* place = &file->single;
    if (number >= TESSERA_MEMORY_IN_BLOCK) {
        number -= TESSERA_MEMORY_IN_BLOCK;
        uint32_t* tables = table_at(&file->twice, make);
        if (tables == NULL) {
            return NULL;
        }
        place = &tables[number / TESSERA_MEMORY_IN_BLOCK];
    }
    uint32_t* blocks = table_at(place, make);
    return blocks != NULL ? &blocks[number % TESSERA_MEMORY_IN_BLOCK] : NULL;
}

unsigned char* tessera_memory_piece(tessera_memory_node* file, uint64_t position, uint64_t* bytes, bool make) {
    const uint64_t in_block = position % TESSERA_MEMORY_BLOCK;
    if (*bytes > TESSERA_MEMORY_BLOCK - in_block) {
        *bytes = TESSERA_MEMORY_BLOCK - in_block;
    }
    uint32_t* place = block_place(file, position / TESSERA_MEMORY_BLOCK, make);
    if (place == NULL || (*place == 0 && !make)) {
        return NULL;
    }
    if (*place == 0) {
        *place = (uint32_t)(uintptr_t)tessera_memory_take_block();
    }
    return *place != 0 ? (unsigned char*)(uintptr_t)*place + in_block : NULL;
}

uint64_t tessera_memory_readable(const tessera_memory_node* file, uint64_t position, uint64_t bytes) {
    const uint64_t left = position < file->bytes ? file->bytes - position : 0;
    return bytes < left ? bytes : left;
}

uint64_t tessera_memory_writable(uint64_t position, uint64_t bytes) {
    const uint64_t most = BLOCKS_MAX * TESSERA_MEMORY_BLOCK;
    const uint64_t left = position < most ? most - position : 0;
    return bytes < left ? bytes : left;
}

void tessera_memory_written(tessera_memory_node* file, uint64_t end) {
    file->bytes = end > file->bytes ? end : file->bytes;
    file->touched = true;
}

uint64_t tessera_memory_read(tessera_memory_node* file, uint64_t position, void* into, uint64_t bytes) {
    const uint64_t wanted = tessera_memory_readable(file, position, bytes);
    unsigned char* to = into;
    for (uint64_t done = 0, part; done < wanted; done += part) {
        part = wanted - done;
        const unsigned char* piece = tessera_memory_piece(file, position + done, &part, false);
        if (piece != NULL) {
            memcpy(to + done, piece, (size_t)part);
        } else {
            memset(to + done, 0, (size_t)part);
        }
    }
    return wanted;
}

uint64_t tessera_memory_write(tessera_memory_node* file, uint64_t position, const void* from, uint64_t bytes) {
    const uint64_t wanted = tessera_memory_writable(position, bytes);
    uint64_t done = 0;
    for (uint64_t part; done < wanted; done += part) {
        part = wanted - done;
        unsigned char* piece = tessera_memory_piece(file, position + done, &part, true);
        if (piece == NULL) {
            break;
        }
        memcpy(piece, (const unsigned char*)from + done, (size_t)part);
    }
    if (done != 0) {
        tessera_memory_written(file, position + done);
    }
    return done;
}

static void give(uint32_t* place) {
    if (*place != 0) {
        tessera_memory_give_block((void*)(uintptr_t)*place);
        *place = 0;
    }
}

// Of a table of blocks, those from the number on, and the table itself with the first.
static void cut_table(uint32_t* table, uint64_t from) {
    uint32_t* blocks = (uint32_t*)(uintptr_t)*table;
    for (uint64_t i = from; blocks != NULL && i < TESSERA_MEMORY_IN_BLOCK; ++i) {
        give(&blocks[i]);
    }
    if (from == 0) {
        give(table);
    }
}

static void cut(tessera_memory_node* file, uint64_t from) {
    for (uint64_t i = from; i < TESSERA_MEMORY_DIRECT; ++i) {
        give(&file->direct[i]);
    }
    from = from > TESSERA_MEMORY_DIRECT ? from - TESSERA_MEMORY_DIRECT : 0;
    if (from < TESSERA_MEMORY_IN_BLOCK) {
        cut_table(&file->single, from);
    }
    from = from > TESSERA_MEMORY_IN_BLOCK ? from - TESSERA_MEMORY_IN_BLOCK : 0;
    uint32_t* tables = (uint32_t*)(uintptr_t)file->twice;
    for (uint64_t i = from / TESSERA_MEMORY_IN_BLOCK; tables != NULL && i < TESSERA_MEMORY_IN_BLOCK; ++i) {
        const uint64_t first = i * TESSERA_MEMORY_IN_BLOCK;
        cut_table(&tables[i], from > first ? from - first : 0);
    }
    if (from == 0) {
        give(&file->twice);
    }
}

int32_t tessera_memory_resize(tessera_memory_node* file, uint64_t bytes) {
    if (tessera_memory_writable(0, bytes) != bytes) {
        return TESSERA_STATUS_TOO_LARGE;
    }
    if (bytes < file->bytes) {
        uint64_t rest = TESSERA_MEMORY_BLOCK;
        unsigned char* piece =
            bytes % TESSERA_MEMORY_BLOCK != 0 ? tessera_memory_piece(file, bytes, &rest, false) : NULL;
        if (piece != NULL) {
            memset(piece, 0, (size_t)rest);  // it may be part of the file again
        }
        cut(file, (bytes + TESSERA_MEMORY_BLOCK - 1) / TESSERA_MEMORY_BLOCK);
    }
    file->bytes = bytes;
    file->touched = true;
    return TESSERA_STATUS_OK;
}
