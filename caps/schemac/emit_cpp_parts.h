// The parts of a C++ header: first what declares all classes, then the bodies, which need them all.
#pragma once

#include "caps/schemac/model.h"

#include <string>

namespace tessera::schemac {

[[nodiscard]] std::string emit_cpp_constants(const Schema& schema, const RequestedFile& file);
[[nodiscard]] std::string emit_cpp_shell(const Schema& schema, const Node& node);
[[nodiscard]] std::string emit_cpp_struct(const Schema& schema, const Node& node);
[[nodiscard]] std::string emit_cpp_struct_bodies(const Schema& schema, const Node& node);
[[nodiscard]] std::string emit_cpp_interface(const Schema& schema, const Node& node);
[[nodiscard]] std::string emit_cpp_interface_bodies(const Schema& schema, const Node& node);

// Of numbers and enums: "std::uint32_t".
[[nodiscard]] std::string cpp_scalar(const Schema& schema, const Type& type);

}  // namespace tessera::schemac
