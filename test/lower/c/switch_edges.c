// Several cases of a switch lead to one place with a value that is an address moved on: as SQLite's shell has it.
#include <stdio.h>

__attribute__((noinline)) static int words(const char* text) {
    int count = 0;
    const char* p = text;
    for (;;) {
        switch (*p) {
        case '\0':
            return count;
        case ' ':
        case '\t':
        case '\n':
        case ',':
            p++;
            continue;
        case '"':
            for (p++; *p != '\0' && *p != '"'; p++) {
            }
            p += *p != '\0';
            count++;
            continue;
        case '\\':
            p++;
            break;
        default:
            break;
        }
        while (*p > ' ' && *p != ',') {
            p++;
        }
        count++;
    }
}

__attribute__((noinline)) static const char* after(const char* p, int kind) {
    const char* to;
    switch (kind) {
    case 1:
    case 3:
    case 9:
    case 200:
    case 4000:
        to = p + 5;
        break;
    case 2:
        to = p + 7;
        break;
    default:
        to = p;
    }
    return to;
}

__attribute__((noinline)) static int scan(const char* p, const char* end) {
    int count = 0;
    while (p < end) {
        const char* next = p + 1;
        count += *next == '!';
        switch (*p) {
        case 'a':
        case 'c':
        case 'e':
        case 'x':
        case '~':
            p = next;
            continue;
        case 'b':
            p += 2;
            continue;
        case 'd':
            count += 10;
            p = next;
            continue;
        default:
            return count + (int)(end - p) * 1000;
        }
    }
    return count;
}

int main(void) {
    const char text[] = "a~b!cd~!dezz";
    printf("%d\n", scan(text, text + 12));
    printf("%d %d %d\n", words("a b, c\t\"d e\" \\f"), words(""), words(" ,\n, x"));
    for (int kind = 0; kind < 5; ++kind) {
        printf("%s\n", after("0123456789", kind));
    }
    return 0;
}
