// Interfaces in Rust: handles with a method for each, and the C functions that they call.
#pragma once

#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/model.h"

#include <functional>
#include <string>

namespace tessera::schemac {

// `scalar` and `path`: how the module writes a number's or an enum's type, and a type by its id.
[[nodiscard]] std::string emit_rust_interface(const Schema& schema,
                                              const Node& node,
                                              const std::function<std::string(const Type&)>& scalar,
                                              const std::function<std::string(Id)>& path);

// Serving: a trait, and what C calls; and the parts of C's file, before its header is included and behind it.
[[nodiscard]] std::string emit_rust_server(const Schema& schema,
                                           const Node& node,
                                           const std::function<std::string(const Type&)>& scalar,
                                           const std::function<std::string(Id)>& path);
// `fn name(&self, ...) -> Result<..., Error>`, as who implements the trait writes it.
[[nodiscard]] std::string rust_served_head(const CMethod& method,
                                           const std::function<std::string(const Type&)>& scalar,
                                           const std::function<std::string(Id)>& path);
[[nodiscard]] std::string emit_served_names(const Schema& schema, const RequestedFile& file);
[[nodiscard]] std::string emit_served_shims(const Schema& schema, const Node& node);

}  // namespace tessera::schemac
