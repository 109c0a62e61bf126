// Parameters and results of a method in C.
#pragma once

#include "caps/schemac/abi.h"
#include "caps/schemac/model.h"

#include <string>
#include <string_view>
#include <vector>

namespace tessera::schemac {

struct CMethod {
    const Schema& schema;
    const Node& interface;
    std::string interface_name;
    const Method& method;
    std::string name;
    unsigned ordinal;
    Abi abi;
};
[[nodiscard]] std::vector<CMethod> methods_of(const Schema& schema, const Node& interface);

// What a letter of the call's signature is in C.
[[nodiscard]] std::string_view wire_type(char letter);
// Of numbers, enums and objects.
[[nodiscard]] std::string c_type(const Schema& schema, const Type& type);

// Of a client's function: "const char* path, size_t path_length".
[[nodiscard]] std::string c_parameter(const Schema& schema, const Part& part);
[[nodiscard]] std::string c_argument(const Part& part);
[[nodiscard]] std::string c_result(const Schema& schema, const Part& part);
// The result is fetched into a local, and then stored where the caller wants it.
[[nodiscard]] std::string c_fetch(const Schema& schema, const Part& part, std::size_t index);
[[nodiscard]] std::string c_store(const Schema& schema, const Part& part);

// Of a server's function.
[[nodiscard]] std::string c_served_type(const Schema& schema, const Part& part);
[[nodiscard]] std::string c_from_wire(const Schema& schema, const Part& part, const std::string& name);

// As the inside of a string literal.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace tessera::schemac
