#include "boot/tool/build/capability_graph.h"

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace tessera::tool {
namespace {

namespace fs = std::filesystem;
using Kind = CapabilityNode::Kind;

class GraphMaker {
  public:
    GraphMaker(const Manifest& manifest, const InterfaceName& name_of_id)
        : manifest_(manifest), name_of_id_(name_of_id) {}

    CapabilityGraph make() {
        graph_.image = manifest_.name;
        for (const ProgramSpec& program : manifest_.programs) {
            graph_.nodes.push_back({.name = program.name});
        }
        for (std::size_t holder = 0; holder < manifest_.programs.size(); ++holder) {
            const std::vector<Grant>& grants = manifest_.programs[holder].grants;
            for (std::size_t place = 0; place < grants.size(); ++place) {
                CapabilityEdge edge = edge_of(grants[place], manifest_.programs[holder]);
                edge.from = holder;
                edge.place = place;
                add(std::move(edge), grants[place].interposed);
            }
        }
        return std::move(graph_);
    }

  private:
    // By way of those that stand before it, the nearest to the holder first.
    void add(CapabilityEdge edge, const std::vector<std::string>& interposed) {
        const std::size_t target = edge.to;
        for (auto by = interposed.rbegin(); by != interposed.rend(); ++by) {
            // The manifest's reader has refused those that do not exist.
            edge.to = *graph_.program(*by);
            graph_.edges.push_back(edge);
            edge = {.kind = CapabilityEdge::Kind::Wrapped, .from = edge.to, .interface = edge.interface};
        }
        edge.to = target;
        graph_.edges.push_back(std::move(edge));
    }

    CapabilityEdge edge_of(const Grant& grant, const ProgramSpec& holder) {
        switch (grant.kind) {
        case Grant::Kind::Console:
            return of_kernel("Console");
        case Grant::Kind::Clock:
            return of_kernel("Clock");
        case Grant::Kind::Random:
            return of_kernel("Random");
        case Grant::Kind::Loader:
            return of_kernel("Loader");
        case Grant::Kind::Cores:
            return of_kernel("Cores");
        case Grant::Kind::Directory:
            return {.to = node(Kind::Directory, shown_path(grant, holder), "read-only, in the image"),
                    .key = grant.guest_path,
                    .interface = "Directory"};
        case Grant::Kind::Modules:
            return {.to = node(Kind::Directory, "modules", fmt::format("{}", fmt::join(grant.modules, ", "))),
                    .key = grant.guest_path,
                    .interface = "Directory"};
        case Grant::Kind::Object:
            break;
        }
        const std::string name = name_of_id_(grant.interface);
        // The manifest's reader has refused servers that do not exist.
        return {.to = *graph_.program(grant.server), .interface = name.empty() ? grant.interface : name};
    }

    CapabilityEdge of_kernel(const std::string& interface) {
        return {.to = node(Kind::Kernel, interface, "kernel"), .interface = interface};
    }

    std::string shown_path(const Grant& grant, const ProgramSpec& holder) const {
        if (grant.is_built) {
            return fmt::format("${{build}}/{} of {}", grant.host_path.generic_string(), holder.name);
        }
        const fs::path below = grant.host_path.lexically_relative(manifest_.folder);
        const bool is_below = !below.empty() && *below.begin() != "..";
        return (is_below ? below : grant.host_path).generic_string();
    }

    std::size_t node(Kind kind, const std::string& name, const std::string& detail) {
        const auto found = std::ranges::find_if(
            graph_.nodes, [&](const CapabilityNode& one) { return one.kind == kind && one.name == name; });
        const auto index = static_cast<std::size_t>(found - graph_.nodes.begin());
        if (found == graph_.nodes.end()) {
            graph_.nodes.push_back({.kind = kind, .name = name, .detail = detail});
        }
        return index;
    }

    const Manifest& manifest_;
    const InterfaceName& name_of_id_;
    CapabilityGraph graph_;
};

// What is between quotes in dot's language. Its own escapes begin with a backslash, so that one is doubled.
std::string dot_text(std::string_view text) {
    std::string quoted;
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            quoted += '\\';
        }
        quoted += static_cast<unsigned char>(letter) < ' ' ? '?' : letter;
    }
    return quoted;
}

std::string dot_node(const CapabilityNode& node) {
    const char* look = "";
    switch (node.kind) {
    case Kind::Program:
        look = "shape=box, style=\"rounded,filled\", fillcolor=\"#dbe9f8\"";
        break;
    case Kind::Kernel:
        look = "shape=box, style=filled, fillcolor=\"#e6e6e6\"";
        break;
    case Kind::Directory:
        look = "shape=folder, style=filled, fillcolor=\"#f7efd2\"";
        break;
    }
    const std::string detail = node.detail.empty() ? "" : "\\n" + dot_text(node.detail);
    return fmt::format("label=\"{}{}\", {}", dot_text(node.name), detail, look);
}

// By which the holder knows it: its number among the grants, and its name if it has one.
std::string key_of(const CapabilityEdge& edge) {
    if (edge.kind == CapabilityEdge::Kind::Wrapped) {
        return "stands before";
    }
    return edge.key.empty() ? fmt::format("[{}]", edge.place) : fmt::format("[{}] {}", edge.place, edge.key);
}

std::string shown(const CapabilityNode& node) {
    switch (node.kind) {
    case Kind::Program:
        return "program " + node.name;
    case Kind::Kernel:
        return "the kernel";
    case Kind::Directory:
        return "folder " + node.name;
    }
    return node.name;
}

