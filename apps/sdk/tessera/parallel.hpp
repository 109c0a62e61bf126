// Parallel work for C++ (parallel.h): functions to call, with any callables. What they do is done when they return; a
// worker's exceptions come out of the call as those of the first part that threw.
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <new>
#include <tessera/parallel.h>
#include <type_traits>
#include <utility>
#include <vector>

namespace tessera {

// How many cores work at once.
inline std::size_t parallel_width() { return tessera_parallel_width(); }

namespace parallel {

template <typename F>
struct Job : tessera_job {
    F* function;
    std::exception_ptr thrown;

    explicit Job(F& does) : tessera_job{run_it, 0, nullptr, nullptr}, function(&does) {}
    static void run_it(tessera_job* job, tessera_worker* by) {
        auto& self = *static_cast<Job*>(job);
        try {
            call(*self.function, by);
        } catch (...) {
            self.thrown = std::current_exception();
        }
    }
    static void call(F& function, tessera_worker* by) {
        if constexpr (std::is_invocable_v<F&, tessera_worker*>) {
            function(by);
        } else {
            function();
        }
    }
};

// Joined however the block is left.
template <typename F>
class Forked {
  public:
    Forked(F& function, tessera_worker* by) : job_(function), by_(by), is_forked_(tessera_fork(by, &job_)) {}
    ~Forked() {
        if (!is_joined_ && is_forked_) {
            (void)tessera_join(by_, &job_);  // nobody wants it any more
        }
    }
    Forked(const Forked&) = delete;
    Forked& operator=(const Forked&) = delete;
    void join() {
        is_joined_ = true;
        if (!is_forked_ || tessera_join(by_, &job_)) {
            Job<F>::call(*job_.function, by_);
        } else if (job_.thrown) {
            std::rethrow_exception(job_.thrown);
        }
    }

