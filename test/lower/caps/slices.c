// Capabilities and borrowed slices: the host hands a console, a file and a clock.
#include <tessera/capability.h>
#include <tessera/clock.h>
#include <tessera/console.h>
#include <tessera/file.h>
#include <tessera/slice.h>
#include <stdio.h>
#include <string.h>

static tessera_cap slots[0];
static tessera_cap others[0];

static void say(tessera_cap console, const char* text) { tessera_console_write(console, text, strlen(text)); }
static __attribute__((noinline)) unsigned sum(tessera_slice s, size_t from) {
    unsigned total = 0;
    for (size_t i = from; i < tessera_slice_length(s); ++i) total += tessera_slice_load8(s, i);
    return total;
}
static __attribute__((noinline)) tessera_slice tail(tessera_slice s, size_t n) { return tessera_slice_from(s, n); }
static __attribute__((noinline)) tessera_cap choose(tessera_cap a, tessera_cap b, int which) { return which ? a : b; }

int tessera_main(tessera_cap console, tessera_cap file, tessera_cap clock) {
    char line[200];
    tessera_slice text = tessera_file_map(file);
    say(console, "hello from a capability\n");
    snprintf(line, sizeof line, "size %d sum %u %u word %x\n", (int)tessera_file_size(file), sum(text, 0), sum(tail(text, 4), 1), tessera_slice_load32(text, 4));
    say(console, line);
    char copy[10] = {0};
    tessera_slice_read(tessera_slice_sub(tail(text, 2), 2, 9), 0, copy, 5);
    say(console, copy); say(console, "\n");
    int old = tessera_table_grow(slots, console, 3);
    tessera_table_set(slots, 1, file);
    tessera_table_grow(others, clock, 1);
    snprintf(line, sizeof line, "grown from %d to %d, same %d %d, null %d, time %d\n", old, (int)tessera_table_size(slots), tessera_cap_equal(tessera_table_get(slots, 0), console),
             tessera_cap_equal(tessera_table_get(slots, 1), console), tessera_cap_is_null(tessera_cap_null()), (int)tessera_clock_now(choose(clock, console, line[0] != 0)));
    say(tessera_table_get(slots, 2), line);
    return (int)tessera_slice_load8(text, tessera_slice_length(text) - 1);
}
