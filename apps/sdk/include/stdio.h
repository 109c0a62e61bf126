// The C library's stdio.h, and what it leaves out: no program can make files without a name or start other programs here, so these
// fail at run time as the standard lets them.
#include_next <stdio.h>

#ifndef _TESSERA_STDIO_H
#define _TESSERA_STDIO_H

#ifdef __cplusplus
extern "C" {
#endif

#ifndef L_tmpnam
#define L_tmpnam 20
#endif
#ifndef TMP_MAX
#define TMP_MAX 10000
#endif
#ifndef P_tmpdir
#define P_tmpdir "/tmp"
#endif

char* tmpnam(char*);       // null
char* tempnam(const char*, const char*);  // null
FILE* tmpfile(void);       // null, ENOTSUP
FILE* popen(const char*, const char*);  // null, ENOTSUP
int pclose(FILE*);         // -1
char* ctermid(char*);      // an empty name

#ifdef __cplusplus
}
#endif
#endif
