// A trap in a member of a class template, called through a virtual function.
#include <vector>

namespace shapes {

struct Shape {
    virtual int area(const int* side) const = 0;
    virtual ~Shape() = default;
};

template <typename T>
struct Square : Shape {
    std::vector<T> scale{2};
    int area(const int* side) const override {
        return *side * scale.at(0);  // line 15
    }
};

}  // namespace shapes

static volatile unsigned long nowhere;

int main() {
    const shapes::Square<int> square;
    const shapes::Shape* volatile shape = &square;
    return shape->area(reinterpret_cast<const int*>(nowhere));  // line 26
}
