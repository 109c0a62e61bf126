// Names as each language writes them, from a schema's camelCase.
#pragma once

#include <string>
#include <string_view>

namespace tessera::schemac {

[[nodiscard]] std::string snake(std::string_view name);   // readLink: read_link
[[nodiscard]] std::string shout(std::string_view name);   // readLink: READ_LINK
[[nodiscard]] std::string pascal(std::string_view name);  // readLink: ReadLink

// In snake case, with an underscore behind what is a keyword.
[[nodiscard]] std::string cpp_name(std::string_view name);
[[nodiscard]] std::string rust_name(std::string_view name);
// The same of methods, whose objects have members of their own.
[[nodiscard]] std::string cpp_method_name(std::string_view name);
[[nodiscard]] std::string rust_method_name(std::string_view name);

}  // namespace tessera::schemac
