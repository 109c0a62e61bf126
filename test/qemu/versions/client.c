// Calls a Thing of the version that it was built with; who serves it may know another one.
#include <stdio.h>

#include "thing.tessera.h"

static void look(things_thing thing) {
    char found[16] = "";
    size_t found_length = 0;
    uint64_t count = 0;
#ifdef NEW
    char note[64] = "";
    size_t note_length = 0;
    double ratio = 0;
    things_thing other = {0};
    const int32_t status = things_thing_look(thing, "abc", 3, 2, 4, "hint", 4, thing, found, sizeof found, &found_length,
                                             &count, &ratio, note, sizeof note, &note_length, &other);
    printf("%d: %.*s %llu %g \"%.*s\" %d\n", status, (int)found_length, found, (unsigned long long)count, ratio,
           (int)note_length, note, other.handle != 0);
    (void)tessera_handle_release(other.handle);
#else
    const int32_t status = things_thing_look(thing, "abc", 3, 2, found, sizeof found, &found_length, &count);
    printf("%d: %.*s %llu\n", status, (int)found_length, found, (unsigned long long)count);
    const int32_t small = things_thing_look(thing, "abc", 3, 2, found, 2, &found_length, &count);
    printf("%d: needs %u\n", small, (unsigned)found_length);
#endif
}

int tessera_main(tessera_cap granted) {
    const things_thing thing = {tessera_cap_to_handle(granted)};
    look(thing);
    things_thing child = {0};
#ifdef NEW
    int16_t number = 0;
    printf("%d: number %d\n", things_thing_child(thing, "x", 1, &child, &number), number);
    printf("forget: %d\n", things_thing_forget(child));
#else
    printf("%d: a child\n", things_thing_child(thing, &child));
#endif
    look(child);
    return 0;
}
