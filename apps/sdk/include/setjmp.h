// Non-local jumps. `tessera cc` gives setjmp its meaning (safeir/lower/unit/setjmp.cpp).
#ifndef _SETJMP_H
#define _SETJMP_H

#ifdef __cplusplus
extern "C" {
#endif

struct __jmp_buf_tag {
    unsigned long long __frame;  // which activation of which function
    unsigned __label;            // which setjmp in it
};
typedef struct __jmp_buf_tag jmp_buf[1];
typedef jmp_buf sigjmp_buf;

int setjmp(jmp_buf) __attribute__((__returns_twice__));
int _setjmp(jmp_buf) __attribute__((__returns_twice__));
__attribute__((__noreturn__)) void longjmp(jmp_buf, int);
__attribute__((__noreturn__)) void _longjmp(jmp_buf, int);
__attribute__((__noreturn__)) void siglongjmp(sigjmp_buf, int);

#define setjmp setjmp
#define sigsetjmp(environment, save) setjmp(environment)

#ifdef __cplusplus
}
#endif
#endif
