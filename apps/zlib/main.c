// Compresses a file of the image and restores it, in memory and through zlib's own file functions.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zlib.h"

static unsigned char* read_all(const char* name, size_t* length) {
    FILE* file = fopen(name, "rb");
    if (file == NULL) {
        perror(name);
        exit(1);
    }
    unsigned char* bytes = NULL;
    size_t room = 0;
    *length = 0;
    do {
        room = room * 2 + 65536;
        bytes = realloc(bytes, room);
        *length += fread(bytes + *length, 1, room - *length, file);
    } while (*length == room);
    fclose(file);
    return bytes;
}

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        size_t length;
        unsigned char* original = read_all(argv[i], &length);
        for (int level = 1; level <= 9; level += 4) {
            uLongf packed_length = compressBound(length);
            unsigned char* packed = malloc(packed_length);
            uLongf restored_length = length;
            unsigned char* restored = malloc(length + 1);
            int status = compress2(packed, &packed_length, original, length, level);
            status = status == Z_OK ? uncompress(restored, &restored_length, packed, packed_length) : status;
            const int same = status == Z_OK && restored_length == length && memcmp(original, restored, length) == 0;
            printf("%s: %zu bytes, level %d: %lu, crc %08lx, %s\n", argv[i], length, level, packed_length,
                   crc32(0, original, (uInt)length), same ? "restored" : "DIFFERENT");
            free(packed);
            free(restored);
            if (!same) {
                return 1;
            }
        }
        free(original);
    }
    printf("zlib %s\n", zlibVersion());
    return 0;
}
