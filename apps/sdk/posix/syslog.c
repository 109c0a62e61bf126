// Nobody keeps a log for the program: what is meant for one goes to standard error if the program asked for that, too.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

static const char* identity = "";
static int options;
static int mask = 0xff;

void openlog(const char* name, int wanted, int facility) {
    (void)facility;
    identity = name != NULL ? name : "";
    options = wanted;
}
void closelog(void) {
    identity = "";
    options = 0;
}
int setlogmask(int to) {
    const int before = mask;
    mask = to != 0 ? to : mask;
    return before;
}
void vsyslog(int priority, const char* format, va_list arguments) {
    if ((options & LOG_PERROR) == 0 || (mask & LOG_MASK(priority & LOG_PRIMASK)) == 0) {
        return;
    }
    fprintf(stderr, "%s%s", identity, *identity != '\0' ? ": " : "");
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}
void syslog(int priority, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}
