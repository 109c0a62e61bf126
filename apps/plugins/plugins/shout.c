// An honest plug-in: what it is given in capitals, behind the greeting that lies on its shelf.
#include <ctype.h>

#define TESSERA_SERVE_PLUGINS_FILTER shout
#include "plugins.tessera.h"

enum { TOO_SMALL = 13 };

static plugins_shelf shelf;

int32_t shout_apply(void* self, tessera_slice text, tessera_slice result, uint64_t* result_length) {
    (void)self;
    unsigned char greeting[64];
    size_t length = 0;
    const char name[] = "greeting";
    const int32_t status = plugins_shelf_read(shelf, name, sizeof name - 1, greeting, sizeof greeting, &length);
    if (status != 0) {
        return status;
    }
    const size_t letters = (size_t)tessera_slice_length(text);
    *result_length = length + letters;
    if (length + letters > tessera_slice_length(result)) {
        return TOO_SMALL;
    }
    tessera_slice_write(result, 0, greeting, length);
    for (size_t i = 0; i < letters; ++i) {
        tessera_slice_store8(result, length + i, (unsigned char)toupper(tessera_slice_load8(text, i)));
    }
    return 0;
}

void shout_released(void* self) { (void)self; }

int tessera_main(tessera_cap granted) {
    shelf.handle = tessera_cap_to_handle(granted);
    return 0;
}
