// Structures behind the dots: of one array, of one field, empty, large; read twice, changed by neither side.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct OneArray {
    float a[3];
};
struct Bytes {
    char x[7];
};
struct OneField {
    long long v;
};
struct Large {
    int n;
    char text[72];
};
struct Nested {
    struct {
        short s[2];
    } inner;
};

static void show(int count, ...) {
    va_list first, second;
    va_start(first, count);
    va_copy(second, first);
    for (int pass = 0; pass < 2; ++pass) {
        va_list* list = pass == 0 ? &first : &second;
        for (int i = 0; i < count; ++i) {
            struct OneArray a = va_arg(*list, struct OneArray);
            struct Bytes b = va_arg(*list, struct Bytes);
            struct OneField f = va_arg(*list, struct OneField);
            int between = va_arg(*list, int);
            struct Large l = va_arg(*list, struct Large);
            struct Nested n = va_arg(*list, struct Nested);
            double last = va_arg(*list, double);
            printf("%g %g %g %.7s %lld %d %d %s %d %d %g\n", a.a[0], a.a[1], a.a[2], b.x, f.v, between, l.n, l.text,
                   n.inner.s[0], n.inner.s[1], last);
            a.a[0] = -1;
            memset(&l, 0, sizeof l);
        }
    }
    va_end(second);
    va_end(first);
}

int main(void) {
    struct OneArray a = {{1.5F, -2.25F, 3}};
    struct Bytes b = {"sevenup"};
    struct OneField f = {1234567890123LL};
    struct Large l = {42, "a text that is long enough to be passed by address"};
    struct Nested n = {{{-7, 9}}};
    show(2, a, b, f, 5, l, n, 0.5, a, b, f, 6, l, n, 0.25);
    printf("%g %d %s\n", a.a[0], l.n, l.text);
    return 0;
}
