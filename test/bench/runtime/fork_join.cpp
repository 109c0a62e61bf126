// What forking, joining and sharing cost, beside the same work done in order. Prints `name nanoseconds`, the best of
// some rounds.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <tessera/fibers.h>
#include <tessera/parallel.hpp>
#include <vector>

namespace {

using namespace tessera;

volatile int fib_of = 32;  // so that nobody foresees the result
constexpr int kQueens = 10;
constexpr int kRounds = 7;

template <typename Work>
double best_of(Work work) {
    double best = 1e18;
    for (int round = 0; round < kRounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        best =
            std::min(best, std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
}

void print(const char* name, double nanoseconds) { std::printf("%s %.3f\n", name, nanoseconds); }

void demand(bool is_right, const char* what) {
    if (!is_right) {
        std::printf("wrong %s\n", what);
        std::exit(1);
    }
}

__attribute__((__noinline__)) long fib_in_order(int n) { return n < 2 ? n : fib_in_order(n - 1) + fib_in_order(n - 2); }

struct FibJob {
    tessera_job job;
    int n;
    long result;
};
long fib(int n, tessera_worker* by);
void run_fib(tessera_job* job, tessera_worker* by) {
    auto& fib_job = *reinterpret_cast<FibJob*>(job);
    fib_job.result = fib(fib_job.n, by);
}
long fib(int n, tessera_worker* by) {
    if (n < 2) {
        return n;
    }
    FibJob second{{run_fib, 0, nullptr, nullptr}, n - 2, 0};
    const bool is_forked = tessera_fork(by, &second.job);
    const long first = fib(n - 1, by);
    return first + (!is_forked || tessera_join(by, &second.job) ? fib(n - 2, by) : second.result);
}

bool is_safe(const signed char* rows, int count, int row) {
    for (int i = 0; i < count; ++i) {
        if (rows[i] == row || rows[i] - row == count - i || row - rows[i] == count - i) {
            return false;
        }
    }
    return true;
}
int queens_in_order(signed char* rows, int count) {
    if (count == kQueens) {
        return 1;
    }
    int found = 0;
    for (int row = 0; row < kQueens; ++row) {
        if (is_safe(rows, count, row)) {
            rows[count] = static_cast<signed char>(row);
            found += queens_in_order(rows, count + 1);
        }
    }
    return found;
}
// Each row that is safe is a part of its own.
struct Board {
    signed char rows[kQueens];
    int count;
};
int queens(tessera_worker* by, const Board& board);
int queens_of(tessera_worker* by, const Board& board, const signed char* choices, int count) {
    if (count == 1) {
        Board next = board;
        next.rows[next.count++] = choices[0];
        return next.count == kQueens ? 1 : queens(by, next);
    }
    int a = 0;
    int b = 0;
    parallel_invoke(
        by,
        [&](tessera_worker* w) { a = queens_of(w, board, choices, count / 2); },
        [&](tessera_worker* w) { b = queens_of(w, board, choices + count / 2, count - count / 2); });
    return a + b;
}
int queens(tessera_worker* by, const Board& board) {
    signed char choices[kQueens];
    int count = 0;
    for (int row = 0; row < kQueens; ++row) {
        choices[count] = static_cast<signed char>(row);
        count += is_safe(board.rows, board.count, row) ? 1 : 0;
    }
    return count == 0 ? 0 : queens_of(by, board, choices, count);
}

std::vector<std::uint32_t> numbers(std::size_t count) {
    std::vector<std::uint32_t> made(count);
    std::uint32_t seed = 1;
    for (auto& each : made) {
        each = seed = seed * 1664525U + 1013904223U;
    }
    return made;
}

void multiply(const std::vector<double>& a, const std::vector<double>& b, std::vector<double>& c, int size, int row) {
    for (int k = 0; k < size; ++k) {
        const double factor = a[row * size + k];
        for (int j = 0; j < size; ++j) {
            c[row * size + j] += factor * b[k * size + j];
        }
    }
}

void fibs() {
    const long right = fib_in_order(fib_of);
    print("fib_in_order", best_of([&] { demand(fib_in_order(fib_of) == right, "fib"); }) / static_cast<double>(right));
    parallel::run([&](tessera_worker* by) {
        print("fib", best_of([&] { demand(fib(fib_of, by) == right, "fib"); }) / static_cast<double>(right));
    });
}

void all_queens() {
    signed char rows[kQueens];
    print("queens_in_order", best_of([&] { demand(queens_in_order(rows, 0) == 724, "queens"); }));
    parallel::run(
        [&](tessera_worker* by) { print("queens", best_of([&] { demand(queens(by, {}) == 724, "queens"); })); });
}

void arrays() {
    const auto values = numbers(1 << 20);
    print("sort_in_order", best_of([&] {
              auto copy = values;
              std::stable_sort(copy.begin(), copy.end());
          }));
    print("sort", best_of([&] {
              auto copy = values;
              parallel_sort(copy.begin(), copy.end());
              demand(std::is_sorted(copy.begin(), copy.end()), "sort");
          }));
    constexpr int kSize = 256;
    const std::vector<double> a(kSize * kSize, 1.5);
    const std::vector<double> b(kSize * kSize, 0.5);
    std::vector<double> c(kSize * kSize);
    print("multiply_in_order", best_of([&] {
              for (int row = 0; row < kSize; ++row) {
                  multiply(a, b, c, kSize, row);
              }
          }));
    print("multiply", best_of([&] { parallel_for(0, kSize, [&](int row) { multiply(a, b, c, kSize, row); }, 8); }));
}

void reducers() {
    constexpr int kCount = 10000000;
    parallel::run([&](tessera_worker* by) {
        Reducer<Sum<long>> sum;
        print("reducer", best_of([&] {
                             for (int i = 0; i < kCount; ++i) {
                                 volatile long& view = sum.view(by);
                                 view = view + i;
                             }
                         }) / kCount);
    });
}

}  // namespace

int main() {
    std::printf("width %zu\n", parallel_width());
    fibs();
    all_queens();
    arrays();
    reducers();
}
