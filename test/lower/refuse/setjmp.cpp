// refused: setjmp.cpp:14: error: setjmp beside try or destructors; call it in a function of its own (in function main)
#include <csetjmp>
#include <cstdio>

static std::jmp_buf back;

static void leave() { std::longjmp(back, 1); }

int main() {
    if (setjmp(back) != 0) {
        return 0;
    }
    try {
        leave();
    } catch (int) {
        std::puts("caught");
    }
    return 1;
}
