// The C library's sys/stat.h, and what it leaves out. Files have no modes here: what a program can reach, it was handed.
#include_next <sys/stat.h>

#ifndef _TESSERA_SYS_STAT_H
#define _TESSERA_SYS_STAT_H

#ifdef __cplusplus
extern "C" {
#endif

int chmod(const char*, mode_t);  // 0 and no effect, if there is such a file
int fchmod(int, mode_t);
mode_t umask(mode_t);

#ifdef __cplusplus
}
#endif
#endif