  private:
    Job<F> job_;
    tessera_worker* by_;
    bool is_forked_;
    bool is_joined_ = false;
};

// Function(worker) on one of the workers.
template <typename F>
void run(F&& function) {
    if (auto* self = tessera_worker_self(); self != nullptr) {
        function(self);
        return;
    }
    struct Root {
        std::remove_reference_t<F>* function;
        std::exception_ptr thrown;
    } root{&function, nullptr};
    tessera_parallel_run(
        [](void* pointer, tessera_worker* by) {
            auto& begun = *static_cast<Root*>(pointer);
            try {
                (*begun.function)(by);
            } catch (...) {
                begun.thrown = std::current_exception();
            }
        },
        &root);
    if (root.thrown) {
        std::rethrow_exception(root.thrown);
    }
}

template <typename A, typename B>
void invoke(tessera_worker* by, A&& first, B&& second) {
    Forked<std::remove_reference_t<B>> forked(second, by);
    Job<std::remove_reference_t<A>>::call(first, by);
    forked.join();
}

template <typename Index>
std::size_t usual_grain(Index count) {
    const auto parts = std::size_t{8} * parallel_width();
    return std::max<std::size_t>(static_cast<std::size_t>(count) / parts, 1);
}

template <typename Index, typename Body>
void halves(tessera_worker* by, Index begin, Index end, std::size_t grain, Body& body) {
    if (static_cast<std::size_t>(end - begin) <= grain) {
        body(begin, end);
        return;
    }
    const Index middle = begin + (end - begin) / 2;
    invoke(
        by,
        [&](tessera_worker* self) { halves(self, begin, middle, grain, body); },
        [&](tessera_worker* self) { halves(self, middle, end, grain, body); });
}

}  // namespace parallel

// Both at once. Each is called without parameters, or with the worker that does it, which spares nested calls to look
// for it: parallel_invoke(by, ...).
template <typename A, typename B>
void parallel_invoke(tessera_worker* by, A&& first, B&& second) {
    parallel::invoke(by, first, second);
}
template <typename A, typename B>
    requires(!std::is_convertible_v<A, tessera_worker*>)
void parallel_invoke(A&& first, B&& second) {
    parallel::run([&](tessera_worker* by) { parallel::invoke(by, first, second); });
}
template <typename A, typename B, typename... More>
    requires(!std::is_convertible_v<A, tessera_worker*> && sizeof...(More) != 0)
void parallel_invoke(A&& first, B&& second, More&&... more) {
    parallel_invoke([&] { parallel_invoke(first, second); }, more...);
}

// body(first, last) for parts of [begin, end), each of at most `grain` numbers (0: what suits the width).
template <typename Index, typename Body>
void parallel_for_ranges(Index begin, Index end, Body&& body, std::size_t grain = 0) {
    if (begin < end) {
        const auto most = grain != 0 ? grain : parallel::usual_grain(end - begin);
        parallel::run([&](tessera_worker* by) { parallel::halves(by, begin, end, most, body); });
    }
}

// body(i) for each i of [begin, end).
template <typename Index, typename Body>
void parallel_for(Index begin, Index end, Body&& body, std::size_t grain = 0) {
    parallel_for_ranges(
        begin,
        end,
        [&](Index first, Index last) {
            for (; first != last; ++first) {
                body(first);
            }
        },
        grain);
}

// body(row, column) for a rectangle, in tiles of at most so many rows and columns.
template <typename Index, typename Body>
void parallel_for_2d(
    Index rows_begin, Index rows_end, Index columns_begin, Index columns_end, Body&& body, std::size_t tile = 0) {
    if (rows_begin >= rows_end || columns_begin >= columns_end) {
        return;
    }
    const auto rows = tile != 0 ? tile : parallel::usual_grain(rows_end - rows_begin);
    const auto columns = tile != 0 ? tile : static_cast<std::size_t>(columns_end - columns_begin);
    parallel_for_ranges(
        rows_begin,
        rows_end,
        [&](Index row_first, Index row_last) {
            parallel_for_ranges(
                columns_begin,
                columns_end,
                [&](Index first, Index last) {
                    for (auto row = row_first; row != row_last; ++row) {
                        for (auto column = first; column != last; ++column) {
                            body(row, column);
                        }
                    }
                },
                columns);
        },
        rows);
}

// combine(value, map(i)...) in the order of the numbers: combine has to be associative, and `neutral` neutral.
template <typename Index, typename Value, typename Map, typename Combine>
Value parallel_reduce(Index begin, Index end, Value neutral, Map&& map, Combine&& combine, std::size_t grain = 0) {
    if (begin >= end) {
        return neutral;
    }
    const auto most = grain != 0 ? grain : parallel::usual_grain(end - begin);
    const auto part = [&](const auto& self, tessera_worker* by, Index first, Index last) -> Value {
        if (static_cast<std::size_t>(last - first) <= most) {
            Value sum = neutral;
            for (; first != last; ++first) {
                sum = combine(std::move(sum), map(first));
            }
            return sum;
        }
        const Index middle = first + (last - first) / 2;
        Value left = neutral;
        Value right = neutral;
        parallel::invoke(
            by,
            [&](tessera_worker* w) { left = self(self, w, first, middle); },
            [&](tessera_worker* w) { right = self(self, w, middle, last); });
        return combine(std::move(left), std::move(right));
    };
    Value result = neutral;
    parallel::run([&](tessera_worker* by) { result = part(part, by, begin, end); });
    return result;
}

// Stable: parts are sorted and then merged.
template <typename Iterator, typename Less = std::less<>>
void parallel_sort(Iterator begin, Iterator end, Less less = {}) {
    using Value = typename std::iterator_traits<Iterator>::value_type;
    constexpr std::ptrdiff_t kSmall = 2048;
    const auto sort = [&](const auto& self, tessera_worker* by, Iterator first, Iterator last) -> void {
        if (last - first <= kSmall) {
            std::stable_sort(first, last, less);
            return;
        }
        const auto middle = first + (last - first) / 2;
        parallel::invoke(
            by,
            [&](tessera_worker* w) { self(self, w, first, middle); },
            [&](tessera_worker* w) { self(self, w, middle, last); });
        std::vector<Value> left(std::make_move_iterator(first), std::make_move_iterator(middle));
        std::merge(std::make_move_iterator(left.begin()),
                   std::make_move_iterator(left.end()),
                   std::make_move_iterator(middle),
                   std::make_move_iterator(last),
                   first,
                   less);
    };
    parallel::run([&](tessera_worker* by) { sort(sort, by, begin, end); });
}

// out[i] = in[0] combined with all up to in[i]. combine has to be associative.
template <typename In, typename Out, typename Value, typename Combine>
void parallel_scan(In in, std::size_t count, Out out, Value neutral, Combine&& combine) {
    const auto grain = parallel::usual_grain(count);
    const auto parts = (count + grain - 1) / grain;
    std::vector<Value> sums(parts, neutral);
    const auto each = [&](auto&& body) {
        parallel_for(
            std::size_t{0},
            parts,
            [&](std::size_t part) { body(part, part * grain, std::min(count, (part + 1) * grain)); },
            1);
    };
    each([&](std::size_t part, std::size_t first, std::size_t last) {
        for (; first != last; ++first) {
            sums[part] = combine(std::move(sums[part]), in[first]);
        }
    });
    Value before = neutral;
    for (auto& sum : sums) {
        before = combine(before, std::exchange(sum, before));
    }
    each([&](std::size_t part, std::size_t first, std::size_t last) {
        Value sum = sums[part];
        for (; first != last; ++first) {
            sum = combine(std::move(sum), in[first]);
            out[first] = sum;
        }
    });
}

// A hyperobject: every part of parallel work has a view of its own, and the views become one in the order in which the
// serial program would have used them. `Monoid` has a type Value, `static Value identity()` and `static void
// reduce(Value& left, Value&& right)`, which is associative.
template <typename Monoid>
class Reducer {
  public:
    using Value = typename Monoid::Value;

