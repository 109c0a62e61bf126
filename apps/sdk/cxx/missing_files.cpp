#include "cxx/include/missing_files.h"

#include <errno.h>

extern "C" {
int statvfs(const char*, struct statvfs*) noexcept {
    errno = ENOTSUP;
    return -1;
}
int fchmod(int, mode_t) noexcept {
    errno = ENOTSUP;
    return -1;
}
int fchmodat(int, const char*, mode_t, int) noexcept {
    errno = ENOTSUP;
    return -1;
}
char* realpath(const char*, char*) noexcept {
    errno = ENOTSUP;
    return nullptr;
}
}
