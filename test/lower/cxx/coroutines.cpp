// levels: -O0 -O2
// Coroutines: a generator, a task that awaits others, destruction half-way, an exception through one.
#include <coroutine>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

template <typename T>
class Generator {
  public:
    struct promise_type {
        T current{};
        std::exception_ptr problem;
        Generator get_return_object() { return Generator(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_always initial_suspend() { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always yield_value(T value) {
            current = std::move(value);
            return {};
        }
        void return_void() {}
        void unhandled_exception() { problem = std::current_exception(); }
    };
    explicit Generator(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    Generator(Generator&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    ~Generator() {
        if (handle_) {
            handle_.destroy();
        }
    }
    std::optional<T> next() {
        handle_.resume();
        if (handle_.promise().problem) {
            std::rethrow_exception(handle_.promise().problem);
        }
        return handle_.done() ? std::nullopt : std::optional<T>(handle_.promise().current);
    }

  private:
    std::coroutine_handle<promise_type> handle_;
};

struct Guard {
    const char* name;
    ~Guard() { std::printf("[%s gone]", name); }
};

static Generator<long long> fibonacci() {
    Guard guard{"fibonacci"};
    long long a = 0, b = 1;
    for (;;) {
        co_yield a;
        a = std::exchange(b, a + b);
    }
}
static Generator<int> failing(int n) {
    for (int i = 0; i < n; ++i) {
        co_yield i;
    }
    throw std::runtime_error("generator failed");
}

// A task that starts when awaited and goes back to its awaiter by symmetric transfer.
class Task {
  public:
    struct promise_type {
        int value = 0;
        std::coroutine_handle<> awaiter = std::noop_coroutine();
        Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_always initial_suspend() { return {}; }
        auto final_suspend() noexcept {
            struct Back {
                bool await_ready() noexcept { return false; }
                std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
                    return self.promise().awaiter;
                }
                void await_resume() noexcept {}
            };
            return Back{};
        }
        void return_value(int v) { value = v; }
        void unhandled_exception() { std::terminate(); }
    };
    explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    ~Task() {
        if (handle_) {
            handle_.destroy();
        }
    }
    bool await_ready() { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) {
        handle_.promise().awaiter = awaiter;
        return handle_;
    }
    int await_resume() { return handle_.promise().value; }
    int run() {
        handle_.resume();
        return handle_.promise().value;
    }

  private:
    std::coroutine_handle<promise_type> handle_;
};

static Task leaf(int n) { co_return n * 2; }
static Task tree(int depth) {
    if (depth == 0) {
        co_return co_await leaf(1);
    }
    const int left = co_await tree(depth - 1);
    const int right = co_await tree(depth - 1);
    co_return left + right;
}

int main() {
    {
        Generator<long long> numbers = fibonacci();
        for (int i = 0; i < 60; ++i) {
            const auto n = numbers.next();
            if (i % 12 == 11) {
                std::printf("%lld ", *n);
            }
        }
    }
    std::printf("\n");
    try {
        Generator<int> fails = failing(2);
        while (const auto n = fails.next()) {
            std::printf("%d ", *n);
        }
    } catch (const std::exception& e) {
        std::printf("%s\n", e.what());
    }
    std::printf("%d\n", tree(6).run());
    std::vector<Generator<int>> many;
    for (int i = 1; i < 5; ++i) {
        many.push_back(failing(i));
    }
    int sum = 0;
    for (auto& generator : many) {
        sum += *generator.next();
    }
    std::printf("%d\n", sum);
}
