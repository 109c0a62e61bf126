// Parts of a hosted C environment that a program in its own arena can't have. Each fails as its standard lets it.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int system(const char* command) {
    if (command != NULL) {
        errno = ENOTSUP;
        return -1;
    }
    return 0;
}

FILE* popen(const char* command, const char* mode) {
    (void)command, (void)mode;
    errno = ENOTSUP;
    return NULL;
}

int pclose(FILE* stream) {
    (void)stream;
    errno = ECHILD;
    return -1;
}
