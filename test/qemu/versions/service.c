// Implements Thing as of either version: NEW says which.
#include <string.h>

#define TESSERA_SERVE_THINGS_THING thing
#include "thing.tessera.h"

enum { TOO_SMALL = 13 };

static int32_t give(tessera_slice into, uint64_t* length, const char* text) {
    *length = strlen(text);
    if (*length > tessera_slice_length(into)) {
        return TOO_SMALL;
    }
    tessera_slice_write(into, 0, text, (size_t)*length);
    return 0;
}

#ifdef NEW
int32_t thing_look(void* self, tessera_slice name, uint32_t at, uint32_t limit, tessera_slice hint, tessera_cap beside,
                   tessera_slice found, tessera_slice note, uint64_t* found_length, uint64_t* count, double* ratio,
                   uint64_t* note_length, things_thing* other) {
    (void)self;
    *count = tessera_slice_length(name) * 1000 + at * 100 + limit * 10 + tessera_slice_length(hint) + (tessera_cap_to_handle(beside) != 0);
    *ratio = 0.25;
    other->handle = tessera_cap_to_handle(things_thing_mint(5));
    const int32_t status = give(found, found_length, "new");
    return status != 0 ? status : give(note, note_length, "a note from the new service");
}
int32_t thing_child(void* self, tessera_slice name, things_thing* made, int16_t* number) {
    (void)self;
    made->handle = tessera_cap_to_handle(things_thing_mint(tessera_slice_length(name) + 1));
    *number = 9;
    return 0;
}
int32_t thing_forget(void* self) {
    (void)self;
    return 0;
}
#else
int32_t thing_look(void* self, tessera_slice name, uint32_t at, tessera_slice found, uint64_t* found_length, uint64_t* count) {
    (void)self;
    *count = tessera_slice_length(name) * 1000 + at * 100;
    return give(found, found_length, "old");
}
int32_t thing_child(void* self, things_thing* made) {
    (void)self;
    made->handle = tessera_cap_to_handle(things_thing_mint(1));
    return 0;
}
#endif
void thing_released(void* self) { (void)self; }

int tessera_main(void) { return 0; }
