// Tries what it can do with a directory, its own as far as it knows.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void say(const char* what, int result) { printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done"); }

static void show(const char* name) {
    char text[64];
    FILE* file = fopen(name, "r");
    printf("%s: %s", name, file != NULL && fgets(text, sizeof text, file) != NULL ? text : "no\n");
    if (file != NULL) {
        fclose(file);
    }
}

int main(void) {
    show("/data/letter");
    show("/data/deep/letter");
    show("/data/outer");
    show("/data/../outer");
    DIR* directory = opendir("/data");
    unsigned entries = 0;
    for (const struct dirent* entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        entries += entry->d_name[0] != '.';
    }
    printf("%u entries\n", entries);
    struct stat facts;
    say("stat", stat("/data/letter", &facts));
    printf("%lld bytes\n", (long long)facts.st_size);
    say("open to write", open("/data/letter", O_WRONLY));
    say("make", open("/data/new", O_WRONLY | O_CREAT, 0666));
    say("cut", open("/data/letter", O_RDWR | O_TRUNC));
    say("make a directory", mkdir("/data/more", 0777));
    say("remove", unlink("/data/letter"));
    say("rename", rename("/data/letter", "/data/other"));
    const int deep = open("/data/deep", O_RDONLY | O_DIRECTORY);
    say("make in what was opened", openat(deep, "new", O_WRONLY | O_CREAT, 0666));
    show("/data/letter");
    return 0;
}
