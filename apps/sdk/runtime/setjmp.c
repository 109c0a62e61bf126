// The run-time half of setjmp: see safeir/lower/unit/setjmp.cpp.
//
// The variables are the program's, not a thread's: a program runs on one fiber so far.
#include <setjmp.h>

_Noreturn void tessera_throw(int value) __asm__("tessera.throw");

static unsigned long long frames;  // activations that took a token, so tokens never repeat
static struct {
    unsigned long long frame;
    unsigned label;
    int value;
} jump;

unsigned long long __tessera_frame_token(void) { return ++frames; }

void __tessera_setjmp(struct __jmp_buf_tag* environment, unsigned long long frame, unsigned label) {
    environment->__frame = frame;
    environment->__label = label;
}

// The label to go on at when the throw under way is for this frame, else 0.
unsigned __tessera_landing(unsigned long long frame) { return jump.frame == frame ? jump.label : 0; }

int __tessera_jump_value(void) { return jump.value; }

void longjmp(jmp_buf environment, int value) {
    jump.frame = environment->__frame;
    jump.label = environment->__label;
    jump.value = value == 0 ? 1 : value;
    tessera_throw(1);
}

void _longjmp(jmp_buf environment, int value) { longjmp(environment, value); }
void siglongjmp(sigjmp_buf environment, int value) { longjmp(environment, value); }
