// setjmp in all its ways.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static jmp_buf env, outer;
static void thrower(int n) { if (n == 0) longjmp(env, 7); thrower(n - 1); }
static int basic(void) { int r = setjmp(env); if (r == 0) { thrower(5); return -1; } return r; }
static int in_loop(void) {
    volatile int count = 0;
    int sum = 0;
    for (int i = 0; i < 10; ++i) {
        int r = setjmp(env);
        if (r == 0) { if (i % 2) longjmp(env, i + 1); sum += 1; }
        else { sum += 100 * r; count++; }
    }
    return sum * 10 + count;
}
static int several(int which) {
    jmp_buf a, b, c;
    volatile int state = 0;
    if (setjmp(a)) { state += 1; if (state > 3) return 1000 + state; }
    if (setjmp(b)) { state += 10; if (state > 30) return 2000 + state; longjmp(a, 1); }
    if (setjmp(c)) { state += 100; longjmp(b, 1); }
    switch (which) { case 0: longjmp(a, 1); case 1: longjmp(b, 2); default: longjmp(c, 3); }
}
static int in_switch(int v) {
    switch (setjmp(env)) {
        case 0: longjmp(env, v);
        case 1: return 11;
        case 2: return 22;
        default: return 99;
    }
}
static int compared(void) { volatile int n = 0; while (setjmp(env) < 3) { n++; longjmp(env, n + 1); } return n; }
static int zero_value(void) { if (setjmp(env) == 1) return 5; longjmp(env, 0); }
static void inner_throw(void) { longjmp(outer, 3); }
static int nested(void) {
    volatile int steps = 0;
    int r = setjmp(outer);
    if (r == 0) {
        steps += 1;
        if (setjmp(env) == 0) { steps += 10; longjmp(env, 1); }
        else { steps += 100; inner_throw(); }
    }
    return steps * 10 + r;
}
static int deep(int n) {
    jmp_buf mine;
    if (n == 0) longjmp(outer, 42);
    int r = setjmp(mine);
    if (r) return -1;
    return deep(n - 1) + 1;
}
static int by_pointer(int (*f)(const char*, int), const char* s) {
    int k = 3; double d = 2.5; long long big = 1234567890123LL; char text[20];
    strcpy(text, s);
    if (setjmp(env) == 0) { int x = f(text, k); printf("%s %d %.1f %lld\n", text, x, d, big); longjmp(env, x); }
    printf("back %s %d %.1f %lld\n", text, k, d, big);
    return k;
}
static int callee(const char* s, int n) { return (int)strlen(s) + n; }
struct big { int v[10]; };
static struct big make(int n) { struct big b; for (int i = 0; i < 10; ++i) b.v[i] = n * i; return b; }
static int sum(struct big b) { int s = 0; for (int i = 0; i < 10; ++i) s += b.v[i]; if (s > 400) longjmp(env, s); return s; }
static int structures(void) {
    int r = setjmp(env);
    if (r) return r;
    struct big b = make(2);
    int s = sum(b);
    struct big c = make(10);
    return sum(c) + s;
}
static int expression(int a) { return a * 3 + setjmp(env) + callee("xy", a); }
static int locals_changed(void) {
    int a = 1; volatile int b = 1;
    if (setjmp(env) == 0) { a = 2; b = 2; callee("q", a); a = 3; b = 3; thrower(1); a = 4; b = 4; }
    return b;
}
static int vla(int n) {
    volatile int tries = 0;
    int r = setjmp(env);
    if (r == 3) return tries * 100 + r;
    tries++;
    char buffer[n];
    memset(buffer, 'x', (unsigned)n);
    if (buffer[n - 1] != 'x') return -1;
    longjmp(env, r + 1);
}
typedef void (*handler)(void);
struct frame { jmp_buf b; struct frame* up; };
static struct frame* top;
static int protect(handler h) {
    struct frame f; f.up = top; top = &f;
    int r = setjmp(f.b);
    if (r == 0) h();
    top = f.up;
    return r;
}
static void raise_it(void) { longjmp(top->b, 77); }
static void nest3(void) { int r = protect(raise_it); printf("caught %d\n", r); raise_it(); }
static void nest2(void) { int r = protect(nest3); printf("caught %d\n", r); }
int main(void) {
    printf("%d %d\n", basic(), in_loop());
    printf("%d %d %d\n", several(0), several(1), several(2));
    printf("%d %d %d\n", in_switch(1), in_switch(2), in_switch(3));
    printf("%d %d %d\n", compared(), zero_value(), nested());
    int r = setjmp(outer);
    if (r == 0) deep(50);
    printf("deep %d\n", r);
    printf("%d\n", by_pointer(callee, "hello"));
    printf("%d %d\n", structures(), expression(4));
    printf("%d %d\n", locals_changed(), vla(100));
    printf("%d\n", protect(nest2));
    volatile int n = 0; for (volatile int i = 0; i < 1000; ++i) { if (setjmp(env) == 0) thrower(3); else n++; if (i == 999) printf("n %d\n", n > 0); }
    return 3;
}
