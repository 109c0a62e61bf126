// Writes files that another program reads.
#include <stdio.h>
#include <sys/stat.h>

int main(void) {
    mkdir("/shared/letters", 0777);
    FILE* file = fopen("/shared/letters/draft", "w");
    if (file == NULL || fprintf(file, "written by one program,\nread by another\n") < 0 || fclose(file) != 0) {
        perror("/shared/letters/draft");
        return 1;
    }
    // Whoever sees the name sees all of the file.
    if (rename("/shared/letters/draft", "/shared/letter") != 0) {
        perror("rename");
        return 1;
    }
    return 0;
}
