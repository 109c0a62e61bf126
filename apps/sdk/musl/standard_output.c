// The C library finds out at the first write that standard output is no terminal. By then that write has been made,
// after the first line, and a disk that is full has been found so where the program doesn't look.
#include <errno.h>
#include <stdio/stdout.c>
#include <unistd.h>

__attribute__((constructor)) static void whole_buffers_without_a_terminal(void) {
    const int before = errno;
    if (!isatty(1)) {
        __stdout_FILE.lbf = -1;
    }
    errno = before;
}
