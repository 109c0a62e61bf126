// The C library's stdio.h, and what it leaves out. Temporary files are in the program's own memory; other programs can't be started,
// so popen fails at run time.
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

char* tmpnam(char*);
char* tempnam(const char*, const char*);
FILE* tmpfile(void);
FILE* popen(const char*, const char*);  // null, ENOTSUP
int pclose(FILE*);         // -1
char* ctermid(char*);      // an empty name

#ifdef __cplusplus
}
#endif
#endif
