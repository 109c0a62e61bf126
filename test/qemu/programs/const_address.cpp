// A length that is made of the addresses of a constant text.
#include <cstdio>
static int last(const char*& begin, const char* end) {
    const char* p = begin;
    unsigned value = 0;
    do {
        value = value * 10 + unsigned(*p - '0');
        ++p;
    } while (p != end && '0' <= *p && *p <= '9');
    auto digits = p - begin;
    begin = p;
    return digits == 10 ? p[-1] : int(value);
}
int main() {
    const char* s = "2147483649";
    const char *b = s, *e = s + 10;
    std::printf("%d\n", last(b, e));
}
