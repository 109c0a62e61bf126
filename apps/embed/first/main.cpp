// The shortest host: first PLUGIN.sir. Loads it, calls it with an object of its own, and lives with what it does wrong.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <tessera.hpp>

namespace {

class Log {
  public:
    explicit Log(int& gone) : gone_(gone) {}
    ~Log() { ++gone_; }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    tessera::Status line(std::span<const std::byte> text, std::uint64_t& lines) {
        std::printf("log: %.*s\n", static_cast<int>(text.size()), reinterpret_cast<const char*>(text.data()));
        lines = ++lines_;
        return TESSERA_OK;
    }

  private:
    int& gone_;
    std::uint64_t lines_ = 0;
};

int complain(const tessera::Error& error) {
    std::fprintf(stderr, "first: %s\n", error.text.c_str());
    return 1;
}

int run(const std::string& bytes, int& logs_gone) {
    constexpr std::uint64_t kAdder = 0xc3f09a5e7d1482b6;
    constexpr std::uint64_t kLog = 0x9a40e6d37c5b2f18;
    auto kernel = tessera::Kernel::start();
    if (!kernel) {
        return complain(kernel.error());
    }
    auto module = kernel->load(std::as_bytes(std::span(bytes)), "plug-in");
    if (!module) {
        return complain(module.error());
    }
    auto instance = module->instance();
    const auto log = kernel->object<&Log::line>(kLog, std::make_unique<Log>(logs_gone));
    if (!instance || !log) {
        return complain(!instance ? instance.error() : log.error());
    }
    const auto add = instance->method<std::uint64_t(const tessera::Object*, std::uint64_t)>(kAdder, 0);
    const auto fail = instance->method<void()>(kAdder, 1);
    if (!add || !fail) {
        return complain(!add ? add.error() : fail.error());
    }
    for (const std::uint64_t number : {1, 2, 3}) {
        const auto sum = (*add)(&*log, number);
        if (!sum) {
            return complain(sum.error());
        }
        std::printf("%llu\n", static_cast<unsigned long long>(*sum));
    }
    const auto nobody = (*add)(nullptr, 4);
    std::printf("without a log: status %d\n", nobody ? 0 : nobody.error().status);
    const auto fault = (*fail)();
    std::printf("a fault: %s\n", fault ? "none" : fault.error().text.c_str());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::ifstream file(argc > 1 ? argv[1] : "", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    int logs_gone = 0;
    const int status = run(bytes, logs_gone);
    std::printf("logs gone: %d\n", logs_gone);
    return status;
}
