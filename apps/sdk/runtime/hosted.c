// Parts of a hosted C environment that a program in its own arena can't have. Each fails as its standard lets it.
#include <errno.h>
#include <pwd.h>
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

char* ctermid(char* name) {
    static char empty[1];
    if (name == NULL) {
        name = empty;
    }
    *name = '\0';
    return name;
}

uid_t getuid(void) { return 0; }
uid_t geteuid(void) { return 0; }
gid_t getgid(void) { return 0; }
gid_t getegid(void) { return 0; }

struct passwd* getpwnam(const char* name) {
    (void)name;
    return NULL;
}

struct passwd* getpwuid(uid_t user) {
    (void)user;
    return NULL;
}
