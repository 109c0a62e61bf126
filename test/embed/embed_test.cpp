// libtessera as a host sees it, through its C functions alone.
#include "test/embed/host.h"
#include "test/embed/service.h"

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace tessera::test;
using Catch::Contains;

TEST_CASE("Numbers, floats and results in memory go there and back", "[embed]") {
    Host host;
    auto* const service = host.instance(host.load(kServiceText));
    std::array<tessera_word, 6> out{};
    const auto* const add = method(service, 0, "il>ild");
    for (std::uint64_t i = 0; i < 1000; ++i) {
        REQUIRE(call(add, {word(std::uint64_t{40}), word(i)}, out.data()).status == TESSERA_OK);
        REQUIRE(out[0].i64 == 40 + i);
        REQUIRE(out[1].f64 == static_cast<double>(40 + i));
    }
    const auto* const many = method(service, 4, "iliidlf>illlfdi");
    REQUIRE(call(many,
                 {word(std::uint64_t{1}),
                  word(std::uint64_t{2}),
                  word(std::uint64_t{3}),
                  word(std::uint64_t{4}),
                  word(5.5),
                  word(std::uint64_t{6}),
                  word(7.5F)},
                 out.data())
                .status == TESSERA_OK);
    CHECK(out[0].i64 == 1);
    CHECK(out[1].i64 == 2);
    CHECK(out[2].i64 == 9);
    CHECK(out[3].f32 == 7.5F);
    CHECK(out[4].f64 == 5.5);
    CHECK(out[5].i32 == 4);
}

TEST_CASE("A slice is the host's own memory, and its bounds hold", "[embed]") {
    Host host;
    const auto* const bytes = method(host.instance(host.load(kServiceText)), 1, "w>il");
    std::array<std::uint64_t, 2> memory = {0x0102030405060708, 0};
    tessera_word out{};
    CHECK(call(bytes, {word(memory.data()), word(std::uint64_t{16})}, &out).status == TESSERA_OK);
    CHECK(out.i64 == memory[0]);
    CHECK(memory[1] == memory[0]);
    CHECK(call(bytes, {word(memory.data()), word(std::uint64_t{15})}, &out).status == 64);
    CHECK(out.i64 == 15);
    // Memory that is not there is the call's error, not the host's end.
    void* const gone = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const auto fault = call(bytes, {word(gone), word(std::uint64_t{4096})}, &out);
    CHECK(fault.status == TESSERA_FAILED);
    CHECK_THAT(fault.text, Contains("bytes"));
    munmap(gone, 4096);
}

TEST_CASE("What is no program is refused, with the reason", "[embed]") {
    Host host;
    tessera_error* error = nullptr;
    tessera_module* module = nullptr;
    const auto garbage = say(tessera_module_load(host.kernel(), "garbage", 7, "m", &module, &error), error);
    CHECK(garbage.status == TESSERA_MALFORMED);
    CHECK_THAT(garbage.text, Contains("SIR"));
    const auto unknown = assemble(R"(
        declare i32 @foo(ptr) "tessera.import"="env/foo"
        define internal i32 @main(ptr %base, i32 %sp) "tessera.export"="tessera_main" {
          %r = call i32 @foo(ptr %base)
          ret i32 %r
        })");
    const auto import =
        say(tessera_module_load(host.kernel(), unknown.data(), unknown.size(), "m", &module, &error), error);
    CHECK(import.status == TESSERA_MALFORMED);
    CHECK_THAT(import.text, Contains("unknown import env/foo"));
}

TEST_CASE("A method is looked up by interface, number and types", "[embed]") {
    Host host;
    auto* const service = host.instance(host.load(kServiceText));
    const tessera_method* found = nullptr;
    CHECK(tessera_instance_method(service, kHost, 0, ">i", &found, nullptr) == TESSERA_WRONG_INTERFACE);
    CHECK(tessera_instance_method(service, kService, 99, ">i", &found, nullptr) == TESSERA_UNSUPPORTED);
    CHECK(tessera_instance_method(service, kService, 0, "il>il", &found, nullptr) == TESSERA_WRONG_SIGNATURE);
    for (const char* const bad :
         {"", "il", "i>", "i>l", "x>i", "i>ir", "i>i>i", "cccccccccc>i", "iiiiiiiiiiiiiiii>i"}) {
        CHECK(tessera_instance_method(service, kService, 0, bad, &found, nullptr) == TESSERA_INVALID);
    }
}

