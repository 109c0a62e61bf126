// Fills the directory that the other one is granted a part of.
#include <memory/object.h>
#include <memory/node.h>
#include <stdio.h>
#include <sys/stat.h>

static void write(const char* name, const char* text) {
    FILE* file = fopen(name, "w");
    if (file != NULL) {
        fputs(text, file);
        fclose(file);
    }
}

int tessera_main(void) {
    mkdir("/inner", 0777);
    mkdir("/inner/deep", 0777);
    write("/outer", "not for everybody\n");
    write("/inner/letter", "to be read\n");
    write("/inner/deep/letter", "and this\n");
    tessera_memory_serve();
    return 0;
}
