// An exception can't leave C code: std::terminate is called, and the exception is at hand there.
#include <cstdio>
#include <cstdlib>
#include <exception>

static int compare(const void*, const void*) { throw 5; }

int main() {
    std::set_terminate([] {
        try {
            throw;
        } catch (int i) {
            std::printf("terminated by %d\n", i);
        }
        std::fflush(stdout);
        std::_Exit(4);
    });
    int numbers[3] = {3, 2, 1};
    try {
        std::qsort(numbers, 3, sizeof(int), compare);
    } catch (int) {
        std::printf("caught\n");
    }
}
