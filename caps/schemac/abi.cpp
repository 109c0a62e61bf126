#include "caps/schemac/abi.h"

#include <fmt/format.h>
#include <set>
#include <stdexcept>

namespace tessera::schemac {
namespace {

char letter_of(const Type& type) {
    switch (type.kind) {
    case Kind::Int64:
    case Kind::UInt64:
        return 'l';
    case Kind::Float32:
        return 'f';
    case Kind::Float64:
        return 'd';
    case Kind::Interface:
    case Kind::Capability:
        return 'c';
    default:
        return is_bytes(type) ? 'r' : 'i';
    }
}

bool holds_capability(const Schema& schema, const Type& type, std::set<Id>& seen) {
    if (type.kind == Kind::Interface || type.kind == Kind::Capability) {
        return true;
    }
    if (type.kind == Kind::List) {
        return holds_capability(schema, type.element.front(), seen);
    }
    const Node* node = type.kind == Kind::Struct ? schema.find(type.id) : nullptr;
    if (node == nullptr || !seen.insert(type.id).second) {
        return false;
    }
    for (const Field& field : node->fields) {
        if (holds_capability(schema, field.type, seen)) {
            return true;
        }
    }
    return false;
}

// Why a field can't be a parameter or a result; empty if it can.
std::string fault_of(const Schema& schema, const Field& field) {
    std::set<Id> seen;
    if (field.group || field.discriminant != kNoDiscriminant) {
        return "is a union or a group; put it into a struct of its own";
    }
    if (is_bytes(field.type) && holds_capability(schema, field.type, seen)) {
        return "holds capabilities, which travel as parameters and results alone; hand each over by a call of its own";
    }
    if (is_pointer(field.type) && field.has_default) {
        const bool plain = field.type.kind == Kind::Text || field.type.kind == Kind::Data;
        if (!plain || !field.default_bytes.empty()) {
            return "has a default that is not empty; let the empty value stand for it";
        }
    }
    return "";
}

std::vector<Part> parts_of(const Schema& schema, const Node& interface, const Method& method, Id id) {
    const Node* record = schema.find(id);
    const std::string where = fmt::format("{}.{}", interface.path, method.name);
    if (record == nullptr) {
        throw std::runtime_error(where + ": its parameters are not in the request; compile all files together");
    }
    if (method.generic || record->generic || interface.generic) {
        throw std::runtime_error(where + ": is generic, and a call's types are fixed; use AnyPointer");
    }
    if (record->discriminants != 0) {
        throw std::runtime_error(where +
                                 ": has a union among its parameters or results; put it into a struct of its own");
    }
    std::vector<Part> parts;
    for (const Field& field : record->fields) {
        if (const std::string fault = fault_of(schema, field); !fault.empty()) {
            throw std::runtime_error(fmt::format("{}: \"{}\" {}", where, field.name, fault));
        }
        if (field.type.kind != Kind::Void) {
            parts.push_back({&field, letter_of(field.type)});
        }
    }
    return parts;
}

}  // namespace

bool is_bytes(const Type& type) {
    return is_pointer(type) && type.kind != Kind::Interface && type.kind != Kind::Capability;
}

Abi abi_of(const Schema& schema, const Node& interface, const Method& method) {
    Abi abi{.parameters = parts_of(schema, interface, method, method.parameters),
            .results = parts_of(schema, interface, method, method.results)};
    for (const Part& part : abi.parameters) {
        abi.letters_in += part.letter;
    }
    abi.letters_out = "i";
    for (Part& part : abi.results) {
        if (part.letter == 'r') {
            part.letter = 'l';
            abi.letters_in += 'w';
        }
        abi.letters_out += part.letter;
    }
    return abi;
}

std::string Abi::signature(unsigned ordinal) const { return fmt::format("{}:{}>{}", ordinal, letters_in, letters_out); }

}  // namespace tessera::schemac
