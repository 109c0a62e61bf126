// levels: -O0 -O2
// typeid and dynamic_cast: down, across, to the whole object, through virtual bases, and failing.
#include <cstdio>
#include <cstring>
#include <typeindex>
#include <typeinfo>

struct Top {
    int top = 1;
    virtual ~Top() = default;
};
struct Left : virtual Top {
    int left = 2;
};
struct Right : virtual Top {
    int right = 3;
};
struct Bottom final : Left, Right {
    int bottom = 4;
};
struct Side {
    int side = 5;
    virtual ~Side() = default;
};
struct Joined : Side, Left {
    int joined = 6;
};
template <typename T>
struct Box : Top {
    T value{};
};

int main() {
    Bottom bottom;
    Joined joined;
    Top* top = &bottom;
    Left* left = &joined;
    std::printf("%d %d %d\n",
                dynamic_cast<Bottom*>(top)->bottom,
                dynamic_cast<Right*>(dynamic_cast<Left*>(top))->right,
                dynamic_cast<Side*>(left)->side);
    std::printf("%d %d\n", dynamic_cast<Side*>(top) == nullptr, dynamic_cast<Joined*>(top) == nullptr);
    std::printf("%d\n", dynamic_cast<void*>(left) == static_cast<void*>(&joined));
    std::printf("%d %d\n", typeid(*top) == typeid(Bottom), typeid(*left) == typeid(Left));
    std::printf("%s %s %s\n", typeid(int).name(), typeid(*left).name(), typeid(Box<char>).name());
    Box<int> a;
    Box<long> b;
    Top* boxes[] = {&a, &b, &bottom};
    for (Top* box : boxes) {
        std::printf(
            "%d%d ", dynamic_cast<Box<int>*>(box) != nullptr, std::type_index(typeid(*box)) == typeid(Box<long>));
    }
    std::printf("\n");
    try {
        std::printf("%d\n", dynamic_cast<Side&>(*top).side);
    } catch (const std::bad_cast&) {
        std::printf("bad cast\n");
    }
    try {
        Top* nobody = nullptr;
        std::printf("%s\n", typeid(*nobody).name());
    } catch (const std::bad_typeid&) {
        std::printf("bad typeid\n");
    }
}
