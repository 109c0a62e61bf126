// A version's declarations as a flat list of what has to stay: each with a key that is the same in every version.
#pragma once

#include "caps/schemac/model.h"

#include <map>
#include <string>
#include <vector>

namespace tessera::schemac {

// Where in a union a field is: the place of the union's tag, and the tag's value.
struct Choice {
    std::uint32_t tag_offset = 0;
    std::uint16_t value = 0;
    bool operator==(const Choice&) const = default;
};

struct FieldFact {
    std::string name{};  // with the groups around it: "address.port"
    int ordinal = 0;
    Type type{};
    std::uint32_t offset = 0;
    std::uint64_t default_bits = 0;
    std::vector<std::byte> default_bytes{};
    std::vector<Choice> choices{};  // from the outermost union
};

struct UnionFact {
    std::string name{};  // of the group or field; empty of the struct's own
    Strictness strictness = Strictness::Flexible;
    unsigned members = 0;
};

struct StructFact {
    std::map<int, FieldFact> fields{};            // by ordinal
    std::map<std::uint32_t, UnionFact> unions{};  // by the place of the tag
};

// Of a struct with all its groups.
[[nodiscard]] StructFact facts_of(const Schema& schema, const Node& node);

// All enums, structs (but groups) and interfaces of the files that were named, by id.
[[nodiscard]] std::map<Id, const Node*> declared_in(const Schema& schema);

// A name that says that nobody is to use it any more: "obsoleteWidth".
[[nodiscard]] bool is_retired(const std::string& name);

}  // namespace tessera::schemac
