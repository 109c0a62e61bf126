#include "core/platform/hosted/hosted.h"

#include "core/platform/hosted/signals.h"
#include "core/platform/platform.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

namespace tessera::platform {
namespace {

constinit BootInfo the_boot_info{};

}  // namespace

namespace hosted {

Result<void> start(const std::string& bundle_path, std::string command_line) {
    the_boot_info.entry = std::chrono::steady_clock::now();
    const int file = open(bundle_path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status{};
    if (file < 0 || fstat(file, &status) != 0) {
        return fail(Blame::Caller, "the bundle " + bundle_path + " can't be opened: " + std::strerror(errno));
    }
    const auto bytes = static_cast<std::size_t>(status.st_size);
    if (bytes != 0) {
        void* memory = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, file, 0);
        if (memory == MAP_FAILED) {
            return fail(Blame::Machine, "the bundle " + bundle_path + " can't be mapped: " + std::strerror(errno));
        }
        the_boot_info.bundle = {static_cast<const std::byte*>(memory), bytes};
    }
    close(file);
    static std::string text;
    text = std::move(command_line);
    the_boot_info.command_line = text;
    std::signal(SIGPIPE, SIG_IGN);  // the write fails, which is the program's matter
    remember_processors();
    install_signal_handlers();
    prepare_thread(0);
    return {};
}

}  // namespace hosted

const BootInfo& boot_info() { return the_boot_info; }

// What has been written is where it belongs, so a mark is what became of it.
std::size_t console_write(Output output, std::span<const std::byte> bytes, std::uint64_t& mark) {
    const int file = output == Output::Errors ? STDERR_FILENO : STDOUT_FILENO;
    mark = static_cast<std::uint64_t>(Delivery::Done);
    pollfd ready{.fd = file, .events = POLLOUT, .revents = 0};
    if (bytes.empty() || poll(&ready, 1, 0) <= 0) {
        return 0;
    }
    // No more than a pipe takes at once when it takes anything.
    const auto written = write(file, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    if (written >= 0) {
        return static_cast<std::size_t>(written);
    }
    if (errno == EINTR || errno == EAGAIN) {
        return 0;
    }
    const bool is_full = errno == ENOSPC || errno == EFBIG || errno == EDQUOT;
    mark = static_cast<std::uint64_t>(errno == EPIPE ? Delivery::Closed : is_full ? Delivery::Full : Delivery::Broken);
    return bytes.size();
}

Delivery console_delivery(Output /*output*/, std::uint64_t mark) { return static_cast<Delivery>(mark); }

Terminals console_terminals() {
    return {isatty(STDIN_FILENO) != 0, isatty(STDOUT_FILENO) != 0, isatty(STDERR_FILENO) != 0};
}

std::ptrdiff_t console_read(std::span<std::byte> into) {
    pollfd ready{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, 0) <= 0) {
        return 0;
    }
    const auto bytes = read(STDIN_FILENO, into.data(), into.size());
    if (bytes < 0 && (errno == EINTR || errno == EAGAIN)) {
        return 0;
    }
    return bytes < 0 ? kInputBroken : bytes == 0 ? kEndOfInput : bytes;
}

MemoryUse memory_use() {
    struct sysinfo information{};
    if (sysinfo(&information) != 0) {
        return {};
    }
    const std::uint64_t unit = information.mem_unit;
    MemoryUse use{information.freeram * unit, information.totalram * unit};
    // Page cache counts as free, which only this file tells.
    std::array<char, 512> text{};
    const int file = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        if (read(file, text.data(), text.size() - 1) > 0) {
            if (const char* line = std::strstr(text.data(), "MemAvailable:")) {
                use.free_bytes = std::strtoull(line + std::strlen("MemAvailable:"), nullptr, 10) * 1024;
            }
        }
        close(file);
    }
    return use;
}

// SAFETY (both): the caller's own reservation.
bool commit_pages(std::uintptr_t from, std::size_t bytes) {
    return bytes == 0 || mprotect(reinterpret_cast<void*>(from), bytes, PROT_READ | PROT_WRITE) == 0;
}

void release_pages(std::uintptr_t from, std::size_t bytes) {
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    (void)mmap(reinterpret_cast<void*>(from), bytes, PROT_NONE, kFlags, -1, 0);
}

void random_bytes(std::span<std::byte> into) {
    while (!into.empty()) {
        const auto bytes = getrandom(into.data(), into.size(), 0);
        if (bytes > 0) {
            into = into.subspan(static_cast<std::size_t>(bytes));
        } else if (errno != EINTR) {
            std::abort();  // weak randomness must not pass for strong
        }
    }
}

void shutdown(int status) {
    // No destructors: other workers may be running.
    _exit(status);
}

void reboot() { _exit(0); }

void prepare_code_generator() {}  // the dynamic linker has done it

}  // namespace tessera::platform
