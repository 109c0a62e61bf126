// Waits for a file that another program writes.
#include <stdio.h>
#include <time.h>

int main(void) {
    FILE* file = NULL;
    while ((file = fopen("/shared/letter", "r")) == NULL) {
        const struct timespec some = {.tv_nsec = 1000000};
        nanosleep(&some, NULL);
    }
    char line[100];
    while (fgets(line, sizeof line, file) != NULL) {
        fputs(line, stdout);
    }
    return 0;
}
