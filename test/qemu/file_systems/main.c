// Does the same to the program's own files, to those of another program (apps/ramdisk), and, as far as they allow it, to those of the
// image; prints what is not as expected, or how many questions there were.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static unsigned asked, wrong;

static void expect(int right, const char* what, const char* where, int line) {
    ++asked;
    if (!right) {
        ++wrong;
        printf("line %d, %s: not so: %s (errno %d)\n", line, where, what, errno);
    }
}
#define EXPECT(what) expect((what), #what, where, __LINE__)
#define FAILS(call, error) (errno = 0, (call) == -1 && errno == (error))

static const char* where;

// A path below the file system that is tried.
static const char* in(const char* path) {
    static char texts[4][300];
    static unsigned next;
    char* text = texts[next++ % 4];
    snprintf(text, sizeof texts[0], "%s/%s", where, path);
    return text;
}

static int make(const char* path, const char* text) {
    const int file = open(in(path), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    const int good = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);
    return close(file) == 0 && good;
}

static int holds(const char* path, const char* text) {
    char read_back[100] = "";
    const int file = open(in(path), O_RDONLY);
    const ssize_t bytes = file >= 0 ? read(file, read_back, sizeof read_back - 1) : -1;
    return close(file) == 0 && bytes == (ssize_t)strlen(text) && strcmp(read_back, text) == 0;
}

static int exists(const char* path) {
    struct stat found;
    return stat(in(path), &found) == 0;
}

static void try_reading_and_writing(void) {
    EXPECT(make("a", "0123456789") && holds("a", "0123456789"));
    const int file = open(in("a"), O_RDWR);
    char bytes[20] = "";
    EXPECT(lseek(file, -3, SEEK_END) == 7 && read(file, bytes, 20) == 3 && memcmp(bytes, "789", 3) == 0);
    EXPECT(read(file, bytes, 20) == 0);
    EXPECT(pwrite(file, "xy", 2, 4) == 2 && pread(file, bytes, 4, 3) == 4 && memcmp(bytes, "3xy6", 4) == 0);
    EXPECT(lseek(file, 0, SEEK_CUR) == 10 && FAILS(lseek(file, -1, SEEK_SET), EINVAL));
    EXPECT(lseek(file, 20, SEEK_SET) == 20 && write(file, "end", 3) == 3);
    EXPECT(pread(file, bytes, 3, 15) == 3 && memcmp(bytes, "\0\0\0", 3) == 0);
    EXPECT(ftruncate(file, 5) == 0 && lseek(file, 0, SEEK_END) == 5);
    EXPECT(ftruncate(file, 7) == 0 && pread(file, bytes, 20, 0) == 7 && memcmp(bytes, "0123x\0\0", 7) == 0);
    EXPECT(fsync(file) == 0 && fdatasync(file) == 0 && close(file) == 0 && FAILS(close(file), EBADF));
    const int appended = open(in("a"), O_WRONLY | O_APPEND);
    EXPECT(write(appended, "!", 1) == 1 && lseek(appended, 0, SEEK_SET) == 0 && write(appended, "?", 1) == 1);
    EXPECT(FAILS(read(appended, bytes, 1), EBADF) && close(appended) == 0);
    const int read_only = open(in("a"), O_RDONLY);
    EXPECT(pread(read_only, bytes, 20, 6) == 3 && memcmp(bytes, "\0!?", 3) == 0);
    EXPECT(FAILS(write(read_only, "x", 1), EBADF) && FAILS(ftruncate(read_only, 0), EINVAL) && close(read_only) == 0);
}

// Across many blocks, with a hole, and back.
static void try_size(void) {
    enum { BYTES = 300000 };
    char* block = malloc(BYTES);
    for (int i = 0; i < BYTES; ++i) {
        block[i] = (char)(i * 31 >> 3);
    }
    const int file = open(in("big"), O_RDWR | O_CREAT, 0600);
    EXPECT(pwrite(file, block, BYTES, 5000001) == BYTES);
    char* read_back = malloc(BYTES);
    EXPECT(pread(file, read_back, BYTES, 5000001) == BYTES && memcmp(block, read_back, BYTES) == 0);
    EXPECT(pread(file, read_back, 1, 4000000) == 1 && read_back[0] == 0);
    struct stat found;
    EXPECT(fstat(file, &found) == 0 && found.st_size == 5000001 + BYTES && S_ISREG(found.st_mode));
    EXPECT(ftruncate(file, 5000001) == 0 && ftruncate(file, 5000002) == 0 && pread(file, read_back, 9, 5000001) == 1);
    EXPECT(read_back[0] == 0 && close(file) == 0 && unlink(in("big")) == 0);
    free(block);
    free(read_back);
}

