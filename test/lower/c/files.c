// Files that the program makes: written, read, appended to, renamed, removed; folders; temporary files; stdout redirected.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char* name) {
    FILE* file = fopen(name, "r");
    if (file == NULL) {
        printf("%s: %s\n", name, strerror(errno));
        return;
    }
    char line[64];
    while (fgets(line, sizeof line, file) != NULL) {
        printf("%s: %s", name, line);
    }
    fclose(file);
}

int main(void) {
    FILE* file = fopen("made.txt", "w");
    fprintf(file, "first\nsecond %d\n", 2);
    fclose(file);
    file = fopen("made.txt", "a");
    fputs("appended\n", file);
    printf("%ld\n", ftell(file));
    fclose(file);
    show("made.txt");
    file = fopen("made.txt", "r+");
    fseek(file, 6, SEEK_SET);
    fputs("SECOND", file);
    fseek(file, 0, SEEK_END);
    printf("%ld %d\n", ftell(file), fgetc(file));
    fclose(file);
    show("made.txt");
    printf("%d %d\n", fopen("made.txt", "wx") == NULL, errno == EEXIST);
    printf("%d %d\n", rename("made.txt", "moved.txt"), access("moved.txt", F_OK));
    show("made.txt");
    show("moved.txt");

    printf("%d %d\n", mkdir("folder", 0700), mkdir("folder", 0700));
    fclose(fopen("folder/inside", "w"));
    printf("%d %d\n", fopen("nowhere/inside", "w") == NULL, errno == ENOENT);
    DIR* folder = opendir("folder");
    int inside = 0;
    for (struct dirent* entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        inside += strcmp(entry->d_name, "inside") == 0;
    }
    closedir(folder);
    printf("%d %d %d\n", inside, rmdir("folder"), errno == ENOTEMPTY);
    printf("%d %d\n", remove("folder/inside"), rmdir("folder"));

    int fd = open("moved.txt", O_RDWR | O_TRUNC);
    struct stat status;
    char bytes[8] = {0};
    printf("%zd %d ", write(fd, "0123456789", 10), ftruncate(fd, 4));
    printf("%zd %s ", pread(fd, bytes, 7, 2), bytes);
    printf("%d %d %d\n", fstat(fd, &status), (int)status.st_size, S_ISREG(status.st_mode));
    unlink("moved.txt");
    printf("%zd %d\n", pwrite(fd, "x", 1, 5), (int)lseek(fd, 0, SEEK_END));
    close(fd);
    printf("%d %zd\n", open("moved.txt", O_RDONLY), write(fd, "x", 1));

    printf("%d %d %d\n", fopen("", "r") == NULL, access("", F_OK), access("/", F_OK));

    file = tmpfile();
    fputs("temporary", file);
    rewind(file);
    printf("%s\n", fgets(bytes, sizeof bytes, file));
    fclose(file);

    printf("before\n");
    fflush(stdout);
    if (freopen("output.txt", "w", stdout) == NULL) {
        return 1;
    }
    printf("into the file\n");
    fclose(stdout);
    file = fopen("output.txt", "r");
    const int kept = fgets(bytes, sizeof bytes, file) != NULL && strcmp(bytes, "into th") == 0;
    remove("output.txt");
    return kept ? 0 : 2;
}
