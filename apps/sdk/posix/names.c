// Names of the machine, and where things are.
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

static int refuse(int error) {
    errno = error;
    return -1;
}

int gethostname(char* name, size_t room) {
    static const char own[] = "localhost";
    if (room < sizeof own) {
        return refuse(ENAMETOOLONG);
    }
    memcpy(name, own, sizeof own);
    return 0;
}
int sethostname(const char* name, size_t length) {
    (void)name, (void)length;
    return refuse(EPERM);
}
int setdomainname(const char* name, size_t length) {
    (void)name, (void)length;
    return refuse(EPERM);
}

char* get_current_dir_name(void) { return getcwd(NULL, 0); }

int fchdir(int folder) {
    (void)folder;
    return refuse(ENOSYS);
}
int chroot(const char* folder) {
    (void)folder;
    return refuse(EPERM);
}

int euidaccess(const char* name, int how) { return access(name, how); }
int eaccess(const char* name, int how) { return access(name, how); }

// Nobody says how much room there is.
int statvfs(const char* restrict name, struct statvfs* restrict into) {
    (void)into;
    return access(name, F_OK) == 0 ? refuse(ENOSYS) : -1;
}
int fstatvfs(int file, struct statvfs* into) {
    (void)file, (void)into;
    return refuse(ENOSYS);
}

void* memalign(size_t alignment, size_t bytes) { return aligned_alloc(alignment, bytes); }
void* valloc(size_t bytes) { return aligned_alloc(65536, bytes); }

void sync(void) {}
int syncfs(int file) { return fsync(file); }
ssize_t copy_file_range(int from, off_t* from_at, int to, off_t* to_at, size_t bytes, unsigned flags) {
    (void)from, (void)from_at, (void)to, (void)to_at, (void)bytes, (void)flags;
    return refuse(ENOSYS);
}
