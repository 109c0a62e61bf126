// What a piece of code says when it ends its process.
#pragma once

#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace tessera::test {

struct Death {
    int signal = 0;  // 0: it lived
    std::string last_words;
};

// Runs `body` in a child, whose standard error is caught.
template <typename Body>
Death death_of(Body body) {
    int ends[2];
    if (pipe(ends) != 0) {
        return {};
    }
    const pid_t child = fork();
    if (child == 0) {
        // Not Catch2's: what kills the child is the result.
        for (const int signal : {SIGABRT, SIGSEGV, SIGILL}) {
            std::signal(signal, SIG_DFL);
        }
        dup2(ends[1], STDERR_FILENO);
        body();
        _exit(0);
    }
    close(ends[1]);
    Death death;
    char bytes[512];
    for (ssize_t got = 0; (got = read(ends[0], bytes, sizeof bytes)) > 0;) {
        death.last_words.append(bytes, static_cast<std::size_t>(got));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    death.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return death;
}

}  // namespace tessera::test
