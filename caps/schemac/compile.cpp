#include "caps/schemac/load.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <kj/exception.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace tessera::schemac {
namespace {

class ScratchFile {
  public:
    ScratchFile() : descriptor_(::mkstemp(name_.data())) {
        if (descriptor_ < 0) {
            throw std::runtime_error(std::string("cannot make a temporary file: ") + std::strerror(errno));
        }
        ::unlink(name_.data());
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile() { ::close(descriptor_); }

    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] std::string text() const {
        std::string all;
        std::array<char, 4096> part{};
        ::lseek(descriptor_, 0, SEEK_SET);
        for (ssize_t got = 0; (got = ::read(descriptor_, part.data(), part.size())) > 0;) {
            all.append(part.data(), static_cast<std::size_t>(got));
        }
        return all;
    }

  private:
    std::array<char, 32> name_ = std::to_array("/tmp/tessera-schema-XXXXXX\0\0\0\0\0");
    int descriptor_;
};

int run(const std::vector<std::string>& words, int output, int errors) {
    std::vector<char*> argv;
    for (const std::string& word : words) {
        argv.push_back(const_cast<char*>(word.c_str()));  // posix_spawn's old signature; it does not write
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    pid_t child = 0;
    const int failure = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) {
        throw std::runtime_error("cannot start " + words.front() + ": " + std::strerror(failure) +
                                 "; it is in Debian's package capnproto");
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Schema compile(const CompileOptions& options) {
    std::vector<std::string> words{"capnp", "compile", "-o-"};
    for (const std::string& path : options.import_paths) {
        words.push_back("-I" + path);
    }
    words.insert(words.end(), options.files.begin(), options.files.end());
    const ScratchFile output;
    const ScratchFile errors;
    if (run(words, output.descriptor(), errors.descriptor()) != 0) {
        throw std::runtime_error(errors.text());
    }
    ::lseek(output.descriptor(), 0, SEEK_SET);
    return read_request(output.descriptor());
}

}  // namespace tessera::schemac
