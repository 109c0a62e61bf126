// What std::filesystem asks of a C library and WASI does not have: how full a file system is, permissions, links
// resolved. All fail. For libc++'s own files only: programs' configure scripts shall not find it.
#pragma once

#include <dirent.h>
#include <sys/types.h>

#ifndef DT_SOCK
#define DT_SOCK 12
#endif

extern "C" {
struct statvfs {
    unsigned long f_frsize;
    unsigned long long f_blocks, f_bfree, f_bavail;
};
int statvfs(const char*, struct statvfs*) noexcept;
int fchmod(int, mode_t) noexcept;
int fchmodat(int, const char*, mode_t, int) noexcept;
char* realpath(const char*, char*) noexcept;
}
