// The smallest host that runs a lowered module natively: an arena, the helpers, and of the kernel's objects a console, a clock, randomness and arguments. For
// tests only.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

extern const unsigned char image_bytes[];
extern const uint64_t image_info[];  // initial, max, stack_bottom, stack_top, segments, then offset and length of each
void export__start(char* base, uint32_t sp) __attribute__((weak));
int export_tessera_main(char* base, uint32_t sp, ...) __attribute__((weak));

static uint64_t memory_bytes;
int program_argc;
static char** program_argv;

// ---- helpers ----
#define HELPER(result, name, ...) result h_##name(__VA_ARGS__) __asm__("tessera." #name); result h_##name(__VA_ARGS__)
HELPER(void, memmove, char* base, uint32_t to, uint32_t from, uint32_t n) { memmove(base + to, base + from, n); }
HELPER(void, memset, char* base, uint32_t to, uint32_t byte, uint32_t n) { memset(base + to, (int)byte, n); }
HELPER(uint32_t, memory_size, char* base) { return (uint32_t)(memory_bytes >> 16); }
HELPER(uint32_t, memory_grow, char* base, uint32_t pages) {
    uint32_t old = (uint32_t)(memory_bytes >> 16);
    uint64_t grown = memory_bytes + ((uint64_t)pages << 16);
    if (grown > image_info[1] || mprotect(base, grown, PROT_READ | PROT_WRITE) != 0) {
        return ~0u;
    }
    mprotect(base, image_info[2], PROT_NONE);
    memory_bytes = grown;
    return old;
}
struct try_frame { jmp_buf where; struct try_frame* outer; };
static struct try_frame* innermost;
static uint32_t thrown;
HELPER(uint32_t, try, char* base, void (*fn)(char*, uint32_t, uint32_t), uint32_t a0, uint32_t a1) {
    struct try_frame frame;
    frame.outer = innermost;
    innermost = &frame;
    if (setjmp(frame.where) == 0) {
        fn(base, a0, a1);
        innermost = frame.outer;
        return 0;
    }
    return thrown;
}
HELPER(void, throw, char* base, uint32_t value) {
    struct try_frame* frame = innermost;
    if (frame == NULL) {
        fprintf(stderr, "native_host: thrown and not caught\n");
        exit(134);
    }
    innermost = frame->outer;
    thrown = value ? value : 1;
    longjmp(frame->where, 1);
}
static void* cap_tables[8][1024];
static uint32_t cap_sizes[8];
HELPER(void*, cap_null, char* base) { return NULL; }
HELPER(uint32_t, cap_is_null, char* base, void* cap) { return cap == NULL; }
HELPER(uint32_t, cap_equal, char* base, void* a, void* b) { return a == b; }
HELPER(void*, cap_table_get, char* base, uint32_t t, uint32_t i) { if (i >= cap_sizes[t]) abort(); return cap_tables[t][i]; }
HELPER(void, cap_table_set, char* base, uint32_t t, uint32_t i, void* cap) { if (i >= cap_sizes[t]) abort(); cap_tables[t][i] = cap; }
HELPER(uint32_t, cap_table_size, char* base, uint32_t t) { return cap_sizes[t]; }
HELPER(uint32_t, cap_table_grow, char* base, uint32_t t, void* cap, uint32_t n) {
    uint32_t old = cap_sizes[t];
    while (n--) cap_tables[t][cap_sizes[t]++] = cap;
    return old;
}
HELPER(void, slice_read, char* base, const char* p, uint64_t len, uint64_t off, uint32_t to, uint32_t n) { if (off + n > len) abort(); memcpy(base + to, p + off, n); }
HELPER(uint32_t, slice_apart, char* base, char* a, uint64_t n, char* b, uint64_t m) { return a <= b ? a + n <= b : b + m <= a; }
HELPER(void, slice_write, char* base, char* p, uint64_t len, uint64_t off, uint32_t from, uint32_t n) { if (off + n > len) abort(); memcpy(p + off, base + from, n); }

// Objects are addresses, and handles places in this table.
static void* handles[64];
HELPER(void, cap_release, char* base, void* cap) {}
HELPER(uint32_t, cap_to_handle, char* base, void* cap) {
    for (uint32_t i = 1; i < 64 && cap != NULL; ++i) {
        if (handles[i] == NULL) { handles[i] = cap; return i; }
    }
    return 0;
}
HELPER(void*, cap_from_handle, char* base, uint32_t handle) { return handle < 64 ? handles[handle] : NULL; }
HELPER(uint32_t, cap_release_handle, char* base, uint32_t handle) { if (handle < 64) handles[handle] = NULL; return 0; }

// ---- what needs no capability ----
static int arguments_object;
void* tessera_domain_arguments(char* base) { return &arguments_object; }
void tessera_domain_exit(char* base, uint32_t status) { exit((int)status); }
void tessera_domain_yield(char* base) {}
struct slice { char* pointer; uint64_t length; };
struct slice tessera_slice_of(char* base, uint32_t at, uint32_t length) { return (struct slice){base + at, length}; }
struct slice tessera_slice_at(char* base, uint32_t at, uint32_t length) { return (struct slice){base + at, length}; }
struct slice tessera_slice_at_const(char* base, uint32_t at, uint32_t length) { return (struct slice){base + at, length}; }
struct slice tessera_slice_of_const(char* base, uint32_t at, uint32_t length) { return (struct slice){base + at, length}; }
struct slice lend(char* base, uint32_t at, uint32_t length) { static char lent[4096]; if (length > sizeof lent || at > sizeof lent - length) abort(); return (struct slice){lent + at, length}; }

