// Containers, algorithms, ranges, smart pointers, and what else is headers alone.
#include <algorithm>
#include <any>
#include <array>
#include <atomic>
#include <bit>
#include <bitset>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <ranges>
#include <ratio>
#include <set>
#include <span>
#include <stack>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

struct Node {
    int value;
    std::unique_ptr<Node> left, right;
};
static void insert(std::unique_ptr<Node>& at, int value) {
    if (!at) {
        at = std::make_unique<Node>(Node{value, nullptr, nullptr});
    } else {
        insert(value < at->value ? at->left : at->right, value);
    }
}
static int sum(const std::unique_ptr<Node>& at) { return at ? at->value + sum(at->left) + sum(at->right) : 0; }

static int sum_of(std::span<const int> numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0); }

static std::vector<std::string> log_lines;
struct Early {
    Early() { log_lines.push_back("constructed before main"); }
    ~Early() { std::printf("destroyed behind main, %d lines\n", static_cast<int>(log_lines.size())); }
};
static Early early;

template <typename T>
concept Number = std::integral<T> || std::floating_point<T>;
static auto twice(Number auto n) { return n + n; }

int main() {
    std::vector<int> v(20);
    std::iota(v.begin(), v.end(), 1);
    std::mt19937 engine(42);
    for (std::size_t i = v.size() - 1; i > 0; --i) {
        std::swap(v[i], v[engine() % (i + 1)]);
    }
    std::ranges::sort(v, std::greater{});
    std::printf("%d %d %d\n", v.front(), v.back(), sum_of(std::span(v).subspan(5, 5)));
    for (const int n : v | std::views::filter([](int x) { return x % 3 == 0; }) |
                           std::views::transform([](int x) { return x * x; }) | std::views::take(4)) {
        std::printf("%d ", n);
    }
    std::printf("\n");

    std::map<std::string, std::vector<int>> index;
    const std::string_view text = "the quick brown fox jumps over the lazy dog and the cat";
    int position = 0;
    for (const auto word : std::views::split(text, ' ')) {
        index[std::string(word.begin(), word.end())].push_back(position++);
    }
    for (const auto& [word, places] : index) {
        std::printf("%s:%d ", word.c_str(), static_cast<int>(places.size()));
    }
    std::printf("\n");
    std::unordered_map<std::string, int> counts;
    for (const char c : text) {
        ++counts[std::string(1, c)];
    }
    std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return std::tie(b.second, a.first) < std::tie(a.second, b.first);
    });
    for (std::size_t i = 0; i < 5; ++i) {
        std::printf("'%s'%d ", sorted[i].first.c_str(), sorted[i].second);
    }
    std::printf("\n");

    std::deque<int> deque{3, 4};
    deque.push_front(2);
    std::list<int> list(deque.begin(), deque.end());
    list.splice(list.begin(), std::list<int>{9, 8});
    list.sort();
    std::forward_list<int> forward(list.begin(), list.end());
    forward.reverse();
    for (const int n : forward) {
        std::printf("%d", n);
    }
    std::priority_queue<int, std::vector<int>, std::greater<>> queue;
    for (const int n : {5, 1, 4}) {
        queue.push(n);
    }
    std::stack<int> stack;
    stack.push(1);
    std::multiset<int> bag{1, 1, 2};
    std::unordered_set<std::uint64_t> big{1ULL << 40, 7};
    std::printf(" %d %d %d %d\n",
                queue.top(),
                stack.top(),
                static_cast<int>(bag.count(1)),
                static_cast<int>(big.count(1ULL << 40)));

    std::unique_ptr<Node> tree;
    for (const int n : v) {
        insert(tree, n);
    }
    auto shared = std::make_shared<std::string>("shared");
    std::weak_ptr<std::string> weak = shared;
    auto second = shared;
    std::printf("%d %d", sum(tree), static_cast<int>(shared.use_count()));
    shared.reset();
    second.reset();
    std::printf(" %d\n", weak.expired());

    std::variant<int, std::string, double> choice = "word";
    const auto show = [](const auto& held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>) {
            std::printf("text %s ", held.c_str());
        } else {
            std::printf("number %g ", static_cast<double>(held));
        }
    };
    std::visit(show, choice);
    choice = 2.5;
    std::visit(show, choice);
    std::optional<int> nothing;
    std::any anything = std::string("any");
    std::function<int(int)> add = [n = 3](int x) { return x + n; };
    std::printf("%d %s %d %d\n", nothing.value_or(-1), std::any_cast<std::string>(anything).c_str(), add(4), twice(21));
    auto bound = std::bind(std::minus<>{}, std::placeholders::_2, std::placeholders::_1);
    std::printf("%d %d %d\n", bound(1, 10), std::invoke(&Node::value, *tree), static_cast<int>(std::popcount(0xf0f0U)));

    std::array<char, 32> digits{};
    auto [end, problem] = std::to_chars(digits.data(), digits.data() + digits.size(), 0xdeadbeefU, 16);
    std::printf("%.*s ", static_cast<int>(end - digits.data()), digits.data());
    end = std::to_chars(digits.data(), digits.data() + digits.size(), 0.1).ptr;
    std::printf("%.*s ", static_cast<int>(end - digits.data()), digits.data());
    int parsed = 0;
    std::from_chars("1234x", "1234x" + 5, parsed);
    std::printf("%d %s %s\n", parsed, std::to_string(-17).c_str(), std::to_string(1.5).c_str());
    std::bitset<70> bits("1011");
    bits.flip(69);
    std::printf("%d %lld\n", static_cast<int>(bits.count()), static_cast<long long>(std::gcd(84LL, 36LL)));

    std::atomic<int> counter{0};
    std::atomic<std::uint64_t> wide{1};
    counter.fetch_add(5);
    int expected = 5;
    const bool swapped = counter.compare_exchange_strong(expected, 8);
    wide |= 1ULL << 33;
    std::atomic_flag flag = ATOMIC_FLAG_INIT;
    const bool was_set = flag.test_and_set();
    std::printf("%d %d %d %llu\n", counter.load(), swapped, was_set, static_cast<unsigned long long>(wide.load()));

    std::byte room[1024];
    std::pmr::monotonic_buffer_resource pool(room, sizeof room);
    std::pmr::vector<std::pmr::string> pooled(&pool);
    pooled.emplace_back("a string long enough that it needs memory of its own");
    std::string long_string(1000, 'x');
    long_string.replace(10, 5, "yyy").insert(0, "start").append(3, 'z');
    std::printf("%d %d %d %s\n",
                static_cast<int>(pooled[0].size()),
                static_cast<int>(long_string.size()),
                static_cast<int>(long_string.rfind('y')),
                long_string.substr(0, 8).c_str());

    std::minstd_rand simple(7);
    std::printf("%u\n", static_cast<unsigned>(simple()));
    std::vector<int> heap{4, 1, 3};
    std::make_heap(heap.begin(), heap.end());
    std::vector<int> merged;
    std::set_union(v.rbegin(), v.rend(), heap.begin(), heap.begin() + 1, std::back_inserter(merged));
    std::printf("%d %d %d\n", heap[0], static_cast<int>(merged.size()), *std::ranges::max_element(v));
    std::vector<bool> flags(100);
    flags[64] = true;
    std::printf("%d %s\n", static_cast<int>(std::count(flags.begin(), flags.end(), true)), log_lines[0].c_str());
}
