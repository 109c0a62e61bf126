// The smallest program: shows that the C library has started.
#include <cstdio>

int main() {
    std::printf("hello from ring 0\n");
    return 0;
}
