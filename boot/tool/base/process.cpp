#include "boot/tool/base/process.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace tessera::tool {
namespace {

using Clock = std::chrono::steady_clock;

constinit std::atomic<bool> interrupt_seen = false;

// A child that was asked to end gets this long before it is killed.
constexpr std::chrono::milliseconds kGrace{2000};

int open_or_complain(const std::string& path, int flags) {
    const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
    if (file < 0) {
        fmt::print(stderr, "tessera: cannot open {}: {}\n", path, std::strerror(errno));
        ::_exit(126);
    }
    return file;
}

void limit(int what, std::uint64_t most) {
    const rlimit both{.rlim_cur = most, .rlim_max = most};
    ::setrlimit(static_cast<__rlimit_resource>(what), &both);
}

void put_up(const Command::Fence& fence) {
    ::setpgid(0, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, fence.file_bytes_max);
    if (fence.memory_bytes_max != 0) {
        limit(RLIMIT_AS, fence.memory_bytes_max);
    }
}

// Our standard input in frames, until its end; the pipe stays open. Never comes back from a read that waits, which only
// our own end ends.
void frame_input(int pipe) {
    constexpr char kEscape = 0x10;
    constexpr char kEndMark = 0x04;
    sigset_t signals;
    ::sigfillset(&signals);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::array<char, 16384> buffer;
    std::string framed;
    bool goes_on = true;
    while (goes_on) {
        const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        framed.clear();
        for (ssize_t i = 0; i < got; ++i) {
            const char each = buffer[static_cast<std::size_t>(i)];
            framed.append(each == kEscape ? 2 : 1, each);
        }
        if (got <= 0) {
            framed += {kEscape, kEndMark};
            goes_on = false;
        }
        for (std::string_view rest = framed; !rest.empty();) {
            const ssize_t written = ::write(pipe, rest.data(), rest.size());
            if (written < 0 && errno != EINTR) {
                return;
            }
            rest.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
        }
    }
}

[[noreturn]] void become(const Command& command, int capture_pipe, int input_pipe, pid_t parent) {
    // The child must not outlive us, whatever happens to us.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(126);
    }
    if (command.fence) {
        put_up(*command.fence);
    }
    if (command.priority != 0) {
        ::setpriority(PRIO_PROCESS, 0, command.priority);
    }
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGPIPE, SIG_DFL);
    if (input_pipe >= 0) {
        ::dup2(input_pipe, STDIN_FILENO);
    } else if (!command.input_file.empty()) {
        ::dup2(open_or_complain(command.input_file, O_RDONLY), STDIN_FILENO);
    }
    if (!command.output_file.empty()) {
        ::dup2(open_or_complain(command.output_file, O_WRONLY | O_CREAT | O_TRUNC), STDOUT_FILENO);
    } else if (command.capture == Capture::Output || command.capture == Capture::Both) {
        ::dup2(capture_pipe, STDOUT_FILENO);
    }
    if (command.capture == Capture::Error || command.capture == Capture::Both) {
        ::dup2(capture_pipe, STDERR_FILENO);
    }
    if (!command.folder.empty() && ::chdir(command.folder.c_str()) != 0) {
        fmt::print(stderr, "tessera: cannot enter {}: {}\n", command.folder, std::strerror(errno));
        ::_exit(126);
    }
    for (const auto& [name, value] : command.environment) {
        ::setenv(name.c_str(), value.c_str(), 1);
    }
    std::vector<char*> argv;
    argv.reserve(command.argv.size() + 1);
    for (const std::string& word : command.argv) {
        argv.push_back(const_cast<char*>(word.c_str()));  // execvp's old signature; it does not write
    }
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    fmt::print(stderr, "tessera: cannot start {}: {}\n", command.argv[0], std::strerror(errno));
    ::_exit(127);
}

// Watches a child: collects output, passes on Ctrl-C, keeps the time limit. Polls, since a signal may come at any
// moment.
class Watch {
  public:
    Watch(pid_t child, int pipe, const Command& command) : child_(child), pipe_(pipe), command_(command) {}

    Ended until_end() {
        int raw = 0;
        rusage use{};
        bool over = false;
        while (!over) {
            over = ::wait4(child_, &raw, WNOHANG, &use) == child_;
            collect(over);
            if (!over) {
                enforce();
            }
        }
        ended_.wall_seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
        ended_.cpu_seconds = static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                             1e-6 * static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
        ended_.peak_kib = use.ru_maxrss;
        ended_.signal = WIFSIGNALED(raw) ? WTERMSIG(raw) : 0;
        ended_.status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
        return std::move(ended_);
    }

