// Running programs, given as LLVM assembly in lowered form, on the hosted kernel in a process of its own.
#pragma once

#include <string>
#include <vector>

namespace tessera::test {

struct TestProgram {
    std::string name = "p";
    std::string assembly;
    std::vector<std::string> grants = {"console", "clock", "random"};  // also "dir GUEST NAME=CONTENT,...",
                                                                       // "object PROGRAM INTERFACE"
    std::vector<std::string> args = {};
    std::uint64_t memory_bytes = std::uint64_t{64} << 20U;
    std::uint64_t timeout_ms = 0;
    bool cached = false;
    bool spoil_cache = false;
    unsigned cap_tables = 0;  // empty ones, each of which may have as many entries as there may be in all
};

struct Outcome {
    int status = -1;  // exit status; -N: ended by signal N
    std::string output;
    std::string errors;
};

// `options`: the kernel's command line.
Outcome run_hosted(const std::vector<TestProgram>& programs, const std::vector<std::string>& options = {});

// With declarations of what test programs import and call before it, and what uses them for it: @granted, @write.
std::string with_prelude(const std::string& assembly);

}  // namespace tessera::test
