// suite FOLDER LIST: runs Lua programs, each in a state of its own, and counts those that end without an error. LIST is
// a file in FOLDER; its lines are a program's file name and perhaps a chunk's name (the program's text if there is
// none, as in `load`).
#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kTextMax = 1 << 20, kPathMax = 512 };

static int message(lua_State* lua) {
    luaL_traceback(lua, lua, luaL_tolstring(lua, 1, NULL), 1);
    return 1;
}

// The file's size, or -1. The text is ended by a zero.
static long read_text(const char* path, char* text) {
    FILE* file = fopen(path, "rb");
    if (file == NULL) {
        return -1;
    }
    const size_t size = fread(text, 1, kTextMax, file);
    fclose(file);
    text[size] = '\0';
    return size == kTextMax ? -1 : (long)size;
}

static int run(const char* name, const char* chunk, const char* text, size_t size) {
    lua_State* lua = luaL_newstate();
    if (lua == NULL) {
        printf("FAIL %s: no memory for a state\n", name);
        return 0;
    }
    luaL_openlibs(lua);
    lua_pushcfunction(lua, message);
    const int passed =
        luaL_loadbuffer(lua, text, size, *chunk != '\0' ? chunk : text) == LUA_OK && lua_pcall(lua, 0, 0, -2) == LUA_OK;
    if (passed) {
        printf("ok %s\n", name);
    } else {
        printf("FAIL %s: %s\n", name, lua_tostring(lua, -1));
    }
    lua_close(lua);
    return passed;
}

int main(int argc, char** argv) {
    static char list_text[kTextMax + 1];
    static char text[kTextMax + 1];
    char path[kPathMax];
    if (argc != 3) {
        fputs("suite FOLDER LIST\n", stderr);
        return 2;
    }
    snprintf(path, sizeof path, "%s/%s", argv[1], argv[2]);
    if (read_text(path, list_text) < 0) {
        fprintf(stderr, "suite: cannot read %s\n", path);
        return 2;
    }
    int passed = 0;
    int failed = 0;
    for (char* line = strtok(list_text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char* space = strchr(line, ' ');
        if (space != NULL) {
            *space = '\0';
        }
        snprintf(path, sizeof path, "%s/%s", argv[1], line);
        const long size = read_text(path, text);
        if (size < 0) {
            printf("FAIL %s: cannot read %s\n", line, path);
            ++failed;
        } else if (run(line, space != NULL ? space + 1 : "", text, (size_t)size)) {
            ++passed;
        } else {
            ++failed;
        }
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed != 0 ? 0 : 1;
}