TEST_CASE("A fault is an error of that call, with a trace, and the instance goes on", "[embed]") {
    Host host;
    auto* const service = host.instance(host.load(kServiceText));
    const auto* const trap = method(service, 2, ">i");
    const auto* const add = method(service, 0, "il>ild");
    for (int i = 0; i < 20; ++i) {
        const auto fault = call(trap, {});
        REQUIRE(fault.status == TESSERA_FAILED);
        CHECK_THAT(fault.text, Contains("null pointer") && Contains("trap"));
        std::array<tessera_word, 2> out{};
        REQUIRE(call(add, {word(std::uint64_t{1}), word(std::uint64_t{2})}, out.data()).status == TESSERA_OK);
        REQUIRE(out[0].i64 == 3);
    }
    const auto deep = call(method(service, 10, ">i"), {});
    CHECK(deep.status == TESSERA_TOO_DEEP);
    CHECK_THAT(deep.text, Contains("stack"));
}

TEST_CASE("An endless loop ends at its deadline", "[embed]") {
    Host host;
    auto* const service = host.instance(host.load(kServiceText));
    const auto begin = std::chrono::steady_clock::now();
    const auto late = call(method(service, 3, ">i"), {}, nullptr, in_milliseconds(30));
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(late.status == TESSERA_TIMED_OUT);
    CHECK_THAT(late.text, Contains("loop"));
    CHECK(took >= std::chrono::milliseconds(30));
    CHECK(took < std::chrono::milliseconds(500));
    std::array<tessera_word, 2> out{};
    CHECK(call(method(service, 0, "il>ild"), {word(std::uint64_t{1}), word(std::uint64_t{2})}, out.data()).status ==
          TESSERA_OK);
}

