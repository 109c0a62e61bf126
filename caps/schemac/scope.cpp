#include "caps/schemac/scope.h"

#include "caps/schemac/names.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace tessera::schemac {
namespace {

// Structs that methods declare for their parameters and results have no name of their own.
bool is_anonymous(const Schema& schema, const Node& node) {
    const Node* scope = schema.find(node.scope);
    if (scope == nullptr || scope->kind != NodeKind::Interface) {
        return scope == nullptr;
    }
    return std::ranges::none_of(scope->nested, [&](const auto& nested) { return nested.second == node.id; });
}

void visit(const Schema& schema, const Node& node, NodeKind kind, std::vector<const Node*>& found) {
    if (node.kind == kind && node.kind != NodeKind::File) {
        found.push_back(&node);
    }
    for (const Field& field : node.fields) {
        if (field.group) {
            visit(schema, schema.at(field.type.id), kind, found);
        }
    }
    for (const auto& [name, id] : node.nested) {
        if (const Node* nested = schema.find(id); nested != nullptr && !is_anonymous(schema, *nested)) {
            visit(schema, *nested, kind, found);
        }
    }
}

void note(const Schema& schema, const Type& type, std::set<Id>& files) {
    if (type.kind == Kind::List) {
        note(schema, type.element.front(), files);
    } else if (const Node* node = type.id == 0 ? nullptr : schema.find(type.id); node != nullptr) {
        if (const Node* file = schema.file_of(*node); file != nullptr) {
            files.insert(file->id);
        }
    }
}

void add_lineage(const Schema& schema, const Node& node, std::vector<const Node*>& all) {
    if (std::ranges::find(all, &node) != all.end()) {
        return;
    }
    all.push_back(&node);
    for (const Id super : node.supers) {
        add_lineage(schema, schema.at(super), all);
    }
}

}  // namespace

std::vector<const Node*> nodes_of(const Schema& schema, const RequestedFile& file, NodeKind kind) {
    std::vector<const Node*> found;
    visit(schema, schema.at(file.id), kind, found);
    return found;
}

std::vector<const Node*> lineage_of(const Schema& schema, const Node& interface) {
    std::vector<const Node*> all;
    add_lineage(schema, interface, all);
    return all;
}

std::vector<Needed> needed_files(const Schema& schema, const RequestedFile& file) {
    std::set<Id> used;
    for (const Node* node : nodes_of(schema, file, NodeKind::Struct)) {
        for (const Field& field : node->fields) {
            note(schema, field.type, used);
        }
    }
    for (const Node* node : nodes_of(schema, file, NodeKind::Interface)) {
        for (const Id super : node->supers) {
            note(schema, {Kind::Interface, super}, used);
        }
        for (const Method& method : node->methods) {
            for (const Id part : {method.parameters, method.results}) {
                note(schema, {Kind::Struct, part}, used);
                const Node* record = schema.find(part);
                for (const Field& field : record == nullptr ? std::vector<Field>{} : record->fields) {
                    note(schema, field.type, used);
                }
            }
        }
    }
    std::vector<Needed> needed;
    for (const Import& import : file.imports) {
        if (used.contains(import.id) && import.id != file.id) {
            std::string name = import.name;
            if (name.ends_with(".capnp")) {
                name.resize(name.size() - std::string_view(".capnp").size());
            }
            const bool absolute = name.starts_with('/');
            needed.push_back({absolute ? name.substr(1) : name, absolute});
        }
    }
    return needed;
}

std::string namespace_of(const Schema& schema, const Node& node) {
    const Node* file = schema.file_of(node);
    if (file == nullptr) {
        return "";
    }
    return file->cpp_namespace.empty() ? cpp_name(stem_of(*file)) : file->cpp_namespace;
}

std::string c_name(const Schema& schema, const Node& node) {
    std::string name = namespace_of(schema, node);
    for (auto at = name.find("::"); at != std::string::npos; at = name.find("::")) {
        name.replace(at, 2, "_");
    }
    for (const std::string& part : schema.names_of(node)) {
        name += "_" + snake(part);
    }
    return name;
}

std::string cpp_type(const Schema& schema, const Node& node) {
    std::string name;
    for (const std::string& part : schema.names_of(node)) {
        name += pascal(part);
    }
    return name;
}

std::string cpp_path(const Schema& schema, const Node& node) {
    return "::" + namespace_of(schema, node) + "::" + cpp_type(schema, node);
}

std::string guard_of(const RequestedFile& file, std::string_view ending) {
    std::string guard = "TESSERA_SCHEMA_" + file.name + std::string(ending);
    for (char& c : guard) {
        c = std::isalnum(static_cast<unsigned char>(c)) != 0
                ? static_cast<char>(std::toupper(static_cast<unsigned char>(c)))
                : '_';
    }
    return guard;
}

}  // namespace tessera::schemac
