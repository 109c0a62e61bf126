#include "caps/schemac/model.h"

#include <algorithm>
#include <array>

namespace tessera::schemac {

const Node* Schema::file_of(const Node& node) const {
    const Node* at = &node;
    while (at != nullptr && at->kind != NodeKind::File) {
        at = find(at->scope);
    }
    return at;
}

std::vector<std::string> Schema::names_of(const Node& node) const {
    std::vector<std::string> names;
    for (const Node* at = &node; at != nullptr && at->kind != NodeKind::File; at = find(at->scope)) {
        names.push_back(at->name);
    }
    std::ranges::reverse(names);
    return names;
}

std::string stem_of(const Node& file) {
    std::string name = file.path;
    if (const auto slash = name.rfind('/'); slash != std::string::npos) {
        name.erase(0, slash + 1);
    }
    if (name.ends_with(".capnp")) {
        name.resize(name.size() - std::string_view(".capnp").size());
    }
    return name;
}

bool is_pointer(const Type& type) {
    switch (type.kind) {
    case Kind::Text:
    case Kind::Data:
    case Kind::List:
    case Kind::Struct:
    case Kind::Interface:
    case Kind::Any:
    case Kind::Capability:
        return true;
    default:
        return false;
    }
}

unsigned bits_of(Kind kind) {
    switch (kind) {
    case Kind::Bool:
        return 1;
    case Kind::Int8:
    case Kind::UInt8:
        return 8;
    case Kind::Int16:
    case Kind::UInt16:
    case Kind::Enum:
        return 16;
    case Kind::Int32:
    case Kind::UInt32:
    case Kind::Float32:
        return 32;
    case Kind::Int64:
    case Kind::UInt64:
    case Kind::Float64:
        return 64;
    default:
        return 0;
    }
}

std::string written(const Schema& schema, const Type& type) {
    constexpr std::array<const char*, 20> kNames{
        "Void",    "Bool",    "Int8", "Int16", "Int32", "Int64", "UInt8",  "UInt16",    "UInt32",     "UInt64",
        "Float32", "Float64", "Text", "Data",  "List",  "enum",  "struct", "interface", "AnyPointer", "Capability"};
    if (type.kind == Kind::List) {
        return "List(" + written(schema, type.element.front()) + ")";
    }
    if (type.id != 0) {
        const Node* node = schema.find(type.id);
        return node == nullptr ? "?" : node->name;
    }
    return kNames[static_cast<std::size_t>(type.kind)];
}

}  // namespace tessera::schemac
