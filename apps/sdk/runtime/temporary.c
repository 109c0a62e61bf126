// Temporary files: in the program's own memory, like all that it creates (files.c).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned count;

// Puts letters that no file's name has into the six X before the last `suffix` bytes of `name`. False: there are none.
static int fill_in(char* name, int suffix) {
    const size_t length = strlen(name);
    if (suffix < 0 || length < 6 + (size_t)suffix || memcmp(name + length - (size_t)suffix - 6, "XXXXXX", 6) != 0) {
        errno = EINVAL;
        return 0;
    }
    char* end = name + length - suffix;
    struct stat found;
    do {
        for (unsigned i = 0, rest = count; i < 6; ++i, rest /= 26) {
            end[-1 - (int)i] = (char)('a' + rest % 26);
        }
        ++count;
    } while (stat(name, &found) == 0);
    return 1;
}

char* mktemp(char* name) {
    if (!fill_in(name, 0)) {
        *name = '\0';
    }
    return name;
}

int mkostemps(char* name, int suffix, int flags) {
    return fill_in(name, suffix) ? open(name, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600) : -1;
}
int mkstemps(char* name, int suffix) { return mkostemps(name, suffix, 0); }
int mkostemp(char* name, int flags) { return mkostemps(name, 0, flags); }
int mkstemp(char* name) { return mkostemps(name, 0, 0); }
char* mkdtemp(char* name) { return fill_in(name, 0) && mkdir(name, 0700) == 0 ? name : NULL; }

char* tmpnam(char* name) {
    static char own[L_tmpnam];
    char* to = name != NULL ? name : own;
    strcpy(to, P_tmpdir "/tXXXXXX");
    return *mktemp(to) != '\0' ? to : NULL;
}

char* tempnam(const char* directory, const char* prefix) {
    char* name = NULL;
    if (asprintf(&name, "%s/%.5sXXXXXX", directory != NULL ? directory : P_tmpdir, prefix != NULL ? prefix : "") < 0) {
        return NULL;
    }
    return mktemp(name);
}

FILE* tmpfile(void) {
    char name[] = P_tmpdir "/tXXXXXX";
    const int file = mkstemp(name);
    if (file < 0) {
        return NULL;
    }
    (void)unlink(name);
    return fdopen(file, "w+");
}
