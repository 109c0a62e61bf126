// The C library's fcntl.h, and the commands that it leaves out.
#include_next <fcntl.h>

#ifndef _TESSERA_FCNTL_H
#define _TESSERA_FCNTL_H

#define F_DUPFD 0
#ifndef F_DUPFD_CLOEXEC
#define F_DUPFD_CLOEXEC 1030
#endif
#define F_GETLK 5
#define F_SETLK 6
#define F_SETLKW 7

#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2

#endif