// ---- methods, by the names that the SDK's headers give them ----
// Their results are registers in the order in which LLVM fills them: rax, rdx, rcx. C has the first two for a status and a number.
static int console_object, file_object, fixed_clock_object, clock_object, random_object;
struct with_number { int32_t status; uint64_t number; };
#define METHOD(name, also, ...) \
    struct with_number also(char* base, uint32_t sp, void* object, ##__VA_ARGS__) __attribute__((alias(#name))); \
    struct with_number name(char* base, uint32_t sp, void* object, ##__VA_ARGS__)
#define OK(number) (struct with_number){0, (uint64_t)(number)}
enum { UNSUPPORTED = 1, END_OF_STREAM = 25, TOO_SMALL = 13 };

METHOD(tessera_byte_stream_write_import, tessera_console_write_call, const char* text, uint64_t length, uint64_t deadline) {
    if (object != &console_object) abort();
    return OK(write(1, text, length));
}
METHOD(tessera_byte_stream_read_import, tessera_console_read_call, uint32_t count, uint64_t deadline, char* into, uint64_t room) {
    const ssize_t bytes = read(0, into, count < room ? count : room);
    return bytes > 0 ? OK(bytes) : (struct with_number){END_OF_STREAM, 0};
}
static uint64_t now(clockid_t id) {
    struct timespec time;
    clock_gettime(id, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}
METHOD(tessera_clock_now_import, tessera_clock_now_call) { return OK(object == &fixed_clock_object ? 42 : now(CLOCK_MONOTONIC)); }
METHOD(tessera_clock_wall_import, tessera_clock_wall_call) { return OK(now(CLOCK_REALTIME)); }
METHOD(tessera_clock_resolution_import, tessera_clock_resolution_call) { return OK(1); }
METHOD(tessera_random_bytes_import, tessera_random_bytes_call, uint32_t count, char* into, uint64_t room) { return OK(getrandom(into, count, 0)); }
static char file_text[] = "the quick brown fox jumps over the lazy dog\n";
METHOD(tessera_file_size_import, tessera_file_size_call) { return OK(sizeof file_text - 1); }
struct slice tessera_file_map(char* base, void* cap) { return (struct slice){file_text, sizeof file_text - 1}; }
METHOD(tessera_arguments_word_import, tessera_arguments_word_call, uint32_t index, char* into, uint64_t room) {
    const size_t length = strlen(program_argv[index]);
    if (length > room) return (struct with_number){TOO_SMALL, length};
    memcpy(into, program_argv[index], length);
    return OK(length);
}
METHOD(tessera_arguments_grant_name_import, tessera_arguments_grant_name_call, uint32_t index, char* into, uint64_t room) { return OK(0); }
// A console of the first version, which can't tell what it is.
METHOD(tessera_console_errors_import, tessera_console_errors_call) { return (struct with_number){UNSUPPORTED, 0}; }
const struct { uint64_t interface; void* object; } native_grants[3] = {
    {0x8386c1bbeec16d97, &console_object}, {0xaeeb5874a5df9e99, &clock_object}, {0xd48a92183bb7ccd1, &random_object}};
__asm__(".globl tessera_arguments_count_import, tessera_arguments_grants_import, tessera_arguments_grant_import\n"
        ".globl tessera_console_is_terminal_import\n"
        "tessera_console_is_terminal_import: movl $1, (%rdi); mov %rdi, %rax; ret\n"  // more results than registers hold
        "tessera_arguments_count_import: xor %eax, %eax; mov program_argc(%rip), %edx; xor %ecx, %ecx; ret\n"
        "tessera_arguments_grants_import: xor %eax, %eax; mov $3, %edx; ret\n"
        "tessera_arguments_grant_import: mov %ecx, %eax; shl $4, %rax; lea native_grants(%rip), %rcx; add %rax, %rcx;"
        "mov (%rcx), %rdx; mov 8(%rcx), %rcx; xor %eax, %eax; ret\n");

int main(int argc, char** argv) {
    char* base = mmap(NULL, (size_t)7 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    const uint64_t bottom = image_info[2];
    memory_bytes = image_info[0];
    mprotect(base + bottom, memory_bytes - bottom, PROT_READ | PROT_WRITE);
    const unsigned char* bytes = image_bytes;
    for (uint64_t i = 0; i < image_info[4]; ++i) {
        memcpy(base + image_info[5 + 2 * i], bytes, image_info[6 + 2 * i]);
        bytes += image_info[6 + 2 * i];
    }
    program_argc = argc;
    program_argv = argv;
    if (export_tessera_main) {
        return export_tessera_main(base, (uint32_t)image_info[3], &console_object, &file_object, &fixed_clock_object);
    }
    export__start(base, (uint32_t)image_info[3]);
    return 0;
}
