// The C library finds out at the first write that standard output is no terminal. By then that write has been made,
// after the first line, and a disk that is full has been found so where the program doesn't look.
#include <errno.h>
#include <stdio/stdout.c>
#include <unistd.h>

// A program that serves others ends without a last chance to write what is left: its lines go out as they come.
__attribute__((constructor)) static void write_lines(void) { __stdout_FILE.flags |= F_SVB; }

// Of one with a main.
void __tessera_start_output(void);
void __tessera_start_output(void) {
    const int before = errno;
    if (!isatty(1)) {
        __stdout_FILE.lbf = -1;
    }
    errno = before;
}
