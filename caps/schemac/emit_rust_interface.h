// Interfaces in Rust: handles with a method for each, and the C functions that they call.
#pragma once

#include "caps/schemac/model.h"

#include <functional>
#include <string>

namespace tessera::schemac {

// `scalar` and `path`: how the module writes a number's or an enum's type, and a type by its id.
[[nodiscard]] std::string emit_rust_interface(const Schema& schema,
                                              const Node& node,
                                              const std::function<std::string(const Type&)>& scalar,
                                              const std::function<std::string(Id)>& path);

}  // namespace tessera::schemac
