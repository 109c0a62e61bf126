// One user and one group, 0, without a name: every look-up finds nothing.
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static int only_own(unsigned id) {
    if (id == 0 || id == (unsigned)-1) {
        return 0;
    }
    errno = EPERM;
    return -1;
}
static int both_own(unsigned one, unsigned two) { return only_own(one) | only_own(two); }

uid_t getuid(void) { return 0; }
uid_t geteuid(void) { return 0; }
gid_t getgid(void) { return 0; }
gid_t getegid(void) { return 0; }
int setuid(uid_t user) { return only_own(user); }
int seteuid(uid_t user) { return only_own(user); }
int setgid(gid_t group) { return only_own(group); }
int setegid(gid_t group) { return only_own(group); }
int setreuid(uid_t real, uid_t effective) { return both_own(real, effective); }
int setregid(gid_t real, gid_t effective) { return both_own(real, effective); }
int setresuid(uid_t real, uid_t effective, uid_t saved) { return both_own(real, effective) | only_own(saved); }
int setresgid(gid_t real, gid_t effective, gid_t saved) { return both_own(real, effective) | only_own(saved); }
int getresuid(uid_t* real, uid_t* effective, uid_t* saved) {
    *real = *effective = *saved = 0;
    return 0;
}
int getresgid(gid_t* real, gid_t* effective, gid_t* saved) {
    *real = *effective = *saved = 0;
    return 0;
}
int getgroups(int room, gid_t groups[]) {
    (void)room, (void)groups;
    return 0;
}
int setgroups(size_t count, const gid_t* groups) {
    (void)groups;
    return count == 0 ? 0 : (errno = EPERM, -1);
}
int initgroups(const char* user, gid_t group) {
    (void)user;
    return only_own(group);
}
int getgrouplist(const char* user, gid_t group, gid_t* groups, int* count) {
    (void)user;
    const int room = *count;
    *count = 1;
    return room >= 1 ? (*groups = group, 1) : -1;
}
int issetugid(void) { return 0; }

char* getlogin(void) { return NULL; }
int getlogin_r(char* name, size_t room) {
    (void)name, (void)room;
    return ENXIO;
}
char* getpass(const char* prompt) {
    (void)prompt;
    return NULL;
}

struct passwd* getpwnam(const char* name) {
    (void)name;
    return NULL;
}
struct passwd* getpwuid(uid_t user) {
    (void)user;
    return NULL;
}
int getpwnam_r(const char* name, struct passwd* into, char* room, size_t bytes, struct passwd** found) {
    (void)name, (void)into, (void)room, (void)bytes;
    *found = NULL;
    return 0;
}
int getpwuid_r(uid_t user, struct passwd* into, char* room, size_t bytes, struct passwd** found) {
    (void)user;
    return getpwnam_r(NULL, into, room, bytes, found);
}
struct passwd* getpwent(void) { return NULL; }
void setpwent(void) {}
void endpwent(void) {}

struct group* getgrnam(const char* name) {
    (void)name;
    return NULL;
}
struct group* getgrgid(gid_t group) {
    (void)group;
    return NULL;
}
int getgrnam_r(const char* name, struct group* into, char* room, size_t bytes, struct group** found) {
    (void)name, (void)into, (void)room, (void)bytes;
    *found = NULL;
    return 0;
}
int getgrgid_r(gid_t group, struct group* into, char* room, size_t bytes, struct group** found) {
    (void)group;
    return getgrnam_r(NULL, into, room, bytes, found);
}
struct group* getgrent(void) { return NULL; }
void setgrent(void) {}
void endgrent(void) {}
