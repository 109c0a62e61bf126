// Temporary files: in the program's own memory, like all that it creates (files.c).
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned count;

// Puts a name that no file has into the six X at the end of `name`.
char* mktemp(char* name) {
    const size_t length = strlen(name);
    struct stat found;
    if (length < 6 || strcmp(name + length - 6, "XXXXXX") != 0) {
        errno = EINVAL;
        *name = '\0';
        return name;
    }
    do {
        for (unsigned i = 0, rest = count; i < 6; ++i, rest /= 26) {
            name[length - 1 - i] = (char)('a' + rest % 26);
        }
        ++count;
    } while (stat(name, &found) == 0);
    return name;
}

int mkstemp(char* name) { return *mktemp(name) != '\0' ? open(name, O_RDWR | O_CREAT | O_EXCL, 0600) : -1; }

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
