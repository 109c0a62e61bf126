// Parts of a hosted C environment that a program in its own arena can't have. Each fails as its standard lets it.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int system(const char* command) {
    if (command != NULL) {
        errno = ENOTSUP;
        return -1;
    }
    return 0;
}

char* tmpnam(char* name) {
    (void)name;
    errno = ENOTSUP;
    return NULL;
}

char* tempnam(const char* directory, const char* prefix) {
    (void)directory, (void)prefix;
    errno = ENOTSUP;
    return NULL;
}

FILE* tmpfile(void) {
    errno = ENOTSUP;
    return NULL;
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

char* ctermid(char* name) {
    static char empty[1];
    if (name == NULL) {
        name = empty;
    }
    *name = '\0';
    return name;
}

char* mktemp(char* name) {
    *name = '\0';
    errno = ENOTSUP;
    return name;
}

int mkstemp(char* name) {
    (void)name;
    errno = ENOTSUP;
    return -1;
}