    explicit Reducer(Value value = Monoid::identity())
        : value_(std::move(value)), number_(tessera_reducer_make(merge, this)) {
        if (number_ == TESSERA_REDUCERS_MAX) {
            throw std::bad_alloc();
        }
    }
    ~Reducer() {
        collect();
        tessera_reducer_drop(number_);
    }
    Reducer(const Reducer&) = delete;
    Reducer& operator=(const Reducer&) = delete;

    // This part's. Valid until the next fork or join.
    Value& view(tessera_worker* by) {
        if (by == nullptr) {
            return value_;
        }
        void*& view = by->views[number_];
        if (view == nullptr) {
            view = new Value(Monoid::identity());
            by->has_views = 1;
        }
        return *static_cast<Value*>(view);
    }
    Value& view() { return view(tessera_worker_self()); }

    // Of all that was done: where the reducer was made, and all that uses it has been joined.
    Value& get() {
        collect();
        return value_;
    }

  private:
    void collect() {
        if (auto* self = tessera_worker_self(); self != nullptr && self->views[number_] != nullptr) {
            merge(this, nullptr, std::exchange(self->views[number_], nullptr));
        }
    }
    static void merge(void* reducer, void* view, void* later) {
        auto& left = view != nullptr ? *static_cast<Value*>(view) : static_cast<Reducer*>(reducer)->value_;
        const std::unique_ptr<Value> right(static_cast<Value*>(later));
        Monoid::reduce(left, std::move(*right));
    }

    Value value_;
    std::uint32_t number_;
};

template <typename T>
struct Sum {
    using Value = T;
    static T identity() { return T{}; }
    static void reduce(T& left, T&& right) { left += std::move(right); }
};
template <typename T>
struct Minimum {
    using Value = T;
    static T identity() { return std::numeric_limits<T>::max(); }
    static void reduce(T& left, T&& right) { left = std::min(left, right); }
};
template <typename T>
struct Maximum {
    using Value = T;
    static T identity() { return std::numeric_limits<T>::lowest(); }
    static void reduce(T& left, T&& right) { left = std::max(left, right); }
};
// Of strings, vectors, and whatever can be appended to: in serial order.
template <typename Container>
struct Append {
    using Value = Container;
    static Container identity() { return {}; }
    static void reduce(Container& left, Container&& right) {
        left.insert(left.end(), std::make_move_iterator(right.begin()), std::make_move_iterator(right.end()));
    }
};
// Of maps: what is under the same key is combined.
template <typename Map, typename Combine>
struct MergeMaps {
    using Value = Map;
    static Map identity() { return {}; }
    static void reduce(Map& left, Map&& right) {
        for (auto& [key, value] : right) {
            auto [at, is_new] = left.try_emplace(key, std::move(value));
            if (!is_new) {
                Combine()(at->second, std::move(value));
            }
        }
    }
};

}  // namespace tessera