TEST_CASE("Limits of memory and time hold", "[embed]") {
    Host host;
    auto* const module = host.load(kServiceText);
    auto* const service = host.instance(module, {.memory_bytes = 8U << 20U});
    const auto* const grow = method(service, 5, "i>ii");
    tessera_word out{};
    REQUIRE(call(grow, {word(std::uint64_t{16})}, &out).status == TESSERA_OK);
    CHECK(out.i32 != 0xFFFFFFFF);
    REQUIRE(call(grow, {word(std::uint64_t{1024})}, &out).status == TESSERA_OK);
    CHECK(out.i32 == 0xFFFFFFFF);
    CHECK(tessera_instance_memory(service) >= 1U << 20U);
    CHECK(tessera_instance_memory(service) <= 8U << 20U);
    CHECK(host.try_instance(module, {.memory_bytes = 4096}).status == TESSERA_EXHAUSTED);

    auto* const brief = host.instance(module, {.microseconds = 50'000});
    CHECK(call(method(brief, 3, ">i"), {}).status == TESSERA_TIMED_OUT);
    CHECK(call(method(brief, 3, ">i"), {}).status == TESSERA_TIMED_OUT);
}

namespace {

// An object of the host's, with what it was told.
struct Listener {
    Host* host = nullptr;
    std::atomic<int> told = 0;
    std::atomic<int> released = 0;
    std::vector<std::byte> read{};
    tessera_status (*on_tell)(Listener& self, std::uint32_t number) = nullptr;
    tessera_instance* instance = nullptr;
};

const std::array<tessera_host_method, 3> kListenerMethods = {{
    {"i>i",
     [](void* state, const tessera_word* in, tessera_word* /*out*/) -> tessera_status {
         auto& self = *static_cast<Listener*>(state);
         ++self.told;
         return self.on_tell == nullptr ? static_cast<tessera_status>(in[0].i32) : self.on_tell(self, in[0].i32);
     }},
    {"r>il",
     [](void* state, const tessera_word* in, tessera_word* out) -> tessera_status {
         const auto* const bytes = static_cast<const std::byte*>(in[0].bytes);
         static_cast<Listener*>(state)->read.assign(bytes, bytes + in[1].i64);
         out[0].i64 = in[1].i64;
         return 0;
     }},
    {"c>ic",
     [](void* /*state*/, const tessera_word* in, tessera_word* out) -> tessera_status {
         out[0].object = in[0].object;
         return 0;
     }},
}};
const tessera_interface kListener = {kHost, kListenerMethods.data(), kListenerMethods.size(), [](void* state) {
                                         ++static_cast<Listener*>(state)->released;
                                     }};

}  // namespace

TEST_CASE("A program calls functions of the host, which see its memory and its objects", "[embed]") {
    Host host;
    auto* const service = host.instance(host.load(kServiceText));
    Listener listener;
    auto* const object = host.object(kListener, &listener);
    const auto* const tells = method(service, 6, "ci>i");
    CHECK(call(tells, {word(object), word(std::uint64_t{0})}).status == 0);
    CHECK(call(tells, {word(object), word(std::uint64_t{77})}).status == 77);
    CHECK(call(tells, {word(object), word(std::uint64_t{70000})}).status == TESSERA_FAILED);
    CHECK(call(tells, {word(static_cast<tessera_object*>(nullptr)), word(std::uint64_t{0})}).status == TESSERA_STALE);
    CHECK(listener.told == 3);

    tessera_word out{};
    const auto* const lends = method(service, 7, "cii>il");
    REQUIRE(call(lends, {word(object), word(std::uint64_t{131072}), word(std::uint64_t{8})}, &out).status ==
            TESSERA_OK);
    CHECK(out.i64 == 8);
    REQUIRE(listener.read.size() == 8);
    std::uint64_t seen = 0;
    std::memcpy(&seen, listener.read.data(), sizeof seen);
    CHECK(seen == 81985529216486895);

    const auto* const passes = method(service, 8, "cc>ic");
    REQUIRE(call(passes, {word(object), word(object)}, &out).status == TESSERA_OK);
    REQUIRE(out.object != nullptr);
    CHECK(call(tells, {word(out.object), word(std::uint64_t{5})}).status == 5);
    tessera_object_free(out.object);
    CHECK(call(passes, {word(object), word(static_cast<tessera_object*>(nullptr))}, &out).status == TESSERA_OK);
    CHECK(out.object == nullptr);
}

TEST_CASE("The host hears once that nobody has its object any more", "[embed]") {
    Listener listener;
    {
        Host host;
        auto* const service = host.instance(host.load(kServiceText));
        tessera_object* object = nullptr;
        REQUIRE(tessera_object_new(host.kernel(), &kListener, &listener, &object, nullptr) == TESSERA_OK);
        CHECK(call(method(service, 9, "c>i"), {word(object)}).status == TESSERA_OK);
        tessera_object_free(object);
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        CHECK(listener.released == 0);  // the program has it
        tessera_instance_end(service);
        for (int i = 0; i < 100 && listener.released == 0; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        CHECK(listener.released == 1);
    }
    CHECK(listener.released == 1);
}

TEST_CASE("Functions of the host call programs again, which may fault there", "[embed]") {
    Host host;
    auto* const service = host.instance(host.load(kServiceText));
    Listener listener;
    listener.instance = service;
    listener.host = &host;
    auto* const object = host.object(kListener, &listener);
    static tessera_object* itself = nullptr;
    itself = object;
    listener.on_tell = [](Listener& self, std::uint32_t number) -> tessera_status {
        if (number == 0) {
            return call(method(self.instance, 2, ">i"), {}).status;
        }
        return call(method(self.instance, 6, "ci>i"), {word(itself), word(std::uint64_t{number - 1})}).status;
    };
    CHECK(call(method(service, 6, "ci>i"), {word(object), word(std::uint64_t{10})}).status == TESSERA_FAILED);
    CHECK(listener.told == 11);
    // What ends it from inside does not wait for itself.
    listener.on_tell = [](Listener& self, std::uint32_t /*number*/) -> tessera_status {
        tessera_instance_end(self.instance);
        return 0;
    };
    (void)call(method(service, 6, "ci>i"), {word(object), word(std::uint64_t{0})});
    tessera_instance_end(service);
    const tessera_method* found = nullptr;
    CHECK(tessera_instance_method(service, kService, 0, "il>ild", &found, nullptr) == TESSERA_ENDED);
}

TEST_CASE("Threads call at once, more of them than there are seats, and one ends it under them", "[embed]") {
    Host host({.workers = 2, .calls = 3, .memory_bytes = 0});
    auto* const module = host.load(kServiceText);
    auto* const service = host.instance(module);
    auto* const other = host.instance(module);
    const auto* const add = method(service, 0, "il>ild");
    const auto* const loop = method(other, 3, ">i");
    std::atomic<std::uint64_t> wrong = 0;
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            std::array<tessera_word, 2> out{};
            for (std::uint64_t i = 0; i < 2000; ++i) {
                const auto status = call(add, {word(t), word(i)}, out.data()).status;
                wrong += status != TESSERA_OK || out[0].i64 != t + i ? 1 : 0;
            }
        });
    }
    std::atomic<int> ended = 0;
    for (int t = 0; t < 2; ++t) {
        threads.emplace_back([&] { ended += call(loop, {}).status == TESSERA_ENDED ? 1 : 0; });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    tessera_instance_end(other);
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(wrong == 0);
    CHECK(ended == 2);
    CHECK(call(loop, {}).status == TESSERA_ENDED);
}

TEST_CASE("A program that never gets ready is ended at its start", "[embed]") {
    Host host;
    const auto text = [](const char* body) {
        return std::string("define internal i32 @main(ptr %base, i32 %sp) \"tessera.export\"=\"tessera_main\" {\n") +
               body + "\n}\n";
    };
    CHECK(host.try_instance(host.load(text("br label %l\nl:\nbr label %l")), {.start_ns = 30'000'000}).status ==
          TESSERA_TIMED_OUT);
    const auto five = host.try_instance(host.load(text("ret i32 5")), {});
    CHECK(five.status == TESSERA_FAILED);
    CHECK_THAT(five.text, Contains("returned 5"));
    const auto trap = host.try_instance(
        host.load(text("%p = getelementptr i8, ptr %base, i64 16\n%v = load i32, ptr %p, align 1\nret i32 %v")), {});
    CHECK(trap.status == TESSERA_FAILED);
    CHECK_THAT(trap.text, Contains("null pointer"));
}

TEST_CASE("A program writes to the console that it is granted", "[embed]") {
    Host host;
    auto* const module = host.load(R"(
        declare { i32, i64 } @stream_write(ptr, i32, target("tessera.cap"), ptr "tessera.ro", i64, i64) "tessera.import"="ec8ee198c6c97d6c/1"
        declare { ptr, i64 } @lend(ptr, i32, i32) "tessera.import"="tessera_memory/slice_const" "tessera.result"="ro"
        define internal i32 @main(ptr %base, i32 %sp, target("tessera.cap") %console) "tessera.export"="tessera_main" {
          %p = getelementptr i8, ptr %base, i64 131072
          store i32 2188616, ptr %p, align 1
          %slice = call { ptr, i64 } @lend(ptr %base, i32 131072, i32 3)
          %bytes = extractvalue { ptr, i64 } %slice, 0
          %count = extractvalue { ptr, i64 } %slice, 1
          %r = call { i32, i64 } @stream_write(ptr %base, i32 %sp, target("tessera.cap") %console, ptr %bytes, i64 %count, i64 -1)
          %status = extractvalue { i32, i64 } %r, 0
          ret i32 %status
        })");
    std::string text;
    tessera_object* console = nullptr;
    REQUIRE(tessera_console_new(
                host.kernel(),
                [](void* state, const void* bytes, std::size_t length) {
                    static_cast<std::string*>(state)->append(static_cast<const char*>(bytes), length);
                },
                &text,
                &console,
                nullptr) == TESSERA_OK);
    const tessera_grant grant{TESSERA_GRANT_OBJECT, "console", console};
    host.instance(module, {.grants = &grant, .grant_count = 1});
    CHECK(text == "He!");
    CHECK(host.try_instance(module, {}).status == TESSERA_INVALID);
    tessera_object_free(console);
}

namespace {

sigjmp_buf back;
std::atomic<int> faults = 0;
std::atomic<int> alarms = 0;

void on_fault(int /*signal*/, siginfo_t* /*info*/, void* /*context*/) {
    ++faults;
    siglongjmp(back, 1);
}

void fault() { *static_cast<volatile int*>(nullptr) = 1; }

// Whether the host's own handler has seen it.
bool handler_sees_fault() {
    const auto before = faults.load();
    if (sigsetjmp(back, 1) == 0) {
        fault();
    }
    return faults == before + 1;
}

}  // namespace

TEST_CASE("The host's own handlers get what is the host's", "[embed][signals]") {
    struct sigaction action{};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    struct sigaction before{};
    sigaction(SIGSEGV, &action, &before);
    struct sigaction alarm{};
    alarm.sa_handler = [](int /*signal*/) { ++alarms; };
    alarm.sa_flags = SA_ONSTACK | SA_RESTART;
    sigemptyset(&alarm.sa_mask);
    struct sigaction alarm_before{};
    sigaction(SIGALRM, &alarm, &alarm_before);
    {
        Host host;
        auto* const service = host.instance(host.load(kServiceText));
        CHECK(handler_sees_fault());
        CHECK(call(method(service, 2, ">i"), {}).status == TESSERA_FAILED);
        CHECK(faults == 1);
        CHECK(handler_sees_fault());
        std::thread([] { CHECK(handler_sees_fault()); }).join();
        // In a function that a program calls, too.
        Listener listener;
        listener.on_tell = [](Listener& /*self*/, std::uint32_t /*number*/) -> tessera_status {
            return handler_sees_fault() ? 0 : 99;
        };
        auto* const object = host.object(kListener, &listener);
        CHECK(call(method(service, 6, "ci>i"), {word(object), word(std::uint64_t{1})}).status == 0);
        // The host's timer, in the middle of programs.
        const itimerval often{{0, 2000}, {0, 2000}};
        setitimer(ITIMER_REAL, &often, nullptr);
        CHECK(call(method(service, 3, ">i"), {}, nullptr, in_milliseconds(100)).status == TESSERA_TIMED_OUT);
        setitimer(ITIMER_REAL, nullptr, nullptr);
        setitimer(ITIMER_REAL, std::array<itimerval, 1>{}.data(), nullptr);
        CHECK(alarms > 10);
        CHECK(handler_sees_fault());
    }
    struct sigaction now{};
    sigaction(SIGSEGV, nullptr, &now);
    CHECK(now.sa_sigaction == on_fault);
    CHECK(handler_sees_fault());
    sigaction(SIGSEGV, &before, nullptr);
    sigaction(SIGALRM, &alarm_before, nullptr);
}

TEST_CASE("A thread that blocks all signals can call", "[embed][signals]") {
    Host host;
    auto* const service = host.instance(host.load(kServiceText));
    std::thread([&] {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, nullptr);
        CHECK(call(method(service, 2, ">i"), {}).status == TESSERA_FAILED);
        CHECK(call(method(service, 3, ">i"), {}, nullptr, in_milliseconds(20)).status == TESSERA_TIMED_OUT);
    }).join();
}

