// Fork and join in every form, against what the serial program finds.
#include <cstdint>
#include <cstdio>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>
#include <tessera/parallel.hpp>
#include <vector>

namespace {

using namespace tessera;

long fib(int n, tessera_worker* by) {
    if (n < 2) {
        return n;
    }
    long a = 0;
    long b = 0;
    parallel_invoke(by, [&](tessera_worker* w) { a = fib(n - 1, w); }, [&](tessera_worker* w) { b = fib(n - 2, w); });
    return a + b;
}

bool is_safe(const std::vector<int>& rows, int row) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto apart = static_cast<int>(rows.size() - i);
        if (rows[i] == row || rows[i] - row == apart || row - rows[i] == apart) {
            return false;
        }
    }
    return true;
}

// Found in serial order, whoever finds them.
void queens(int size, const std::vector<int>& rows, Reducer<Append<std::string>>& found) {
    if (static_cast<int>(rows.size()) == size) {
        for (const int row : rows) {
            found.view() += static_cast<char>('0' + row);
        }
        found.view() += ' ';
        return;
    }
    parallel_for(
        0,
        size,
        [&](int row) {
            if (is_safe(rows, row)) {
                auto next = rows;
                next.push_back(row);
                queens(size, next, found);
            }
        },
        1);
}

struct Add {
    void operator()(long& left, long right) const { left += right; }
};

std::uint32_t hash(const std::string& text) {
    return std::accumulate(text.begin(), text.end(), 2166136261U, [](std::uint32_t sum, unsigned char c) {
        return (sum ^ c) * 16777619U;
    });
}

const char* check(bool is_right) { return is_right ? "right" : "WRONG"; }

void sums() {
    constexpr int kCount = 300000;
    const long expected = static_cast<long>((static_cast<long long>(kCount) * (kCount - 1) / 2) % 1000003);
    Reducer<Sum<long long>> sum;
    Reducer<Maximum<int>> most;
    Reducer<MergeMaps<std::map<int, long>, Add>> counts;
    parallel_for(0, kCount, [&](int i) {
        sum.view() += i;
        most.view() = std::max(most.view(), (i * 7919) % 100003);
        ++counts.view()[i % 7];
    });
    std::printf("sum %s, most %d, counts", check(sum.get() % 1000003 == expected), most.get());
    for (const auto& [key, count] : counts.get()) {
        std::printf(" %d:%ld", key, count);
    }
    std::printf("\n");
    const auto product =
        parallel_reduce(1, 2000, std::string(), [](int i) { return std::to_string(i % 10); }, std::plus<>());
    std::printf("reduce %08x\n", hash(product));
}

void arrays() {
    std::vector<std::uint32_t> values(200000);
    parallel_for(std::size_t{0}, values.size(), [&](std::size_t i) {
        values[i] = static_cast<std::uint32_t>(i) * 2654435761U % 1000003U;
    });
    auto sorted = values;
    std::stable_sort(sorted.begin(), sorted.end());
    auto mine = values;
    parallel_sort(mine.begin(), mine.end());
    std::vector<std::uint32_t> expected(values.size());
    std::vector<std::uint32_t> scanned(values.size());
    std::partial_sum(values.begin(), values.end(), expected.begin());
    parallel_scan(values.begin(), values.size(), scanned.begin(), 0U, std::plus<>());
    std::vector<int> tiles(300 * 200);
    parallel_for_2d(0, 300, 0, 200, [&](int row, int column) { tiles[row * 200 + column] += row ^ column; }, 16);
    long sum = 0;
    for (int i = 0; i < 300 * 200; ++i) {
        sum += tiles[i] == ((i / 200) ^ (i % 200)) ? 0 : 1;
    }
    std::printf("sort %s, scan %s, tiles %s\n", check(sorted == mine), check(expected == scanned), check(sum == 0));
}

void failures() {
    int caught = 0;
    for (int round = 0; round < 50; ++round) {
        try {
            parallel_for(
                0,
                100,
                [&](int i) {
                    if (i == 2 * round % 100) {
                        throw std::runtime_error("part " + std::to_string(i));
                    }
                },
                1);
        } catch (const std::runtime_error& error) {
            caught += error.what() == "part " + std::to_string(2 * round % 100) ? 1 : 0;
        }
    }
    std::printf("caught %d\n", caught);
}

}  // namespace

int main() {
    long result = 0;
    parallel::run([&](tessera_worker* by) { result = fib(24, by); });
    std::printf("fib %ld\n", result);
    Reducer<Append<std::string>> found;
    queens(7, {}, found);
    std::printf("queens %zu %08x\n", found.get().size() / 8, hash(found.get()));
    sums();
    arrays();
    failures();
    return 0;
}
