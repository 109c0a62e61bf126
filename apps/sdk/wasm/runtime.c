// Traps, types of functions, memory and tables of WebAssembly modules.
#include <stdarg.h>
#include <tessera_wasm.h>
#include <unistd.h>

enum { PAGE_BYTES = 65536, PAGES_MAX = 65535, TABLE_MAX = 10000000 };

static const char* const trap_texts[] = {"no trap",
                                         "out of bounds memory access",
                                         "integer overflow",
                                         "integer divide by zero",
                                         "invalid conversion to integer",
                                         "unreachable",
                                         "indirect call of nothing, or of a function of another type",
                                         "uncaught exception",
                                         "call stack exhausted"};

_Noreturn void wasm_rt_trap(wasm_rt_trap_t reason) {
    const char* text = trap_texts[reason];
    (void)write(2, "wasm trap: ", 11);
    (void)write(2, text, strlen(text));
    (void)write(2, "\n", 1);
    __builtin_trap();
}

// ---- types of functions: equal ones get equal numbers ----

struct function_type {
    uint32_t parameters, results;
    wasm_rt_type_t* types;  // parameters, then results
};
static struct function_type* types;
static uint32_t type_count;

static void* must(void* block) {
    if (block == NULL) {
        wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
    }
    return block;
}

uint32_t wasm_rt_register_func_type(uint32_t parameters, uint32_t results, ...) {
    const size_t count = (size_t)parameters + results;
    wasm_rt_type_t* given = must(malloc((count + 1) * sizeof *given));
    va_list list;
    va_start(list, results);
    for (size_t i = 0; i < count; ++i) {
        given[i] = va_arg(list, wasm_rt_type_t);
    }
    va_end(list);
    for (uint32_t i = 0; i < type_count; ++i) {
        if (types[i].parameters == parameters && types[i].results == results &&
            memcmp(types[i].types, given, count * sizeof *given) == 0) {
            free(given);
            return i + 1;
        }
    }
    types = must(realloc(types, (type_count + 1) * sizeof *types));
    types[type_count] = (struct function_type){parameters, results, given};
    return ++type_count;
}

// ---- memory: pages at the end of the arena, so that the last one to grow grows in place ----

static uint8_t* arena_end(void) { return (uint8_t*)(__builtin_wasm_memory_size(0) * PAGE_BYTES); }

static uint8_t* take_pages(uint32_t pages) {
    uint8_t* start = arena_end();
    return __builtin_wasm_memory_grow(0, pages) == (size_t)-1 ? NULL : start;
}

void wasm_rt_allocate_memory(wasm_rt_memory_t* memory, uint32_t initial_pages, uint32_t max_pages) {
    *memory = (wasm_rt_memory_t){NULL, 0, max_pages, 0};
    memory->data = initial_pages > PAGES_MAX ? NULL : must(take_pages(initial_pages));
    if (memory->data == NULL) {
        wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
    }
    memory->pages = initial_pages;
    memory->size = initial_pages * PAGE_BYTES;
}

uint32_t wasm_rt_grow_memory(wasm_rt_memory_t* memory, uint32_t pages) {
    const uint32_t before = memory->pages;
    const uint64_t wanted = (uint64_t)before + pages;
    if (wanted > memory->max_pages || wanted > PAGES_MAX) {
        return UINT32_MAX;
    }
    if (pages == 0) {
        return before;
    }
    const bool is_last = memory->data + memory->size == arena_end();
    uint8_t* taken = take_pages(is_last ? pages : (uint32_t)wanted);
    if (taken == NULL) {
        return UINT32_MAX;
    }
    if (!is_last) {
        memcpy(taken, memory->data, memory->size);
        memory->data = taken;
    }
    memory->pages = (uint32_t)wanted;
    memory->size = memory->pages * PAGE_BYTES;
    return before;
}

void wasm_rt_free_memory(wasm_rt_memory_t* memory) { *memory = (wasm_rt_memory_t){NULL, 0, 0, 0}; }

// ---- tables ----

#define TABLE(kind, element)                                                                                           \
    void wasm_rt_allocate_##kind##_table(wasm_rt_##kind##_table_t* table, uint32_t size, uint32_t max_size) {          \
        table->data = size > TABLE_MAX ? NULL : calloc((size_t)size + 1, sizeof(element));                             \
        table->data = must(table->data);                                                                               \
        table->size = size;                                                                                            \
        table->max_size = max_size;                                                                                    \
    }                                                                                                                  \
    void wasm_rt_free_##kind##_table(wasm_rt_##kind##_table_t* table) { free(table->data); }                           \
    uint32_t wasm_rt_grow_##kind##_table(wasm_rt_##kind##_table_t* table, uint32_t by, element value) {                \
        const uint32_t before = table->size;                                                                           \
        const uint64_t wanted = (uint64_t)before + by;                                                                 \
        if (wanted > table->max_size || wanted > TABLE_MAX) {                                                          \
            return UINT32_MAX;                                                                                         \
        }                                                                                                              \
        element* data = realloc(table->data, ((size_t)wanted + 1) * sizeof(element));                                  \
        if (data == NULL) {                                                                                            \
            return UINT32_MAX;                                                                                         \
        }                                                                                                              \
        table->data = data;                                                                                            \
        for (; table->size < wanted; ++table->size) {                                                                  \
            data[table->size] = value;                                                                                 \
        }                                                                                                              \
        return before;                                                                                                 \
    }

TABLE(funcref, wasm_rt_funcref_t)
TABLE(externref, wasm_rt_externref_t)
