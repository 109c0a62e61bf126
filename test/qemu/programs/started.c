// What a program sees that Linux has started by its file: words, environment, input, and the folder that it is started in.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int wrong;
static void check(int holds, const char* what) {
    if (!holds) {
        printf("wrong: %s (%s)\n", what, strerror(errno));
        ++wrong;
    }
}

static void write_text(const char* name, const char* how, const char* text) {
    FILE* file = fopen(name, how);
    check(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, name);
}

static int entries(const char* name) {
    int count = 0;
    DIR* folder = opendir(name);
    check(folder != NULL, name);
    for (const struct dirent* each; folder != NULL && (each = readdir(folder)) != NULL;) {
        count += each->d_name[0] != '.';
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count;
}

static void change_files(void) {
    write_text("made", "w", "one\n");
    write_text("made", "a", "two\n");
    struct stat facts;
    check(stat("made", &facts) == 0 && facts.st_size == 8 && S_ISREG(facts.st_mode) && facts.st_nlink == 1, "stat");
    check(mkdir("many", 0777) == 0 && mkdir("many", 0777) != 0 && errno == EEXIST, "mkdir");
    for (int i = 0; i < 300; ++i) {
        char name[32];
        snprintf(name, sizeof name, "many/%d", i);
        write_text(name, "w", "");
    }
    check(entries("many") == 300, "300 entries");
    check(rename("many/7", "seven") == 0 && entries("many") == 299, "rename");
    check(rmdir("many") != 0 && errno == ENOTEMPTY, "rmdir of what is not empty");
    check(unlink("seven") == 0 && access("seven", F_OK) != 0 && errno == ENOENT, "unlink");
    check(truncate("made", 4) == 0 && stat("made", &facts) == 0 && facts.st_size == 4, "truncate");
}

static void stay_inside(void) {
    check(fopen("out/passwd", "r") == NULL, "a link to another folder");
    check(fopen("outfile", "r") == NULL, "a link to a file outside");
    check(fopen("outfile", "w") == NULL, "writing through a link to a file outside");
    check(fopen("../secret", "r") == NULL, "..");
    check(fopen("/etc/passwd", "r") == NULL, "an absolute name");
    check(mkdir("out/made", 0777) != 0, "mkdir through a link");
    check(rename("made", "out/made") != 0, "rename through a link");
    check(fopen("pipe", "r") == NULL, "what is no file");
    FILE* inside = fopen("inside", "r");
    check(inside != NULL, "a link inside");
    if (inside != NULL) {
        fclose(inside);
    }
}

int main(int argc, char** argv) {
    char line[64] = "";
    check(fgets(line, sizeof line, stdin) != NULL && strcmp(line, "input\n") == 0, "input");
    check(argc == 3 && strcmp(argv[1], "a b") == 0 && strcmp(argv[2], "--") == 0, "arguments");
    check(getenv("GIVEN") != NULL && strcmp(getenv("GIVEN"), "x=y z") == 0, "environment");
    char name[512];
    snprintf(name, sizeof name, "%s/kept", getenv("WHERE"));
    check(access(name, F_OK) == 0, "the folder's own name");
    change_files();
    stay_inside();
    printf("%d wrong\n", wrong);
    return 42;
}
