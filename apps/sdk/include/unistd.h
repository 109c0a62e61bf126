// The C library's unistd.h, and what it leaves out: one user, who is nobody in particular.
#include_next <unistd.h>

#ifndef _TESSERA_UNISTD_H
#define _TESSERA_UNISTD_H

#ifdef __cplusplus
extern "C" {
#endif

uid_t getuid(void);  // 0, and so are the others
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);

#ifdef __cplusplus
}
#endif
#endif
