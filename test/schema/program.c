// A program that calls a directory and serves a clock.
#define TESSERA_SERVE_TESSERA_CLOCK mine
#include <tessera/arguments.tessera.h>
#include <tessera/device.tessera.h>
#include <tessera/directory.tessera.h>
#include <tessera/domain.tessera.h>
#include <tessera/network.tessera.h>
#include <tessera/random.tessera.h>
#include <tessera/service.tessera.h>
#include <tessera/status.tessera.h>
#include <tessera/time.tessera.h>

int32_t mine_now(void* self, uint64_t* nanoseconds) {
    *nanoseconds = *(const uint64_t*)self;
    return TESSERA_STATUS_OK;
}

int32_t mine_wall(void* self, int64_t* nanoseconds) {
    (void)self;
    *nanoseconds = 0;
    return TESSERA_STATUS_UNSUPPORTED;
}

int32_t mine_resolution(void* self, uint64_t* nanoseconds) {
    (void)self;
    *nanoseconds = 1;
    return TESSERA_STATUS_OK;
}

void mine_released(void* self) { *(uint64_t*)self = 0; }

static uint64_t state;
tessera_cap new_clock(void) { return tessera_clock_mint((uint64_t)(uintptr_t)&state); }

int32_t first_bytes(tessera_directory root, char* bytes, size_t room, size_t* length) {
    tessera_file file;
    int32_t status = tessera_directory_open(root, "a.txt", 5, TESSERA_CREATE_NEVER, false, &file);
    if (status == TESSERA_STATUS_OK) {
        status = tessera_file_read(file, 0, (uint32_t)room, bytes, room, length);
        tessera_file_release(file);
    }
    return status;
}
