// Interpreters: a register machine by computed jumps, a stack machine with calls, a machine of eight symbols.
#include <string.h>

#include "kernels.h"

enum register_op { ADD, SUB, MUL, LOAD, STORE, LESS, JUMP_IF, JUMP, MOVE, SET, STOP };
struct code {
    uint8_t op, a, b, c;
};

static int64_t run_registers(const struct code *code, int64_t *r, int64_t *memory) {
    static const void *const labels[] = {&&add, &&sub, &&mul, &&load, &&store, &&less, &&jump_if, &&jump, &&move, &&set, &&stop};
    const struct code *at = code;
#define NEXT goto *labels[(++at)->op]
    goto *labels[at->op];
add:
    r[at->a] = r[at->b] + r[at->c];
    NEXT;
sub:
    r[at->a] = r[at->b] - r[at->c];
    NEXT;
mul:
    r[at->a] = r[at->b] * r[at->c];
    NEXT;
load:
    r[at->a] = memory[r[at->b] & 255];
    NEXT;
store:
    memory[r[at->b] & 255] = r[at->a];
    NEXT;
less:
    r[at->a] = r[at->b] < r[at->c];
    NEXT;
jump_if:
    if (r[at->a]) {
        at = code + at->b - 1;
    }
    NEXT;
jump:
    at = code + at->b - 1;
    NEXT;
move:
    r[at->a] = r[at->b];
    NEXT;
set:
    r[at->a] = at->b;
    NEXT;
stop:
    return r[0];
#undef NEXT
}

static uint64_t register_machine(void) {
    static const struct code program[] = {{SET, 0, 0, 0},  {SET, 1, 0, 0},     {SET, 2, 1, 0}, {LOAD, 4, 1, 0},
                                          {MUL, 5, 4, 1},  {ADD, 0, 0, 5},     {STORE, 0, 1, 0}, {ADD, 1, 1, 2},
                                          {LESS, 6, 1, 3}, {JUMP_IF, 6, 3, 0}, {STOP, 0, 0, 0}};
    int64_t memory[256], r[16] = {0};
    for (int i = 0; i < 256; i++) {
        memory[i] = i * 3 + (int64_t)kernel_seed;
    }
    r[3] = 800000;
    return (uint64_t)run_registers(program, r, memory);
}

enum stack_op { PUSH, ARGUMENT, PLUS, MINUS, BELOW, BRANCH, CALL, RETURN, HALT };

static int32_t run_stack(const int32_t *code, int32_t argument) {
    static int32_t stack[4096];
    int top = 0, frame = 0, pc = 0;
    stack[top++] = argument;
    stack[top++] = -1;
    stack[top++] = 0;
    frame = top;
    for (;;) {
        switch (code[pc++]) {
        case PUSH:
            stack[top++] = code[pc++];
            break;
        case ARGUMENT:
            stack[top++] = stack[frame - 3];
            break;
        case PLUS:
            top--;
            stack[top - 1] += stack[top];
            break;
        case MINUS:
            top--;
            stack[top - 1] -= stack[top];
            break;
        case BELOW:
            top--;
            stack[top - 1] = stack[top - 1] < stack[top];
            break;
        case BRANCH:
            if (!stack[--top]) {
                pc = code[pc];
            } else {
                pc++;
            }
            break;
        case CALL:
            stack[top++] = pc + 1;
            stack[top++] = frame;
            pc = code[pc];
            frame = top;
            break;
        case RETURN: {
            const int32_t result = stack[top - 1];
            top = frame - 3;
            pc = stack[frame - 2];
            const int32_t caller = stack[frame - 1];
            stack[top++] = result;
            if (pc < 0) {
                return result;
            }
            frame = caller;
            break;
        }
        default:
            return -1;
        }
    }
}

static uint64_t stack_machine(void) {
    static const int32_t fibonacci[] = {ARGUMENT, PUSH,  2,    BELOW,    BRANCH, 8, ARGUMENT, RETURN, ARGUMENT, PUSH,
                                        1,        MINUS, CALL, 0,        ARGUMENT, PUSH, 2,  MINUS,  CALL,     0,
                                        PLUS,     RETURN};
    uint64_t sum = 0;
    for (int round = 0; round < 2; round++) {
        sum = mix(sum, (uint64_t)run_stack(fibonacci, 24 + (int32_t)(kernel_seed & 1)));
    }
    return sum;
}

static uint64_t symbols(void) {
    static const char program[] = "++++++++[>++++++++<-]>[<++++>-]<[>+>+++>+++++<<<-]>[>[>+>+<<-]>>[<<+>>-]<<<-]"
                                  ">>[<+>-]<[>++<-]";
    static uint8_t tape[30000];
    static int32_t other[sizeof program];
    int32_t open[64], depth = 0;
    const int32_t length = (int32_t)sizeof program - 1;
    for (int32_t i = 0; i < length; i++) {
        if (program[i] == '[') {
            open[depth++] = i;
        } else if (program[i] == ']') {
            other[i] = open[--depth];
            other[other[i]] = i;
        }
    }
    uint64_t sum = 0;
    for (int round = 0; round < 6000; round++) {
        memset(tape, 0, 64);
        tape[7] = (uint8_t)(kernel_seed & 1);
        int32_t at = 0;
        for (int32_t pc = 0; pc < length; pc++) {
            switch (program[pc]) {
            case '+':
                tape[at]++;
                break;
            case '-':
                tape[at]--;
                break;
            case '>':
                at++;
                break;
            case '<':
                at--;
                break;
            case '[':
                pc = tape[at] ? pc : other[pc];
                break;
            case ']':
                pc = tape[at] ? other[pc] : pc;
                break;
            }
        }
        for (int i = 0; i < 8; i++) {
            sum = mix(sum, tape[i]);
        }
    }
    return sum;
}

const struct kernel machine_kernels[] = {
    {"register_machine", register_machine}, {"stack_machine", stack_machine}, {"symbols", symbols}, {0, 0}};
