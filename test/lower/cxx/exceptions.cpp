// levels: -O0 -O2
// Exceptions: every way to throw, catch, pass on and clean up.
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

struct Noisy {
    const char* name;
    explicit Noisy(const char* n) : name(n) { std::printf("+%s ", name); }
    Noisy(const Noisy& other) : name(other.name) { std::printf("=%s ", name); }
    ~Noisy() { std::printf("-%s ", name); }
};
struct Base {
    int a = 1;
    virtual ~Base() = default;
    virtual int number() const { return a; }
};
struct Other {
    int b = 2;
    virtual ~Other() = default;
};
struct Derived : Other, Base {
    int number() const override { return 40 + a + b; }
};
struct Unrelated {};

__attribute__((noinline)) int thrower(int kind) {
    Noisy local("local");
    switch (kind) {
    case 0:
        throw 7;
    case 1:
        throw Derived();
    case 2:
        throw std::runtime_error("what it says");
    case 3:
        throw "text";
    case 4:
        throw Noisy("thrown");
    case 5:
        throw Unrelated();
    case 6:
        throw std::make_unique<int>(5);
    case 7:
        throw static_cast<Derived*>(nullptr);
    default:
        return kind;
    }
}

int catcher(int kind) {
    try {
        Noisy outer("outer");
        return thrower(kind) + 1;
    } catch (int i) {
        return i;
    } catch (const Base& b) {  // at an offset inside Derived
        return b.number();
    } catch (const std::exception& e) {
        std::printf("(%s) ", e.what());
        return -1;
    } catch (const char* s) {
        std::printf("(%s) ", s);
        return -2;
    } catch (Noisy n) {
        return -3;
    } catch (std::unique_ptr<int>& p) {
        return *p;
    } catch (Base* p) {
        return p == nullptr ? -5 : -6;
    }
}

int nested() {
    try {
        try {
            thrower(0);
        } catch (int& i) {
            i += 100;
            Noisy n("handler");
            throw;
        }
    } catch (int i) {
        return i;
    }
    return 0;
}

int from_handler() {
    try {
        try {
            thrower(2);
        } catch (const std::exception&) {
            throw 3L;
        }
    } catch (long l) {
        return static_cast<int>(l);
    }
    return 0;
}

struct Member {
    Noisy first;
    Noisy second;
    explicit Member(int kind) try : first("first"), second((thrower(kind), "second")) {
    } catch (int i) {
        std::printf("[constructor %d] ", i);
    }
};

void in_array() {
    struct Third {
        Noisy n{"element"};
        Third() {
            static int made = 0;
            if (++made == 3) {
                throw made;
            }
        }
    };
    try {
        std::unique_ptr<Third[]> all(new Third[5]);
    } catch (int i) {
        std::printf("third %d", i);
    }
}

struct InDestructor {
    ~InDestructor() {
        std::printf("uncaught %d ", std::uncaught_exceptions());
        try {
            throw 1.5;
        } catch (double d) {
            std::printf("inner %g ", d);
        }
    }
};

int deep(int n) {
    Noisy level("n");
    if (n == 0) {
        throw n;
    }
    return deep(n - 1) + 1;
}

struct Copies {
    Copies() = default;
    Copies(const Copies&) { throw 9; }
};

int (*volatile indirect)(int) = thrower;

int main() {
    for (int kind = 0; kind < 10; ++kind) {
        try {
            std::printf("%d: ", kind);
            std::printf("%d\n", catcher(kind));
        } catch (...) {
            std::printf("all\n");
        }
    }
    std::printf("%d\n", nested());
    std::printf("%d\n", from_handler());
    try {
        Member m(0);
    } catch (int i) {
        std::printf("again %d\n", i);
    }
    in_array();
    std::printf("\n");
    try {
        InDestructor d;
        thrower(0);
    } catch (int i) {
        std::printf("outer %d\n", i);
    }
    try {
        deep(5);
    } catch (int) {
        std::printf("deep\n");
    }
    std::exception_ptr kept;
    try {
        indirect(2);
    } catch (...) {
        kept = std::current_exception();
    }
    for (int i = 0; i < 2; ++i) {
        try {
            std::rethrow_exception(kept);
        } catch (const std::runtime_error& e) {
            std::printf("kept %s\n", e.what());
        }
    }
    try {
        try {
            throw std::logic_error("inner");
        } catch (...) {
            std::throw_with_nested(std::runtime_error("outer"));
        }
    } catch (const std::exception& e) {
        std::printf("%s", e.what());
        try {
            std::rethrow_if_nested(e);
        } catch (const std::exception& inner) {
            std::printf(" around %s\n", inner.what());
        }
    }
    try {
        std::vector<int> v(3);
        std::printf("%d\n", v.at(3));
    } catch (const std::out_of_range&) {
        std::printf("out of range\n");
    }
    try {
        std::string s("abc");
        s.substr(4);
    } catch (const std::out_of_range&) {
        std::printf("out of range\n");
    }
    try {
        std::vector<char> v;
        v.reserve(static_cast<std::size_t>(-1));
    } catch (const std::length_error&) {
        std::printf("too long\n");
    }
    try {
        (void)std::stoi("no number");
    } catch (const std::invalid_argument&) {
        std::printf("no number\n");
    }
    int caught = 0;
    for (int i = 0; i < 1000; ++i) {
        try {
            if (i % 3 == 0) {
                throw i;
            }
        } catch (int) {
            ++caught;
        }
    }
    std::printf("%d times\n", caught);
    auto lambda = [](int x) noexcept(false) { return x > 2 ? throw x : x; };
    try {
        std::printf("%d ", lambda(1));
        std::printf("%d ", lambda(3));
    } catch (int x) {
        std::printf("lambda %d\n", x);
    }
    static int attempts = 0;
    for (int i = 0; i < 3; ++i) {
        try {
            struct Fickle {
                Fickle() {
                    if (++attempts < 3) {
                        throw attempts;
                    }
                }
            };
            static Fickle fickle;
            std::printf("made at attempt %d\n", attempts);
        } catch (int n) {
            std::printf("failed %d ", n);
        }
    }
}
