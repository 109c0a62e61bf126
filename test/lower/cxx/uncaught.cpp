// An exception that nobody catches ends the program with what it says; std::terminate's handler runs first.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

struct Quiet {
    ~Quiet() noexcept {}
};
void leave() noexcept {
    Quiet q;
    throw std::runtime_error("left a noexcept function");
}

int main() {
    std::set_terminate([] {
        try {
            std::rethrow_exception(std::current_exception());
        } catch (const std::exception& e) {
            std::printf("terminated: %s\n", e.what());
        }
        std::fflush(stdout);
        std::_Exit(3);
    });
    leave();
}
