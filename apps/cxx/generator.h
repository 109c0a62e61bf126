// A sequence that is made while it is read: a coroutine that yields. (std::generator is not in libc++ 19.)
#pragma once

#include <coroutine>
#include <exception>
#include <iterator>
#include <utility>

template <typename T>
class Generator {
  public:
    struct promise_type {
        const T* current = nullptr;  // lives in the coroutine while it is suspended
        std::exception_ptr problem;

        Generator get_return_object() { return Generator(Handle::from_promise(*this)); }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always yield_value(const T& value) noexcept {
            current = &value;
            return {};
        }
        void return_void() noexcept {}
        void unhandled_exception() noexcept { problem = std::current_exception(); }
    };
    using Handle = std::coroutine_handle<promise_type>;

    class Iterator {
      public:
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        explicit Iterator(Handle handle) : handle_(handle) { advance(); }
        const T& operator*() const { return *handle_.promise().current; }
        Iterator& operator++() {
            advance();
            return *this;
        }
        void operator++(int) { advance(); }
        bool operator==(std::default_sentinel_t) const { return handle_.done(); }

      private:
        void advance() {
            handle_.resume();
            if (handle_.promise().problem != nullptr) {
                std::rethrow_exception(handle_.promise().problem);
            }
        }
        Handle handle_;
    };

    Generator(Generator&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    ~Generator() {
        if (handle_) {
            handle_.destroy();
        }
    }
    Iterator begin() { return Iterator(handle_); }
    std::default_sentinel_t end() const { return {}; }

  private:
    explicit Generator(Handle handle) : handle_(handle) {}
    Handle handle_;
};