static void try_names(void) {
    EXPECT(mkdir(in("d"), 0700) == 0 && FAILS(mkdir(in("d"), 0700), EEXIST) && mkdir(in("d/e"), 0700) == 0);
    EXPECT(make("d/e/f", "deep") && holds("d/e/f", "deep") && holds("d/./e/../e//f", "deep"));
    EXPECT(FAILS(open(in("d/none"), O_RDONLY), ENOENT) && FAILS(open(in("d/e/f/g"), O_RDONLY), ENOTDIR));
    EXPECT(FAILS(open(in("d/none/../e/f"), O_RDONLY), ENOENT) && FAILS(open(in("d/e/f/"), O_RDONLY), ENOTDIR));
    EXPECT(FAILS(open(in("d/e/f"), O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST));
    EXPECT(FAILS(open(in("d"), O_WRONLY), EISDIR) && FAILS(open(in("none/f"), O_CREAT | O_WRONLY, 0600), ENOENT));
    EXPECT(FAILS(rmdir(in("d/e")), ENOTEMPTY) && FAILS(rmdir(in("d/e/f")), ENOTDIR));
    EXPECT(FAILS(unlink(in("d/e")), EISDIR) && FAILS(unlink(in("d/none")), ENOENT));
    EXPECT(rename(in("d/e"), in("moved")) == 0 && holds("moved/f", "deep") && !exists("d/e"));
    EXPECT(FAILS(rename(in("moved"), in("moved/inside")), EINVAL) && FAILS(rename(in("none"), in("x")), ENOENT));
    EXPECT(make("other", "other") && rename(in("other"), in("moved/f")) == 0 && holds("moved/f", "other"));
    EXPECT(FAILS(rename(in("moved/f"), in("d")), EISDIR) && FAILS(rename(in("d"), in("moved/f")), ENOTDIR));
    EXPECT(FAILS(rename(in("d"), in("moved")), ENOTEMPTY));
    // What is open stays, whatever becomes of its name.
    const int file = open(in("moved/f"), O_RDONLY);
    char bytes[10] = "";
    EXPECT(unlink(in("moved/f")) == 0 && read(file, bytes, 10) == 5 && strcmp(bytes, "other") == 0);
    struct stat found;
    EXPECT(fstat(file, &found) == 0 && found.st_nlink == 0 && close(file) == 0);
    EXPECT(rmdir(in("moved")) == 0 && rmdir(in("d")) == 0);
    char long_name[300];
    memset(long_name, 'n', sizeof long_name);
    long_name[255] = '\0';
    EXPECT(make(long_name, "n") && holds(long_name, "n") && unlink(in(long_name)) == 0);
}

static void try_listing(void) {
    enum { FILES = 300 };
    EXPECT(mkdir(in("many"), 0700) == 0);
    char name[40];
    for (int i = 0; i < FILES; ++i) {
        snprintf(name, sizeof name, "many/file-number-%d", i);
        EXPECT(make(name, ""));
    }
    static char seen[FILES];
    memset(seen, 0, sizeof seen);
    DIR* directory = opendir(in("many"));
    int count = 0, dots = 0, number = 0;
    for (struct dirent* entry = NULL; directory != NULL && (entry = readdir(directory)) != NULL; ++count) {
        dots += strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        if (sscanf(entry->d_name, "file-number-%d", &number) == 1 && number >= 0 && number < FILES) {
            ++seen[number];
            snprintf(name, sizeof name, "many/%s", entry->d_name);
            EXPECT(unlink(in(name)) == 0);
        }
    }
    EXPECT(directory != NULL && closedir(directory) == 0 && count == FILES + 2 && dots == 2);
    EXPECT(memchr(seen, 0, FILES) == NULL && memchr(seen, 2, FILES) == NULL);
    EXPECT(rmdir(in("many")) == 0);
}

static void try_times(void) {
    const time_t before = time(NULL);
    EXPECT(make("timed", "x"));
    struct stat found;
    EXPECT(stat(in("timed"), &found) == 0 && found.st_mtime >= before && found.st_mtime <= before + 100);
    const struct timespec times[2] = {{.tv_sec = 1000, .tv_nsec = 5}, {.tv_sec = 2000, .tv_nsec = 7}};
    EXPECT(utimensat(AT_FDCWD, in("timed"), times, 0) == 0 && stat(in("timed"), &found) == 0);
    EXPECT(found.st_atim.tv_sec == 1000 && found.st_mtim.tv_sec == 2000 && found.st_mtim.tv_nsec == 7);
    EXPECT(unlink(in("timed")) == 0);
}

static void try_image(void) {
    where = "/data";
    EXPECT(holds("note.txt", "a line from the image\n") && holds("sub/deep.txt", "below\n"));
    EXPECT(holds("sub/../note.txt", "a line from the image\n"));
    EXPECT(FAILS(open(in("note.txt"), O_WRONLY), EROFS) && FAILS(open(in("new"), O_CREAT | O_WRONLY, 0600), EROFS));
    EXPECT(FAILS(unlink(in("note.txt")), EROFS) && FAILS(mkdir(in("new"), 0700), EROFS));
    EXPECT(FAILS(rename(in("note.txt"), in("new")), EROFS) && FAILS(rename(in("note.txt"), "/tmp/x"), EXDEV));
    struct stat found;
    EXPECT(stat(in("sub"), &found) == 0 && S_ISDIR(found.st_mode) && stat(in("note.txt"), &found) == 0);
    EXPECT(found.st_size == 22 && S_ISREG(found.st_mode) && FAILS(open("/data/../etc", O_RDONLY), ENOTCAPABLE));
    const int file = open(in("note.txt"), O_RDONLY);
    EXPECT(file >= 0 && close(file) == 0);
}

int main(void) {
    static const char* const systems[] = {"/tmp", "/shared"};
    for (unsigned i = 0; i < 2; ++i) {
        where = systems[i];
        try_reading_and_writing();
        try_size();
        try_names();
        try_listing();
        try_times();
    }
    try_image();
    printf("%u of %u wrong\n", wrong, asked);
    return wrong != 0;
}
