// Control flow: state machines, an interpreter, backtracking, and a mix of the classic core workloads.
#include <string.h>

#include "kernels.h"

// Many flags, many branches, little arithmetic: generated controller code.
static uint64_t controller(void) {
    struct { unsigned door : 2, motor : 2, alarm : 1, heat : 3; int position, target, ticks, faults; } s = {0};
    uint32_t state = kernel_seed;
    uint64_t sum = 0;
    for (int step = 0; step < 4000000; step++) {
        const uint32_t event = next_random(&state) >> 24;
        switch (s.motor) {
            case 0:
                if (event < 40 && s.position < 1000) { s.motor = 1; s.target = s.position + (int)event; }
                else if (event > 220 && s.position > 0) { s.motor = 2; s.target = s.position - (int)(event & 31); }
                break;
            case 1:
                if (++s.position >= s.target || s.position >= 1000) { s.motor = 0; s.door = 1; }
                else if (event == 128) { s.motor = 3; s.faults++; }
                break;
            case 2:
                if (--s.position <= s.target || s.position <= 0) { s.motor = 0; s.door = 2; }
                else if (event == 129) { s.motor = 3; s.faults++; }
                break;
            default:
                if (event & 1) { s.motor = 0; s.alarm = 0; } else { s.alarm = 1; }
                break;
        }
        if (s.door && event > 100) {
            s.door = s.door == 1 ? 2 : 0;
        }
        if (s.alarm) {
            s.heat = (s.heat + 1) & 7;
        } else if (event % 7 == 3 && s.heat) {
            s.heat--;
        }
        s.ticks += s.heat > 4 ? 2 : 1;
        if ((step & 4095) == 0) {
            sum = mix(sum, (uint64_t)(s.position * 64 + s.ticks + s.faults));
        }
    }
    return sum;
}

// A stack machine that counts, multiplies and jumps.
static uint64_t interpreter(void) {
    enum { PUSH, ADD, MUL, XOR, DUP, SWAP, JNZ, DEC, LOAD, STORE, HALT };
    static const int32_t code[] = {PUSH, 1,  STORE, 0,    PUSH, 0, STORE, 1,     LOAD, 1, LOAD, 0,    PUSH,  3,  MUL,  PUSH, 7,
                                   ADD,  DUP, STORE, 0,   XOR,  STORE, 1, LOAD,  2,    DEC, DUP, STORE, 2, JNZ, 8,   HALT};
    int32_t memory[4] = {0};
    int32_t stack[16];
    memory[2] = 1000000 + (int32_t)(kernel_seed & 1);
    int sp = 0;
    for (int pc = 0;;) {
        switch (code[pc++]) {
            case PUSH: stack[sp++ & 15] = code[pc++]; break;
            case ADD: sp--; stack[(sp - 1) & 15] = (int32_t)((uint32_t)stack[(sp - 1) & 15] + (uint32_t)stack[sp & 15]); break;
            case MUL: sp--; stack[(sp - 1) & 15] = (int32_t)((uint32_t)stack[(sp - 1) & 15] * (uint32_t)stack[sp & 15]); break;
            case XOR: sp--; stack[(sp - 1) & 15] ^= stack[sp & 15]; break;
            case DUP: stack[sp & 15] = stack[(sp - 1) & 15]; sp++; break;
            case SWAP: { const int32_t t = stack[(sp - 1) & 15]; stack[(sp - 1) & 15] = stack[(sp - 2) & 15]; stack[(sp - 2) & 15] = t; break; }
            case JNZ: pc = stack[--sp & 15] ? code[pc] : pc + 1; break;
            case DEC: stack[(sp - 1) & 15]--; break;
            case LOAD: stack[sp++ & 15] = memory[code[pc++] & 3]; break;
            case STORE: memory[code[pc++] & 3] = stack[--sp & 15]; break;
            default: return (uint64_t)(uint32_t)memory[0] << 32 | (uint32_t)memory[1];
        }
    }
}

static int place(int row, uint32_t columns, uint32_t left, uint32_t right, int size) {
    if (row == size) {
        return 1;
    }
    int found = 0;
    for (uint32_t open = ~(columns | left | right) & ((1u << size) - 1); open; open &= open - 1) {
        const uint32_t bit = open & -open;
        found += place(row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1, size);
    }
    return found;
}

static uint64_t queens(void) { return (uint64_t)place(0, 0, 0, 0, 11 + (int)(kernel_seed & 1)); }