TEST_CASE("Without a handler of its own, the host ends by its fault as ever", "[embed][signals]") {
    const pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        tessera_kernel* kernel = nullptr;
        if (tessera_kernel_start(nullptr, &kernel, nullptr) != TESSERA_OK) {
            _exit(1);
        }
        fault();
        _exit(2);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGSEGV);
}

TEST_CASE("A child of fork is refused, and the parent goes on", "[embed]") {
    Host host;
    auto* const service = host.instance(host.load(kServiceText));
    const auto* const add = method(service, 0, "il>ild");
    std::array<tessera_word, 2> out{};
    const std::array<tessera_word, 2> in = {word(std::uint64_t{1}), word(std::uint64_t{2})};
    const pid_t child = fork();
    if (child == 0) {
        _exit(tessera_call(add, in.data(), out.data(), 0, nullptr) == TESSERA_FORKED ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    CHECK(tessera_call(add, in.data(), out.data(), 0, nullptr) == TESSERA_OK);
}

namespace {

std::size_t lines_of(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::size_t count = 0;
    while (std::getline(file, line)) {
        ++count;
    }
    return count;
}

std::size_t threads() {
    std::ifstream file("/proc/self/status");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with("Threads:")) {
            return std::stoul(line.substr(8));
        }
    }
    return 0;
}

}  // namespace

TEST_CASE("A kernel gives back what it has taken, and another one can be started", "[embed]") {
    const auto round = [] {
        Host host({.workers = 2, .calls = 4, .memory_bytes = 0});
        tessera_kernel* second = nullptr;
        CHECK(tessera_kernel_start(nullptr, &second, nullptr) == TESSERA_BUSY);
        auto* const service = host.instance(host.load(kServiceText));
        tessera_error* error = nullptr;
        const auto busy = say(tessera_kernel_stop(host.kernel(), &error), error);
        CHECK(busy.status == TESSERA_BUSY);
        (void)call(method(service, 2, ">i"), {});
        (void)call(method(service, 3, ">i"), {}, nullptr, in_milliseconds(10));
    };
    round();
    round();
    const auto maps = lines_of("/proc/self/maps");
    for (int i = 0; i < 5; ++i) {
        round();
    }
    CHECK(threads() == 1);
    CHECK(lines_of("/proc/self/maps") <= maps + 4);
}