std::string program_text(const CapabilityGraph& graph, std::size_t program) {
    std::string text = fmt::format("program {}\n", graph.nodes[program].name);
    std::vector<std::string> held;
    for (const CapabilityEdge& edge : graph.edges) {
        if (edge.from == program) {
            held.push_back(
                fmt::format("    {:<12} {} of {}\n", key_of(edge), edge.interface, shown(graph.nodes[edge.to])));
        }
    }
    text += held.empty() ? "  holds nothing\n" : fmt::format("  holds\n{}", fmt::join(held, ""));
    std::vector<std::string> served;
    for (const CapabilityEdge& edge : graph.edges) {
        if (edge.to == program) {
            served.push_back(fmt::format("    {} to {}\n", edge.interface, graph.nodes[edge.from].name));
        }
    }
    text += served.empty() ? "" : fmt::format("  serves\n{}", fmt::join(served, ""));
    std::vector<std::string> through;
    for (const Reached& reached : reached_from(graph, program)) {
        if (reached.edges.size() < 2) {
            continue;  // held itself
        }
        std::vector<std::string> steps;
        for (const std::size_t step : reached.edges) {
            if (step != reached.edges.back()) {
                steps.push_back(
                    fmt::format("{} of {}", graph.edges[step].interface, graph.nodes[graph.edges[step].to].name));
            }
        }
        through.push_back(fmt::format("    {} of {}, through {}\n",
                                      graph.edges[reached.edges.back()].interface,
                                      shown(graph.nodes[reached.node]),
                                      fmt::join(steps, ", ")));
    }
    return text + (through.empty() ? "" : fmt::format("  reaches\n{}", fmt::join(through, "")));
}

}  // namespace

std::optional<std::size_t> CapabilityGraph::program(std::string_view name) const {
    const auto found = std::ranges::find_if(
        nodes, [&](const CapabilityNode& node) { return node.kind == Kind::Program && node.name == name; });
    return found == nodes.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - nodes.begin()));
}

std::size_t CapabilityGraph::program_count() const {
    return static_cast<std::size_t>(std::ranges::count(nodes, Kind::Program, &CapabilityNode::kind));
}

CapabilityGraph graph_of(const Manifest& manifest, const InterfaceName& name_of_id) {
    return GraphMaker(manifest, name_of_id).make();
}

std::vector<Reached> reached_from(const CapabilityGraph& graph, std::size_t start) {
    std::vector<bool> seen(graph.nodes.size(), false);
    seen[start] = true;
    std::vector<Reached> all;
    std::deque<Reached> waiting{{.node = start}};
    while (!waiting.empty()) {
        const Reached at = std::move(waiting.front());
        waiting.pop_front();
        for (std::size_t i = 0; i < graph.edges.size(); ++i) {
            const CapabilityEdge& edge = graph.edges[i];
            if (edge.from != at.node || seen[edge.to]) {
                continue;
            }
            seen[edge.to] = true;
            Reached next{.node = edge.to, .edges = at.edges};
            next.edges.push_back(i);
            all.push_back(next);
            waiting.push_back(std::move(next));
        }
    }
    return all;
}

CapabilityGraph part_from(const CapabilityGraph& graph, std::size_t start) {
    std::vector<std::size_t> kept{start};
    for (const Reached& reached : reached_from(graph, start)) {
        kept.push_back(reached.node);
    }
    std::ranges::sort(kept);
    CapabilityGraph part{.image = graph.image};
    std::vector<std::size_t> renamed(graph.nodes.size(), graph.nodes.size());
    for (const std::size_t node : kept) {
        renamed[node] = part.nodes.size();
        part.nodes.push_back(graph.nodes[node]);
    }
    for (CapabilityEdge edge : graph.edges) {
        if (renamed[edge.from] == graph.nodes.size()) {
            continue;
        }
        edge.from = renamed[edge.from];
        edge.to = renamed[edge.to];
        part.edges.push_back(std::move(edge));
    }
    return part;
}

std::string as_dot(const CapabilityGraph& graph) {
    std::string text = fmt::format("digraph capabilities {{\n"
                                   "  label=\"{}: who holds a capability of whom\"; labelloc=t; rankdir=TB;\n"
                                   "  nodesep=0.6; ranksep=0.8; fontname=\"sans-serif\";\n"
                                   "  node [fontname=\"sans-serif\", fontsize=12];\n"
                                   "  edge [fontname=\"sans-serif\", fontsize=10];\n",
                                   dot_text(graph.image));
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        text += fmt::format("  n{} [{}];\n", i, dot_node(graph.nodes[i]));
    }
    for (const CapabilityEdge& edge : graph.edges) {
        // The spaces keep neighbouring labels apart.
        text += fmt::format("  n{} -> n{} [label=\" {} {} \"];\n",
                            edge.from,
                            edge.to,
                            dot_text(key_of(edge)),
                            dot_text(edge.interface));
    }
    // What is nobody's program lies at the bottom, whoever holds it.
    text += "  { rank=sink;";
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        text += graph.nodes[i].kind == Kind::Program ? "" : fmt::format(" n{};", i);
    }
    return text + " }\n}\n";
}

std::string as_text(const CapabilityGraph& graph, std::optional<std::size_t> only) {
    std::string text = fmt::format(
        "image {}: {} program{}\n", graph.image, graph.program_count(), graph.program_count() == 1 ? "" : "s");
    for (std::size_t i = 0; i < graph.program_count(); ++i) {
        text += !only || *only == i ? program_text(graph, i) : "";
    }
    return text;
}

}  // namespace tessera::tool
