// libgomp's tasks, as a peer: prints `fib nanoseconds`, the best of some rounds, for each spawned and each plain call.
#include <algorithm>
#include <chrono>
#include <cstdio>

namespace {

long fib(int n) {
    if (n < 2) {
        return n;
    }
    long a = 0;
    long b = 0;
#pragma omp task shared(a)
    a = fib(n - 1);
    b = fib(n - 2);
#pragma omp taskwait
    return a + b;
}

}  // namespace

int main() {
    double best = 1e18;
    long result = 0;
#pragma omp parallel
#pragma omp single
    for (int round = 0; round < 3; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        result = fib(26);
        const auto took = std::chrono::steady_clock::now() - begin;
        best = std::min(best, std::chrono::duration<double, std::nano>(took).count() / static_cast<double>(result));
    }
    std::printf("fib %.3f\n", best);
}
