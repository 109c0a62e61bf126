// refused: capmem.c:8: error: a value is used both as a capability and as a borrowed slice (in function tessera_main)
#include <tessera/capability.h>
#include <tessera/slice.h>
#include <tessera/console.h>
#include <tessera/file.h>
int tessera_main(tessera_cap console) {
    tessera_console_write(console, "x", 1);
    return (int)tessera_slice_load8(console, 0);
}
