#include "caps/schemac/facts.h"

#include "caps/schemac/scope.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tessera::schemac {
namespace {

// Groups that are named in a file nest as deeply as people write them; the bound is for a request that lies.
constexpr unsigned kDepthMax = 64;

void collect(const Schema& schema,
             const Node& node,
             const std::string& prefix,
             const std::vector<Choice>& outer,
             unsigned depth,
             StructFact& facts) {
    if (node.discriminants != 0) {
        facts.unions[node.discriminant_offset] = {
            prefix.substr(0, prefix.empty() ? 0 : prefix.size() - 1), node.strictness, node.discriminants};
    }
    for (const Field& field : node.fields) {
        std::vector<Choice> choices = outer;
        if (field.discriminant != kNoDiscriminant) {
            choices.push_back({node.discriminant_offset, field.discriminant});
        }
        if (field.group) {
            if (const Node* group = schema.find(field.type.id); group != nullptr && depth < kDepthMax) {
                collect(schema, *group, prefix + field.name + ".", choices, depth + 1, facts);
            }
        } else {
            facts.fields[field.ordinal] = {prefix + field.name,
                                           field.ordinal,
                                           field.type,
                                           field.offset,
                                           field.default_bits,
                                           field.default_bytes,
                                           choices};
        }
    }
}

}  // namespace

StructFact facts_of(const Schema& schema, const Node& node) {
    StructFact facts;
    collect(schema, node, "", {}, 0, facts);
    return facts;
}

std::map<Id, const Node*> declared_in(const Schema& schema) {
    std::map<Id, const Node*> found;
    for (const RequestedFile& file : schema.requested) {
        for (const NodeKind kind : {NodeKind::Enum, NodeKind::Struct, NodeKind::Interface}) {
            for (const Node* node : nodes_of(schema, file, kind)) {
                if (!node->group) {
                    found.emplace(node->id, node);
                }
            }
        }
    }
    return found;
}

bool is_retired(const std::string& name) {
    constexpr auto kMarks =
        std::to_array<std::string_view>({"obsolete", "deprecated", "reserved", "removed", "retired", "unused"});
    const auto dot = name.rfind('.');
    const std::string_view last =
        dot == std::string::npos ? std::string_view(name) : std::string_view(name).substr(dot + 1);
    return std::ranges::any_of(kMarks, [&](std::string_view mark) { return last.starts_with(mark); });
}

}  // namespace tessera::schemac
