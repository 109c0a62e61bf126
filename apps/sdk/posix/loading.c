// Code is linked when the program is built. Programs that load others do it by the loader that they are granted.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

static char* error;

void* dlopen(const char* file, int mode) {
    (void)file, (void)mode;
    error = "this program is linked statically and loads nothing";
    return NULL;
}
void* dlsym(void* restrict library, const char* restrict name) {
    (void)library, (void)name;
    error = "this program is linked statically and has no table of its symbols";
    return NULL;
}
int dlclose(void* library) {
    (void)library;
    error = "no library was loaded";
    return -1;
}
char* dlerror(void) {
    char* last = error;
    error = NULL;
    return last;
}
int dladdr(const void* address, Dl_info* information) {
    (void)address, (void)information;
    return 0;
}