// Lists, small matrices, a text state machine and a running CRC in turn, in the manner of the classic core benchmark.
struct item { struct item *next; int16_t data, index; };

static uint16_t crc16(uint16_t crc, uint32_t value) {
    for (int bit = 0; bit < 32; bit++) {
        const int carry = (crc ^ value) & 1;
        crc = (uint16_t)(crc >> 1 ^ (carry ? 0xa001 : 0));
        value >>= 1;
    }
    return crc;
}

static uint16_t list_part(struct item *head, int seek) {
    struct item *at = head;
    uint32_t hits = 0;
    for (; at; at = at->next) {
        hits += (at->data & 0x7f) == (seek & 0x7f) ? (uint32_t)at->index : 1u;
    }
    return (uint16_t)hits;
}

static struct item *reverse(struct item *head) {
    struct item *done = NULL;
    while (head) {
        struct item *next = head->next;
        head->next = done;
        done = head;
        head = next;
    }
    return done;
}

static uint32_t matrix_part(int16_t a[12][12], int32_t c[12][12], int16_t value) {
    uint32_t total = 0;
    for (int i = 0; i < 12; i++) {
        for (int j = 0; j < 12; j++) {
            a[i][j] = (int16_t)(a[i][j] + value);
        }
    }
    for (int i = 0; i < 12; i++) {
        for (int j = 0; j < 12; j++) {
            int32_t sum = 0;
            for (int k = 0; k < 12; k++) {
                const int32_t product = a[i][k] * a[k][j];
                sum += (product >> 2 & 15) * (product >> 5 & 127);
            }
            c[i][j] = sum;
            total += (uint32_t)sum;
        }
    }
    for (int i = 0; i < 12; i++) {
        for (int j = 0; j < 12; j++) {
            a[i][j] = (int16_t)(a[i][j] - value);
        }
    }
    return total;
}

static uint32_t state_part(const char *input) {
    enum { START, SIGN, INT, DOT, FRACTION, EXP, BAD, STATES } state = START;
    uint32_t counts[STATES] = {0};
    for (; *input; input++) {
        const char letter = *input;
        const int digit = letter >= '0' && letter <= '9';
        if (letter == ',') {
            counts[state]++;
            state = START;
            continue;
        }
        switch (state) {
            case START: state = digit ? INT : letter == '+' || letter == '-' ? SIGN : letter == '.' ? DOT : BAD; break;
            case SIGN: state = digit ? INT : letter == '.' ? DOT : BAD; break;
            case INT: state = digit ? INT : letter == '.' ? DOT : BAD; break;
            case DOT: state = digit ? FRACTION : BAD; break;
            case FRACTION: state = digit ? FRACTION : letter == 'e' ? EXP : BAD; break;
            case EXP: state = digit ? EXP : BAD; break;
            default: break;
        }
    }
    uint32_t mixed = 0;
    for (int i = 0; i < STATES; i++) {
        mixed = mixed * 31 + counts[i];
    }
    return mixed;
}

static uint64_t core(void) {
    static struct item items[200];
    static int16_t a[12][12];
    static int32_t c[12][12];
    char input[] = "5012,1234,-874,+122,35.54400,.1234500,-110.700,+0.64400,5.500e3,-.123e2,-87e+832,+0.6e-12,T0.3e-1F,-T.T++Tq,1T3.4e4z,34.0e-T^,";
    uint32_t state = kernel_seed;
    for (int i = 0; i < 200; i++) {
        items[i].next = i + 1 < 200 ? &items[i + 1] : NULL;
        items[i].data = (int16_t)next_random(&state);
        items[i].index = (int16_t)i;
    }
    for (int i = 0; i < 144; i++) {
        a[i / 12][i % 12] = (int16_t)(next_random(&state) & 0xff);
    }
    struct item *head = items;
    uint16_t crc = 0;
    for (int round = 0; round < 16000; round++) {
        crc = crc16(crc, list_part(head, round));
        head = reverse(head);
        crc = crc16(crc, matrix_part(a, c, (int16_t)round));
        input[round % (int)(sizeof input - 1)] ^= (char)(round & 1);
        crc = crc16(crc, state_part(input));
    }
    return crc;
}

const struct kernel control_kernels[] = {{"controller", controller}, {"interpreter", interpreter}, {"queens", queens}, {"core", core}, {0, 0}};
