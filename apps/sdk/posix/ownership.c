// Files have no owners and no modes: setting what they have anyhow does nothing, but to say whether the file is there.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int only_own(unsigned user, unsigned group) {
    if ((user == 0 || user == (unsigned)-1) && (group == 0 || group == (unsigned)-1)) {
        return 0;
    }
    errno = EPERM;
    return -1;
}

int chown(const char* name, uid_t user, gid_t group) {
    struct stat found;
    return stat(name, &found) == 0 ? only_own(user, group) : -1;
}
int lchown(const char* name, uid_t user, gid_t group) {
    struct stat found;
    return lstat(name, &found) == 0 ? only_own(user, group) : -1;
}
int fchown(int file, uid_t user, gid_t group) {
    struct stat found;
    return fstat(file, &found) == 0 ? only_own(user, group) : -1;
}
int fchownat(int folder, const char* name, uid_t user, gid_t group, int flags) {
    struct stat found;
    return fstatat(folder, name, &found, flags & AT_SYMLINK_NOFOLLOW) == 0 ? only_own(user, group) : -1;
}

int chmod(const char* name, mode_t mode) {
    (void)mode;
    struct stat found;
    return stat(name, &found);
}
int lchmod(const char* name, mode_t mode) {
    (void)mode;
    struct stat found;
    return lstat(name, &found);
}
int fchmod(int file, mode_t mode) {
    (void)mode;
    struct stat found;
    return fstat(file, &found);
}
int fchmodat(int folder, const char* name, mode_t mode, int flags) {
    (void)mode;
    struct stat found;
    return fstatat(folder, name, &found, flags & AT_SYMLINK_NOFOLLOW);
}

mode_t umask(mode_t mode) {
    static mode_t last = 022;
    const mode_t before = last;
    last = mode & 0777;
    return before;
}

static int refuse(void) {
    errno = EPERM;
    return -1;
}
int mkfifo(const char* name, mode_t mode) {
    (void)name, (void)mode;
    return refuse();
}
int mkfifoat(int folder, const char* name, mode_t mode) {
    (void)folder, (void)name, (void)mode;
    return refuse();
}
int mknod(const char* name, mode_t mode, dev_t device) {
    (void)name, (void)mode, (void)device;
    return refuse();
}
int mknodat(int folder, const char* name, mode_t mode, dev_t device) {
    (void)folder, (void)name, (void)mode, (void)device;
    return refuse();
}
