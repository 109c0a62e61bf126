// What of a file the generators go through, and how its types are called in C and C++.
#pragma once

#include "caps/schemac/model.h"

#include <string>
#include <vector>

namespace tessera::schemac {

// All nodes of a file that something is made for, groups among them, the outer before the inner.
[[nodiscard]] std::vector<const Node*> nodes_of(const Schema& schema, const RequestedFile& file, NodeKind kind);

// The interface, and each that it extends, directly or not, once.
[[nodiscard]] std::vector<const Node*> lineage_of(const Schema& schema, const Node& interface);

// What other files' headers are needed, as they are included: `"stream` or `<tessera/stream`, without ending.
struct Needed {
    std::string name;
    bool absolute;
};
[[nodiscard]] std::vector<Needed> needed_files(const Schema& schema, const RequestedFile& file);

[[nodiscard]] std::string namespace_of(const Schema& schema, const Node& node);  // "a::b"
[[nodiscard]] std::string c_name(const Schema& schema, const Node& node);        // "a_b_outer_inner"
[[nodiscard]] std::string cpp_type(const Schema& schema, const Node& node);      // "OuterInner"
[[nodiscard]] std::string cpp_path(const Schema& schema, const Node& node);      // "::a::b::OuterInner"

// Of the file's path without ".capnp", as a macro for a guard.
[[nodiscard]] std::string guard_of(const RequestedFile& file, std::string_view ending);

}  // namespace tessera::schemac
