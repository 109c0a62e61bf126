// A file system in memory and nothing else: who is granted its Directory shares files with all others who are.
#include <memory/node.h>
#include <memory/object.h>
#include <tessera/time.tessera.h>

static tessera_clock clock;

static int64_t wall_clock(void) {
    int64_t now = 0;
    return tessera_clock_wall(clock, &now) == 0 ? now : 0;
}

int tessera_main(tessera_cap granted_clock) {
    clock.handle = tessera_cap_to_handle(granted_clock);
    tessera_memory_clock = wall_clock;
    tessera_memory_serve();
    return 0;
}
