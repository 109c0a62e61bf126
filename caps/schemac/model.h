// A schema as the generators and the comparison of versions see it: plain values, taken from what `capnp compile` hands
// a plug-in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::schemac {

using Id = std::uint64_t;

enum class Kind : std::uint8_t {
    Void,
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float32,
    Float64,
    Text,
    Data,
    List,
    Enum,
    Struct,
    Interface,
    Any,         // AnyPointer and what is like it
    Capability,  // an object of any interface
};

struct Type {
    Kind kind = Kind::Void;
    Id id = 0;                    // of Enum, Struct, Interface
    std::vector<Type> element{};  // of List: exactly one
    bool operator==(const Type&) const = default;
};

enum class Strictness : std::uint8_t { Flexible, Strict };

constexpr std::uint16_t kNoDiscriminant = 0xffff;

struct Field {
    std::string name{};
    std::string doc{};
    Type type{};  // of a group: Struct, with the group's id
    bool group = false;
    Strictness strictness = Strictness::Flexible;  // of a group that is a union
    std::uint32_t offset = 0;                      // in units of the type's size; of pointers in pointers
    int ordinal = -1;                              // groups have none
    std::uint16_t discriminant = kNoDiscriminant;
    std::uint64_t default_bits = 0;          // numbers, booleans, enums
    std::vector<std::byte> default_bytes{};  // Text and Data: the bytes; other pointers: a message of one segment
    bool has_default = false;                // of a pointer, one that is not null
};

struct Enumerant {
    std::string name{};
    std::string doc{};
    std::string text{};
};

struct Method {
    std::string name{};
    std::string doc{};
    Id parameters = 0;
    Id results = 0;
    Strictness strictness = Strictness::Flexible;
    bool generic = false;
};

enum class NodeKind : std::uint8_t { File, Struct, Enum, Interface, Constant, Annotation };

struct Node {
    Id id = 0;
    Id scope = 0;  // 0: none, as of the parameters of a method
    NodeKind kind = NodeKind::File;
    std::string path{};  // "file.capnp:Outer.Inner"
    std::string name{};  // "Inner"
    std::string doc{};
    bool generic = false;
    Strictness strictness = Strictness::Flexible;  // enums and structs (their unnamed union)
    bool closed = false;                           // interfaces
    std::string cpp_namespace{};                   // files
    std::vector<std::pair<std::string, Id>> nested{};

    // Structs.
    std::vector<Field> fields{};
    std::uint16_t data_words = 0;
    std::uint16_t pointers = 0;
    std::uint16_t discriminants = 0;        // members of the unnamed union
    std::uint32_t discriminant_offset = 0;  // in 16-bit units
    bool group = false;

    std::vector<Enumerant> enumerants{};

    // Interfaces.
    std::vector<Id> supers{};
    std::vector<Method> methods{};

    // Constants.
    Field constant{};
};

struct Import {
    Id id = 0;           // of the file
    std::string name{};  // as written in the schema
};

struct RequestedFile {
    Id id = 0;
    std::string name{};
    std::vector<Import> imports{};
};

struct Schema {
    std::map<Id, Node> nodes{};
    std::vector<RequestedFile> requested{};  // files named on the command line, in order

    [[nodiscard]] const Node& at(Id id) const { return nodes.at(id); }
    [[nodiscard]] const Node* find(Id id) const {
        const auto found = nodes.find(id);
        return found == nodes.end() ? nullptr : &found->second;
    }
    // The file that a node is from; null of what has no scope.
    [[nodiscard]] const Node* file_of(const Node& node) const;
    // The names from the file down to the node: Outer, Inner.
    [[nodiscard]] std::vector<std::string> names_of(const Node& node) const;
};

// Of a file's name "a/b.capnp": "b".
[[nodiscard]] std::string stem_of(const Node& file);

[[nodiscard]] bool is_pointer(const Type& type);
// In bits; 0 of Void and of pointers.
[[nodiscard]] unsigned bits_of(Kind kind);
// As people write it: "List(UInt32)".
[[nodiscard]] std::string written(const Schema& schema, const Type& type);

}  // namespace tessera::schemac
