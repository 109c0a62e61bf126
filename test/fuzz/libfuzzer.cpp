// The same property for libFuzzer, which finds its own way: ninja test/fuzz/fuzz-safeir, then fuzz-safeir CORPUS.
#include "test/fuzz/target.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tessera::fuzz::Outcome outcome = tessera::fuzz::try_program(std::as_bytes(std::span(data, size)), false);
    if (!outcome.problem.empty()) {
        std::fprintf(stderr, "%s\n", outcome.problem.c_str());
        std::abort();
    }
    return 0;
}
