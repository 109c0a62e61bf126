// Conway's game of life, for a WebAssembly module without any library: WASI is all that it imports.
typedef unsigned u32;
typedef unsigned char u8;
#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
WASI(fd_write) u32 fd_write(u32 fd, const void* parts, u32 count, u32* written);
WASI(args_sizes_get) u32 args_sizes_get(u32* count, u32* bytes);
WASI(args_get) u32 args_get(char** list, char* text);
WASI(proc_exit) _Noreturn void proc_exit(u32 status);

enum { SIDE = 40, ROWS = 20, TEXT_MAX = 4096, ARGUMENTS_MAX = 16 };
static u8 now[ROWS][SIDE], next[ROWS][SIDE];
static char text[TEXT_MAX];
static u32 used;

static void put(char c) {
    if (used < TEXT_MAX) {
        text[used++] = c;
    }
}
static void put_words(const char* words) {
    while (*words != 0) {
        put(*words++);
    }
}
static void put_number(u32 x) {
    if (x >= 10) {
        put_number(x / 10);
    }
    put((char)('0' + x % 10));
}
static void flush(void) {
    struct {
        const char* start;
        u32 bytes;
    } part = {text, used};
    u32 written;
    fd_write(1, &part, 1, &written);
    used = 0;
}

static u32 neighbours(int y, int x) {
    u32 count = 0;
    for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
            count += (dy != 0 || dx != 0) && now[(y + dy + ROWS) % ROWS][(x + dx + SIDE) % SIDE];
        }
    }
    return count;
}

static void by_life(u8* cell, u32 count) { *cell = count == 3; }
static void by_death(u8* cell, u32 count) { *cell = count == 2 || count == 3; }
static void (*const rules[2])(u8*, u32) = {by_life, by_death};  // an indirect call in the module

static u32 step(void) {
    u32 alive = 0;
    for (int y = 0; y < ROWS; ++y) {
        for (int x = 0; x < SIDE; ++x) {
            rules[now[y][x]](&next[y][x], neighbours(y, x));
            alive += next[y][x];
        }
    }
    __builtin_memcpy(now, next, sizeof now);
    return alive;
}

static u32 generations(void) {
    u32 count = 0;
    u32 bytes = 0;
    static char* list[ARGUMENTS_MAX];
    static char words[TEXT_MAX];
    if (args_sizes_get(&count, &bytes) != 0 || count < 2 || count > ARGUMENTS_MAX || bytes > TEXT_MAX ||
        args_get(list, words) != 0) {
        return 10;
    }
    u32 number = 0;
    for (const char* c = list[1]; *c >= '0' && *c <= '9' && number < 1000000; ++c) {
        number = number * 10 + (u32)(*c - '0');
    }
    return number;
}

void _start(void) {
    static const u8 glider[5][2] = {{1, 2}, {2, 3}, {3, 1}, {3, 2}, {3, 3}};
    static const u8 acorn[7][2] = {{10, 20}, {11, 22}, {12, 19}, {12, 20}, {12, 23}, {12, 24}, {12, 25}};
    for (u32 i = 0; i < 5; ++i) {
        now[glider[i][0]][glider[i][1]] = 1;
    }
    for (u32 i = 0; i < 7; ++i) {
        now[acorn[i][0]][acorn[i][1]] = 1;
    }
    const u32 count = generations();
    u32 alive = 0;
    for (u32 i = 0; i < count; ++i) {
        alive = step();
    }
    for (u32 y = 0; y < ROWS; ++y) {
        for (u32 x = 0; x < SIDE; ++x) {
            put(now[y][x] ? '#' : '.');
        }
        put('\n');
    }
    put_number(alive);
    put_words(" alive after ");
    put_number(count);
    put_words(" generations\n");
    flush();
    if (count == 0) {
        proc_exit(1);
    }
}
