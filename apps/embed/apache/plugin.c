// A plug-in of the server, which is granted nothing: it sees a request for as long as it answers it. Some of
// its answers are what a server must not suffer from.
#include "plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tessera/method.h>

TESSERA_METHOD("b19e4c75f03a8d62", "0:rw>il")
int32_t request_header(tessera_cap request, tessera_slice name, tessera_slice room);
TESSERA_GIVE("iil") int32_t tessera_results_iil(int32_t status, int32_t, uint64_t);

static int path_is(tessera_slice path, const char* text) {
    const size_t length = strlen(text);
    if (tessera_slice_length(path) != length) {
        return 0;
    }
    for (size_t i = 0; i < length; ++i) {
        if (tessera_slice_load8(path, i) != (uint8_t)text[i]) {
            return 0;
        }
    }
    return 1;
}

static _Atomic unsigned requests;  // it is called by several threads at once

// How long it is in all, as snprintf says.
static int greet(tessera_cap request, char* text, size_t bytes) {
    static const char kName[] = "User-Agent";
    char agent[64];
    const int32_t status =
        request_header(request, tessera_slice_of_const(kName, sizeof kName - 1), tessera_slice_of(agent, sizeof agent));
    const uint64_t length = tessera_result_i64(status, 1);
    const int is_known = status == 0 && length <= sizeof agent;
    return snprintf(
        text, bytes, "hello, %.*s: request %u\n", is_known ? (int)length : 7, is_known ? agent : "whoever", ++requests);
}

// Everything there is, and then how much that was.
static int hoard(char* text, size_t bytes) {
    enum { kPiece = 1 << 16 };
    static char* volatile last;  // or a compiler takes none of it
    unsigned pieces = 0;
    for (char* piece; (piece = malloc(kPiece)) != NULL; ++pieces) {
        memset(piece, 1, kPiece);
        last = piece;
    }
    return snprintf(text, bytes, "took %u KiB\n", pieces * (kPiece / 1024));
}

static void spin(void) {
    for (volatile unsigned turns = 0;; ++turns) {
    }
}

TESSERA_OFFER("d86f20b1a9c3e574/0:crw>iil")
int32_t answer(uint64_t state, tessera_cap request, tessera_slice path, tessera_slice room) {
    (void)state;
    char text[200];
    int length = 0;
    int32_t http = 200;
    if (path_is(path, "/hello")) {
        length = greet(request, text, sizeof text);
    } else if (path_is(path, "/crash")) {
        *(volatile int*)NULL = 1;
    } else if (path_is(path, "/spin")) {
        spin();
    } else if (path_is(path, "/outside")) {
        (void)tessera_slice_load8(path, tessera_slice_length(path));
    } else if (path_is(path, "/hoard")) {
        length = hoard(text, sizeof text);
    } else {
        http = 404;
        length = snprintf(text, sizeof text, "there is no such page\n");
    }
    const uint64_t bytes = length < 0 ? 0 : (uint64_t)length < sizeof text ? (uint64_t)length : sizeof text - 1;
    if (bytes > tessera_slice_length(room)) {
        return tessera_results_iil(13, http, bytes);  // too small
    }
    tessera_slice_write(room, 0, text, bytes);
    return tessera_results_iil(0, http, bytes);
}

int tessera_main(void) { return 0; }
