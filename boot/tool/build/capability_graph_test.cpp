#include "boot/tool/build/capability_graph.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace tessera::tool;

namespace {

// shop may call till, which may call ledger; ledger alone has the clock and the disk's files.
constexpr const char* kShop = R"(
[image]
name = "shop"
[[program]]
name = "shop"
sources = ["shop.c"]
grants = ["console", "object:till/Till"]
[[program]]
name = "till"
sources = ["till.c"]
grants = ["object:ledger/d5b1f4a2c3e60798"]
[[program]]
name = "ledger"
sources = ["ledger.c"]
grants = ["clock", "dir:/data=/"]
[[program]]
name = "idle"
sources = ["idle.c"]
)";

std::string name_of(const std::string& id) { return id == "d5b1f4a2c3e60798" ? "Ledger" : ""; }

CapabilityGraph graph_of_text(const std::string& text) {
    const auto manifest = parse_manifest(text, "tessera.toml", "/tmp", {"/t/tessera", "/t/packages"});
    REQUIRE(manifest);
    return graph_of(*manifest, name_of);
}

// "from [place] key interface to"
std::vector<std::string> edges(const CapabilityGraph& graph) {
    std::vector<std::string> all;
    for (const CapabilityEdge& edge : graph.edges) {
        all.push_back(fmt::format("{} [{}] {} {} {}",
                                  graph.nodes[edge.from].name,
                                  edge.place,
                                  edge.key,
                                  edge.interface,
                                  graph.nodes[edge.to].name));
    }
    return all;
}

std::vector<std::string> reached(const CapabilityGraph& graph, const std::string& program) {
    std::vector<std::string> all;
    for (const Reached& one : reached_from(graph, graph.program(program).value())) {
        all.push_back(fmt::format("{} {}", graph.nodes[one.node].name, one.edges.size()));
    }
    return all;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("what stands before a grant is on the way to it", "[boot][graph]") {
    const std::string before = "[[interpose]]\nprogram = \"till\"\ngrant = \"object:ledger/d5b1f4a2c3e60798\"\nby = ";
    const auto graph = graph_of_text(kShop + before + "\"idle\"\n[[program]]\nname = \"log\"\nsources = [\"log.c\"]\n" +
                                     before + "\"log\"\n");
    const auto all = edges(graph);
    const auto has = [&](const char* edge) { return std::ranges::find(all, edge) != all.end(); };
    CHECK(has("till [0]  Ledger log"));
    CHECK(has("log [0]  Ledger idle"));
    CHECK(has("idle [0]  Ledger ledger"));
    CHECK_FALSE(has("till [0]  Ledger ledger"));
    CHECK(reached(graph, "till") == std::vector<std::string>{"log 1", "idle 2", "ledger 3", "Clock 4", "/ 4"});
    CHECK(as_text(graph, graph.program("log")).find("stands before Ledger of program idle") != std::string::npos);
}

TEST_CASE("each grant is an edge to the kernel, a folder or the program that serves it", "[boot][graph]") {
    const CapabilityGraph graph = graph_of_text(kShop);
    CHECK(graph.image == "shop");
    CHECK(graph.program_count() == 4);
    CHECK(edges(graph) == std::vector<std::string>{"shop [0]  Console Console",
                                                   "shop [1]  Till till",
                                                   "till [0]  Ledger ledger",
                                                   "ledger [0]  Clock Clock",
                                                   "ledger [1] /data Directory /"});
}

TEST_CASE("what two programs hold of the kernel, or of one folder, is one node", "[boot][graph]") {
    const CapabilityGraph graph =
        graph_of_text("[[program]]\nname = \"a\"\nsources = [\"a.c\"]\ngrants = [\"clock\", \"dir:/x=/\"]\n"
                      "[[program]]\nname = \"b\"\nsources = [\"b.c\"]\ngrants = [\"dir:/y=/\", \"clock\"]\n");
    REQUIRE(graph.nodes.size() == 4);
    CHECK(graph.edges[0].to == graph.edges[3].to);
    CHECK(graph.edges[1].to == graph.edges[2].to);
}

TEST_CASE("a program reaches what those hold whom it may call, by the shortest way", "[boot][graph]") {
    const CapabilityGraph graph = graph_of_text(kShop);
    CHECK(reached(graph, "shop") == std::vector<std::string>{"Console 1", "till 1", "ledger 2", "Clock 3", "/ 3"});
    CHECK(reached(graph, "ledger") == std::vector<std::string>{"Clock 1", "/ 1"});
    CHECK(reached(graph, "idle").empty());
}

TEST_CASE("what calls in a circle is reached once", "[boot][graph]") {
    // No manifest says this yet; further kinds of edges may.
    CapabilityGraph graph = graph_of_text(kShop);
    graph.edges.push_back({.from = 2, .to = 0, .place = 2, .interface = "Shop"});
    CHECK(reached(graph, "till") == std::vector<std::string>{"ledger 1", "Clock 2", "/ 2", "shop 2", "Console 3"});
}

TEST_CASE("the part from a program leaves out what it does not reach", "[boot][graph]") {
    const CapabilityGraph graph = graph_of_text(kShop);
    const CapabilityGraph part = part_from(graph, graph.program("till").value());
    CHECK(part.program_count() == 2);
    CHECK_FALSE(part.program("shop"));
    CHECK(edges(part) == std::vector<std::string>{
                             "till [0]  Ledger ledger", "ledger [0]  Clock Clock", "ledger [1] /data Directory /"});
}

TEST_CASE("the text says who holds what, who is served, and what is reached through whom", "[boot][graph]") {
    const CapabilityGraph graph = graph_of_text(kShop);
    const std::string all = as_text(graph, std::nullopt);
    INFO(all);
    CHECK(has(all, "image shop: 4 programs\n"));
    CHECK(has(all, "    [0]          Console of the kernel\n    [1]          Till of program till\n"));
    CHECK(has(all, "    [1] /data    Directory of folder /\n"));
    CHECK(has(all, "  serves\n    Till to shop\n"));
    CHECK(has(all, "    Clock of the kernel, through Till of till, Ledger of ledger\n"));
    CHECK(has(all, "program idle\n  holds nothing\n"));
    const std::string one = as_text(graph, graph.program("till"));
    CHECK(has(one, "program till\n"));
    CHECK_FALSE(has(one, "program shop\n"));
}

TEST_CASE("names can't leave the quotes of dot's language", "[boot][graph]") {
    const CapabilityGraph graph = {
        .image = "a",
        .nodes = {{.name = "p"}, {.kind = CapabilityNode::Kind::Directory, .name = "x\"]; evil \\"}},
        .edges = {{.from = 0, .to = 1, .key = "/\"\n", .interface = "Directory"}}};
    const std::string dot = as_dot(graph);
    INFO(dot);
    CHECK(has(dot, R"(label="x\"]; evil \\")"));
    CHECK(has(dot, R"(label=" [0] /\"? Directory ")"));
}
