// Who holds what in an image: programs, what the kernel and the image's folders give them, and whose objects they may
// call. Made from the manifest alone. It is what holds at the start; what calls hand on later moves along these edges.
#pragma once

#include "boot/tool/build/manifest.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::tool {

struct CapabilityNode {
    enum class Kind : unsigned char { Program, Kernel, Directory };
    Kind kind = Kind::Program;
    std::string name{};    // of a program its own, of the kernel's services the interface's, of a folder its path
    std::string detail{};  // a second line; may be empty
};

// That `from` holds a capability of `to`. What else binds programs becomes a kind of its own.
struct CapabilityEdge {
    enum class Kind : unsigned char {
        Grant,
        Wrapped,  // `from` stands before it, in a grant of another program's
    };
    Kind kind = Kind::Grant;
    std::size_t from = 0;
    std::size_t to = 0;
    std::size_t place = 0;    // of a grant: among the holder's grants, as its Arguments object numbers them
    std::string key{};        // the name by which the holder finds it; may be empty
    std::string interface{};  // its name, or its id where no schema names it
};

struct CapabilityGraph {
    std::string image{};
    std::vector<CapabilityNode> nodes{};  // the programs first, in the manifest's order
    std::vector<CapabilityEdge> edges{};  // by holder, then by place

    [[nodiscard]] std::optional<std::size_t> program(std::string_view name) const;
    [[nodiscard]] std::size_t program_count() const;
};

// What an interface that is named by its id is called; empty: not known.
using InterfaceName = std::function<std::string(const std::string& id)>;

[[nodiscard]] CapabilityGraph graph_of(const Manifest& manifest, const InterfaceName& name_of_id);

// What `start` reaches: a node, and the edges that lead there, the fewest possible; nearest first. Not `start` itself.
struct Reached {
    std::size_t node = 0;
    std::vector<std::size_t> edges{};
};
[[nodiscard]] std::vector<Reached> reached_from(const CapabilityGraph& graph, std::size_t start);

// Only `start` and what it reaches.
[[nodiscard]] CapabilityGraph part_from(const CapabilityGraph& graph, std::size_t start);

// In the language of Graphviz's dot.
[[nodiscard]] std::string as_dot(const CapabilityGraph& graph);

// Lines for people: each program's capabilities, who holds its objects, and what it reaches through others. With
// `only`, of that program alone.
[[nodiscard]] std::string as_text(const CapabilityGraph& graph, std::optional<std::size_t> only);

}  // namespace tessera::tool