  private:
    // Reads what is there, waiting a little; after the child's end, only what is left in the pipe.
    void collect(bool over) {
        pollfd waiting{.fd = pipe_, .events = POLLIN, .revents = 0};
        if (pipe_ < 0) {
            if (!over) {
                ::poll(nullptr, 0, wait_ms_);
                wait_ms_ = wait_ms_ < 20 ? wait_ms_ + 1 : 20;
            }
            return;
        }
        while (::poll(&waiting, 1, over ? 0 : 20) > 0) {
            std::array<char, 16384> buffer;
            const ssize_t got = ::read(pipe_, buffer.data(), buffer.size());
            if (got <= 0) {
                pipe_ = -1;
                return;
            }
            keep({buffer.data(), static_cast<std::size_t>(got)});
            if (ended_.marker_seconds < 0 && !command_.marker.empty() &&
                ended_.output.find(command_.marker) != std::string::npos) {
                ended_.marker_seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
            }
            if (!over) {
                return;
            }
        }
    }

    // Of too much output, its beginning and its end are kept: what failed first, and what ended it.
    void keep(std::string_view text) {
        ended_.output.append(text);
        const std::size_t most = command_.fence ? command_.fence->output_bytes_max : ended_.output.size();
        if (ended_.output.size() > most) {
            ended_.output.erase(most / 2, ended_.output.size() - most);
        }
    }

    // A fenced child takes all that it started with it.
    void send(int signal) const { ::kill(command_.fence ? -child_ : child_, signal); }

    void enforce() {
        const auto now = Clock::now();
        if (asked_at_) {
            if (now - *asked_at_ > kGrace) {
                send(SIGKILL);
            }
            return;
        }
        if (interrupt_seen) {
            ended_.interrupted = true;
        } else if (command_.timeout && now - begin_ > *command_.timeout) {
            ended_.timed_out = true;
        } else {
            return;
        }
        asked_at_ = now;
        send(command_.fence ? SIGKILL : (ended_.interrupted ? SIGINT : SIGTERM));
    }

    pid_t child_;
    int pipe_;
    const Command& command_;
    Clock::time_point begin_ = Clock::now();
    Ended ended_;
    std::optional<Clock::time_point> asked_at_;
    int wait_ms_ = 1;
};

}  // namespace

Result<Ended> run_command(const Command& command) {
    std::array<int, 2> pipe{-1, -1};
    if (command.capture != Capture::Nothing && ::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        return fail(Blame::Machine, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    }
    std::array<int, 2> input{-1, -1};
    if (command.frames_input && ::pipe2(input.data(), O_CLOEXEC) != 0) {
        return fail(Blame::Machine, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    }
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) {
        return fail(Blame::Machine, fmt::format("cannot start {}: {}", command.argv[0], std::strerror(errno)));
    }
    if (child == 0) {
        become(command, pipe[1], input[0], parent);
    }
    if (command.frames_input) {
        ::close(input[0]);
        std::thread(frame_input, input[1]).detach();  // which keeps its end until we end
    }
    if (pipe[1] >= 0) {
        ::close(pipe[1]);
    }
    if (command.fence) {
        ::setpgid(child, child);  // as the child does itself: whoever is first
    }
    Ended ended = Watch(child, pipe[0], command).until_end();
    if (command.fence) {
        ::kill(-child, SIGKILL);  // what it left behind
    }
    if (pipe[0] >= 0) {
        ::close(pipe[0]);
    }
    if (ended.status == 127 && find_on_path(command.argv[0]).empty()) {
        return fail(Blame::Machine,
                    fmt::format("{} is not installed; `tessera doctor` says how to get it", command.argv[0]));
    }
    return ended;
}

std::string find_on_path(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        return ::access(name.c_str(), X_OK) == 0 ? name : "";
    }
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        const std::string file = fmt::format("{}/{}", rest.substr(0, colon), name);
        if (::access(file.c_str(), X_OK) == 0) {
            return file;
        }
        rest = colon == std::string_view::npos ? "" : rest.substr(colon + 1);
    }
    return "";
}

void watch_interrupts() {
    struct sigaction action{};
    action.sa_handler = [](int) { interrupt_seen = true; };
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return interrupt_seen; }

}  // namespace tessera::tool
