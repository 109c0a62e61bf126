// Result: how every fallible function reports failure.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace tessera {

// Who has to change something for the failure to go away.
enum class Blame : std::uint8_t {
    Program,  // the program or its author: bad input, a limit, a trap
    Caller,   // whoever called this interface: bad arguments, bad configuration
    Machine,  // the device or the host: out of memory, no such file
    Kernel,   // a fault of Tessera itself
};

// A failure: who is to blame, what happened and, where it helps, what to do next.
// `text` is one sentence without a trailing full stop, made to be shown to a person.
struct Error {
    Blame blame = Blame::Kernel;
    std::string text;
};

template <typename T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Blame blame, std::string text) {
    return std::unexpected(Error{blame, std::move(text)});
}

}  // namespace tessera

// TRY(expression): the value of a Result, or return its error from the enclosing function.
// TRY_VOID(expression): the same for Result<void>.
#define TESSERA_CAT_(a, b) a##b
#define TESSERA_CAT(a, b) TESSERA_CAT_(a, b)
#define TRY_TO(target, expression)                                                                                     \
    auto TESSERA_CAT(try_, __LINE__) = (expression);                                                                   \
    if (!TESSERA_CAT(try_, __LINE__).has_value())                                                                      \
        return std::unexpected(std::move(TESSERA_CAT(try_, __LINE__)).error());                                        \
    target = std::move(TESSERA_CAT(try_, __LINE__)).value()
#define TRY_VOID(expression)                                                                                           \
    do {                                                                                                               \
        if (auto try_result = (expression); !try_result.has_value())                                                   \
            return std::unexpected(std::move(try_result).error());                                                     \
    } while (false)
