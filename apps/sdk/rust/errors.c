// errno, in the numbers of Linux that Rust's std knows.
#include "wasi.h"

#include <string.h>

static int error_number;

int* __errno_location(void) { return &error_number; }

int64_t tessera_refused(int linux_error) {
    error_number = linux_error;
    return -1;
}

// Indexed by WASI's number.
static const unsigned char linux_errors[] = {0,  7,  13, 98,  99, 97,  11,  114, 9,   74,  16,  125, 10, 103, 111, 104,
                                             35, 89, 33, 122, 17, 14,  27,  113, 43,  84,  115, 4,   22, 5,   106, 21,
                                             40, 24, 31, 90,  72, 36,  100, 102, 101, 23,  105, 19,  2,  8,   37,  67,
                                             12, 42, 92, 28,  38, 107, 20,  39,  131, 88,  95,  25,  6,  75,  130, 1,
                                             32, 71, 93, 91,  34, 30,  29,  3,   116, 110, 26,  18,  1};

int64_t tessera_failed(uint32_t wasi_error) {
    return tessera_refused(wasi_error < sizeof linux_errors ? linux_errors[wasi_error] : 5);
}

int __xpg_strerror_r(int number, char* into, size_t bytes) {
    static const struct {
        int number;
        const char* text;
    } texts[] = {{1, "Operation not permitted (the program was not granted it)"},
                 {2, "No such file or directory"},
                 {9, "Bad file descriptor (nothing was granted under this number)"},
                 {11, "Resource temporarily unavailable (programs have one thread)"},
                 {12, "Cannot allocate memory"},
                 {13, "Permission denied"},
                 {20, "Not a directory"},
                 {21, "Is a directory"},
                 {22, "Invalid argument"},
                 {30, "Read-only file system"},
                 {38, "Function not implemented (programs have no operating system)"}};
    const char* text = "Error";
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        text = texts[i].number == number ? texts[i].text : text;
    }
    if (bytes == 0) {
        return 34;
    }
    strncpy(into, text, bytes - 1);
    into[bytes - 1] = '\0';
    return 0;
}
