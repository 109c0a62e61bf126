// levels: -O0 -O2
#include <stdio.h>
#include <stdlib.h>
struct Shape {
    virtual ~Shape() { printf("gone %s\n", name()); }
    virtual double area() const = 0;
    virtual const char* name() const { return "shape"; }
};
struct Square : Shape {
    double s;
    explicit Square(double side) : s(side) {}
    double area() const override { return s * s; }
    const char* name() const override { return "square"; }
};
struct Circle : Shape {
    double r;
    explicit Circle(double radius) : r(radius) {}
    double area() const override { return 3 * r * r; }
};
struct Counter {
    int n;
    Counter() : n(7) { printf("counter\n"); }
    ~Counter() { printf("uncounted %d\n", n); }
};
static Counter global;
template <typename T>
struct Stack {
    T* data = nullptr;
    int size = 0, room = 0;
    void push(T v) {
        if (size == room) {
            room = room ? room * 2 : 2;
            T* more = new T[room];
            for (int i = 0; i < size; ++i) {
                more[i] = data[i];
            }
            delete[] data;
            data = more;
        }
        data[size++] = v;
    }
    T pop() { return data[--size]; }
    ~Stack() { delete[] data; }
};
struct A {
    virtual int f() { return 1; }
    int a = 1;
};
struct B {
    virtual int g() { return 2; }
    int b = 2;
};
struct C : A, B {
    int f() override { return 3; }
    int g() override { return 4 + a + b; }
};
static Counter& local() {
    static Counter c;
    c.n++;
    return c;
}
int main() {
    Shape* shapes[] = {new Square(2), new Circle(1)};
    double t = 0;
    for (Shape* s : shapes) {
        t += s->area();
    }
    printf("%g\n", t);
    for (Shape* s : shapes) {
        delete s;
    }
    Stack<int> st;
    for (int i = 0; i < 10; ++i) {
        st.push(i * i);
    }
    int s = 0;
    while (st.size) {
        s += st.pop();
    }
    printf("%d\n", s);
    C c;
    A* a = &c;
    B* b = &c;
    printf("%d %d\n", a->f(), b->g());
    local();
    printf("%d\n", local().n);
    int (B::*m)() = &B::g;
    printf("%d\n", (b->*m)());
    auto f = [&](int x) { return x + s; };
    printf("%d\n", f(1));
    return 0;
}
