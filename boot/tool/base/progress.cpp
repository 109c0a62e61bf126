#include "boot/tool/base/progress.h"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <utility>

namespace tessera::tool {
namespace {

constexpr std::chrono::milliseconds kSilence{700};
constexpr std::chrono::milliseconds kFrame{120};

// For tests and scripts that look at every byte.
bool is_quiet() { return std::getenv("TESSERA_QUIET") != nullptr; }

bool on_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace

struct Step::Shown {
    std::mutex lock;
    std::condition_variable changed;
    std::string text;
    bool over = false;
    std::thread painter;  // last, so that all else exists when it starts

    explicit Shown(std::string first) : text(std::move(first)), painter([this] { paint(); }) {}

    void paint() {
        const auto begin = std::chrono::steady_clock::now();
        std::unique_lock held(lock);
        if (changed.wait_for(held, kSilence, [this] { return over; }) || is_quiet()) {
            return;
        }
        if (!on_terminal()) {
            std::string printed;
            while (!over) {
                if (printed != text) {
                    fmt::print(stderr, "tessera: {}\n", text);
                    printed = text;
                }
                changed.wait(held);
            }
            return;
        }
        constexpr std::string_view kWheel = "|/-\\";
        for (std::size_t turn = 0; !over; ++turn) {
            const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            fmt::print(stderr, "\r\033[K{} {} ({:.0f} s)", kWheel[turn % kWheel.size()], text, seconds);
            std::fflush(stderr);
            changed.wait_for(held, kFrame, [this] { return over; });
        }
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
    }
};

Step::Step(std::string text) : shown_(new Shown(std::move(text))) {}

Step::~Step() {
    {
        const std::lock_guard held(shown_->lock);
        shown_->over = true;
    }
    shown_->changed.notify_all();
    shown_->painter.join();
    delete shown_;
}

void Step::update(std::string text) {
    {
        const std::lock_guard held(shown_->lock);
        shown_->text = std::move(text);
    }
    if (!on_terminal()) {
        shown_->changed.notify_all();
    }
}

void say(std::string_view text) { fmt::print(stderr, "tessera: {}\n", text); }

void say_error(std::string_view text) {
    if (on_terminal()) {
        fmt::print(stderr, "\033[1;31mtessera:\033[0m {}\n", text);
    } else {
        say(text);
    }
}

}  // namespace tessera::tool
