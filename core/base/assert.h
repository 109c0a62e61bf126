// Invariants checked at run time, in every build: an assertion that is off where it matters is a comment.
//   ASSERT(condition)    what this code itself keeps true
//   REQUIRES(condition)  what the caller had to keep true (Catch2 owns the shorter name)
// Both stop the kernel with the file, the line and the condition, by the platform's own way of stopping. Any context,
// no allocation. Never for what comes from outside: a program, a file or a device gets a Result.
#pragma once

namespace tessera {

// Each platform has its own; core/base/assert.cpp has the host tools'.
[[noreturn, gnu::cold]] void assertion_failed(const char* what, const char* file, unsigned line) noexcept;

namespace detail {

// The compiler names files as seen from its build folder.
constexpr const char* below_root(const char* file) {
    while (file[0] == '.' && file[1] == '.' && file[2] == '/') {
        file += 3;
    }
    return file;
}

}  // namespace detail
}  // namespace tessera

#define TESSERA_CHECK(name, text, ...)                                                                                 \
    (__builtin_expect(static_cast<bool>(__VA_ARGS__), 1)                                                               \
         ? static_cast<void>(0)                                                                                        \
         : ::tessera::assertion_failed(name "(" text ")", ::tessera::detail::below_root(__FILE__), __LINE__))
#define ASSERT(...) TESSERA_CHECK("ASSERT", #__VA_ARGS__, __VA_ARGS__)
#define REQUIRES(...) TESSERA_CHECK("REQUIRES", #__VA_ARGS__, __VA_ARGS__)
