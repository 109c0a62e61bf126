// options: -fno-exceptions -fno-rtti
// Without exceptions, as most programs for small machines are compiled: containers and virtual functions work, nothing
// can be thrown.
#include <cstdio>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <vector>

struct Animal {
    virtual ~Animal() = default;
    virtual std::string name() const = 0;
};
struct Cat : Animal {
    std::string name() const override { return "cat"; }
};

int main() {
    std::vector<std::unique_ptr<Animal>> zoo;
    for (int i = 0; i < 5; ++i) {
        zoo.push_back(std::make_unique<Cat>());
    }
    std::map<std::string, int> count;
    for (const auto& animal : zoo) {
        ++count[animal->name()];
    }
    std::printf("%d\n", count["cat"]);
    volatile std::size_t too_many = static_cast<std::size_t>(-1) / 8;
    int* none = new (std::nothrow) int[too_many];
    std::printf("%d\n", none != nullptr);
    delete[] none;
}
