// Users: there are none here, so every look-up finds nothing.
#ifndef _PWD_H
#define _PWD_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct passwd {
    char* pw_name;
    char* pw_passwd;
    uid_t pw_uid;
    gid_t pw_gid;
    char* pw_gecos;
    char* pw_dir;
    char* pw_shell;
};

struct passwd* getpwnam(const char*);  // null
struct passwd* getpwuid(uid_t);        // null

#ifdef __cplusplus
}
#endif
#endif
