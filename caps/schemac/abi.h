// How a method is called: which of its parameters and results travel as what. docs/notes/schema.md has the rules.
#pragma once

#include "caps/schemac/model.h"

#include <string>
#include <vector>

namespace tessera::schemac {

struct Part {
    const Field* field = nullptr;
    char letter =
        0;  // i l f d: numbers; c: a capability; r: a slice to read; w: a slice that the callee writes a result to
};

struct Abi {
    std::vector<Part> parameters{};  // as declared
    std::vector<Part> results{};     // as declared; what is bytes has the letter l here, and a w in `letters_in`
    std::string letters_in{};        // of the call: the parameters, then a w for each result of bytes
    std::string letters_out{};       // i for the status, then the results

    [[nodiscard]] std::string signature(unsigned ordinal) const;  // "2:lw>il"
};

// Throws std::runtime_error, with place and reason, for what has no such form: generic methods, unions among the
// parameters, capabilities inside of structs and lists, and defaults of pointers that are not empty.
[[nodiscard]] Abi abi_of(const Schema& schema, const Node& interface, const Method& method);

// A result or parameter that travels as bytes: Text, Data, lists, structs and AnyPointer.
[[nodiscard]] bool is_bytes(const Type& type);

}  // namespace tessera::schemac
