// Structs in C++: for each a class that reads it and one that builds it, over apps/sdk/tessera/message.
#include "caps/schemac/abi.h"
#include "caps/schemac/default_message.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/emit_cpp_parts.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <fmt/format.h>

namespace tessera::schemac {
namespace {

constexpr const char* kMessage = "::tessera::message::";

// What of a field's name the classes themselves have.
std::string member(const Field& field) {
    const std::string name = cpp_name(field.name);
    return name == "raw" || name == "which" ? name + "_" : name;
}

// As message's templates call it: a number's type, Text, List<...>, a struct.
std::string element_type(const Schema& schema, const Type& type) {
    switch (type.kind) {
    case Kind::Void:
        return std::string(kMessage) + "Void";
    case Kind::Text:
        return std::string(kMessage) + "Text";
    case Kind::Data:
        return std::string(kMessage) + "Data";
    case Kind::List:
        return fmt::format("{}List<{}>", kMessage, element_type(schema, type.element.front()));
    case Kind::Struct:
        return cpp_path(schema, schema.at(type.id));
    case Kind::Any:
    case Kind::Interface:
    case Kind::Capability:
        return std::string(kMessage) + "Any";
    default:
        return cpp_scalar(schema, type);
    }
}

std::string reader_type(const Schema& schema, const Type& type) {
    switch (type.kind) {
    case Kind::Text:
        return "std::string_view";
    case Kind::Data:
        return "std::span<const std::byte>";
    case Kind::List:
        return fmt::format("{}ListReader<{}>", kMessage, element_type(schema, type.element.front()));
    case Kind::Struct:
        return element_type(schema, type) + "::Reader";
    case Kind::Any:
        return std::string(kMessage) + "AnyReader";
    case Kind::Interface:
    case Kind::Capability:
        return "std::uint32_t";  // the index in the table of capabilities
    default:
        return cpp_scalar(schema, type);
    }
}

// The unsigned integer in which a number is stored.
std::string stored_type(const Type& type) { return fmt::format("std::uint{}_t", bits_of(type.kind)); }

std::string default_name(const Schema& schema, const Node& node, const Field& field) {
    return fmt::format("k{}{}", cpp_type(schema, node), pascal(field.name));
}

bool has_default_message(const Field& field) { return is_bytes(field.type) && field.has_default; }

bool is_strict_enum(const Schema& schema, const Type& type) {
    return type.kind == Kind::Enum && schema.at(type.id).strictness == Strictness::Strict;
}

std::string read_number(const Schema& schema, const Field& field) {
    const std::string type = cpp_scalar(schema, field.type);
    if (field.type.kind == Kind::Bool) {
        return fmt::format("raw_.bit({}) != {}", field.offset, field.default_bits != 0 ? "true" : "false");
    }
    const std::string stored = stored_type(field.type);
    std::string bits = fmt::format("raw_.number<{}>({})", stored, field.offset);
    if (field.default_bits != 0) {
        bits = fmt::format("static_cast<{}>({} ^ 0x{:x}u{})",
                           stored,
                           bits,
                           field.default_bits,
                           bits_of(field.type.kind) == 64 ? "ll" : "");
    }
    if (field.type.kind == Kind::Float32 || field.type.kind == Kind::Float64) {
        return fmt::format("std::bit_cast<{}>({})", type, bits);
    }
    return fmt::format("static_cast<{}>({})", type, bits);
}

std::string read_body(const Schema& schema, const Node& node, const Field& field) {
    if (field.group) {
        return reader_type(schema, field.type) + "(raw_)";
    }
    if (!is_pointer(field.type)) {
        const std::string number = read_number(schema, field);
        return is_strict_enum(schema, field.type)
                   ? fmt::format("raw_.known({}, {})", number, schema.at(field.type.id).enumerants.size())
                   : number;
    }
    if (field.type.kind == Kind::Interface || field.type.kind == Kind::Capability) {
        return fmt::format("raw_.capability({})", field.offset);
    }
    const std::string pointer =
        has_default_message(field)
            ? fmt::format("raw_.pointer({}, defaults::{}Segment)", field.offset, default_name(schema, node, field))
            : fmt::format("raw_.pointer({})", field.offset);
    switch (field.type.kind) {
    case Kind::Text:
        return fmt::format("{}detail::read_text({})", kMessage, pointer);
    case Kind::Data:
        return fmt::format("{}detail::read_bytes({})", kMessage, pointer);
    case Kind::Struct:
        return fmt::format("{}({}StructReader::at({}))", reader_type(schema, field.type), kMessage, pointer);
    case Kind::List:
        return fmt::format("{}::at({})", reader_type(schema, field.type), pointer);
    default:
        return fmt::format("{}AnyReader({})", kMessage, pointer);
    }
}

// A method's declaration in the class, and its definition behind all classes.
struct Members {
    std::string declared;
    std::string defined;

    void add(const std::string& owner,
             const std::string& result,
             const std::string& signature,
             const std::string& body,
             bool constant) {
        declared += fmt::format("    {} {}{};\n", result, signature, constant ? " const" : "");
        defined +=
            fmt::format("inline {} {}::{}{} {{\n{}}}\n", result, owner, signature, constant ? " const" : "", body);
    }
};

std::string write_tag(const Node& node, const Field& field) {
    return field.discriminant == kNoDiscriminant ? ""
                                                 : fmt::format("    raw_.set_number<std::uint16_t>({}, {});\n",
                                                               node.discriminant_offset,
                                                               field.discriminant);
}

void add_number_setter(
    const Schema& schema, const Node& node, const Field& field, const std::string& owner, Members& to) {
    const std::string type = cpp_scalar(schema, field.type);
    std::string body = write_tag(node, field);
    if (field.type.kind == Kind::Bool) {
        body += fmt::format(
            "    raw_.set_bit({}, value != {});\n", field.offset, field.default_bits != 0 ? "true" : "false");
    } else {
        const bool real = field.type.kind == Kind::Float32 || field.type.kind == Kind::Float64;
        std::string bits = real ? fmt::format("std::bit_cast<{}>(value)", stored_type(field.type))
                                : fmt::format("static_cast<{}>(value)", stored_type(field.type));
        if (field.default_bits != 0) {
            bits = fmt::format("static_cast<{}>({} ^ 0x{:x}u{})",
                               stored_type(field.type),
                               bits,
                               field.default_bits,
                               bits_of(field.type.kind) == 64 ? "ll" : "");
        }
        body += fmt::format("    raw_.set_number<{}>({}, {});\n", stored_type(field.type), field.offset, bits);
    }
    to.add(owner, "void", fmt::format("set_{}({} value)", snake(field.name), type), body, false);
    to.add(owner, type, member(field) + "()", fmt::format("    return {};\n", read_number(schema, field)), true);
}

void add_pointer_setters(
    const Schema& schema, const Node& node, const Field& field, const std::string& owner, Members& to) {
    const std::string tag = write_tag(node, field);
    const std::string spot = fmt::format("raw_.pointer({})", field.offset);
    const std::string name = snake(field.name);
    const std::string element = element_type(schema, field.type);
    const auto returns = [&](const std::string& value) { return tag + "    return " + value + ";\n"; };
    switch (field.type.kind) {
    case Kind::Text:
        to.add(owner,
               "void",
               fmt::format("set_{}(std::string_view value)", name),
               tag + fmt::format("    {}detail::write_text({}, value);\n", kMessage, spot),
               false);
        break;
    case Kind::Data:
        to.add(owner,
               "void",
               fmt::format("set_{}(std::span<const std::byte> value)", name),
               tag + fmt::format("    {}detail::write_data({}, value);\n", kMessage, spot),
               false);
        to.add(owner,
               "std::span<std::byte>",
               fmt::format("init_{}(std::size_t bytes)", name),
               returns(fmt::format("{}detail::write_bytes({}, bytes, 0)", kMessage, spot)),
               false);
        break;
    case Kind::Struct:
        to.add(
            owner,
            element + "::Builder",
            fmt::format("init_{}()", name),
            returns(fmt::format("{}::Builder({}StructBuilder::init({}, {}::kSize))", element, kMessage, spot, element)),
            false);
        to.add(owner,
               "void",
               fmt::format("set_{}(const {}::Reader& value)", name, element),
               tag + fmt::format("    {}detail::copy_struct_at(value.raw(), {});\n", kMessage, spot),
               false);
        break;
    case Kind::List: {
        const std::string of = element_type(schema, field.type.element.front());
        to.add(owner,
               fmt::format("{}ListBuilder<{}>", kMessage, of),
               fmt::format("init_{}(std::uint32_t count)", name),
               returns(fmt::format("{}ListBuilder<{}>::init({}, count)", kMessage, of, spot)),
               false);
        break;
    }
    case Kind::Interface:
    case Kind::Capability:
        to.add(owner,
               "void",
               fmt::format("set_{}(std::uint32_t index)", name),
               tag + fmt::format("    raw_.set_capability({}, index);\n", field.offset),
               false);
        break;
    default:
        to.add(owner,
               std::string(kMessage) + "AnyBuilder",
               fmt::format("init_{}()", name),
               returns(fmt::format("{}AnyBuilder({})", kMessage, spot)),
               false);
        break;
    }
}

Members reader_members(const Schema& schema, const Node& node) {
    const std::string owner = cpp_type(schema, node) + "::Reader";
    Members to;
    if (node.discriminants != 0) {
        std::string tag = fmt::format("raw_.number<std::uint16_t>({})", node.discriminant_offset);
        if (node.strictness == Strictness::Strict) {
            tag = fmt::format("raw_.known({}, {})", tag, node.discriminants);
        }
        to.add(owner,
               cpp_type(schema, node) + "::Which",
               "which()",
               fmt::format("    return static_cast<Which>({});\n", tag),
               true);
    }
    for (const Field& field : node.fields) {
        if (field.type.kind == Kind::Void) {
            continue;
        }
        to.declared += comment(field.doc, "    //");
        to.add(owner,
               reader_type(schema, field.type),
               member(field) + "()",
               fmt::format("    return {};\n", read_body(schema, node, field)),
               true);
        if (is_pointer(field.type) && !field.group) {
            to.add(owner,
                   "bool",
                   fmt::format("has_{}()", snake(field.name)),
                   fmt::format("    return !raw_.pointer({}).is_null();\n", field.offset),
                   true);
        }
    }
    return to;
}

Members builder_members(const Schema& schema, const Node& node) {
    const std::string owner = cpp_type(schema, node) + "::Builder";
    Members to;
    for (const Field& field : node.fields) {
        if (field.group) {
            const std::string type = element_type(schema, field.type) + "::Builder";
            const bool member_of_union = field.discriminant != kNoDiscriminant;
            to.add(owner,
                   type,
                   member_of_union ? fmt::format("init_{}()", snake(field.name)) : member(field) + "()",
                   write_tag(node, field) + fmt::format("    return {}(raw_);\n", type),
                   false);
        } else if (field.type.kind == Kind::Void) {
            if (field.discriminant != kNoDiscriminant) {
                to.add(owner, "void", fmt::format("set_{}()", snake(field.name)), write_tag(node, field), false);
            }
        } else if (is_pointer(field.type)) {
            add_pointer_setters(schema, node, field, owner, to);
        } else {
            add_number_setter(schema, node, field, owner, to);
        }
    }
    return to;
}

std::string emit_defaults(const Schema& schema, const Node& node) {
    std::string text;
    for (const Field& field : node.fields) {
        if (!has_default_message(field)) {
            continue;
        }
        const auto bytes = default_message(field);
        text += fill("inline constexpr unsigned char $name$Bytes[] = {$bytes$};\n"
                     "inline constexpr ::tessera::message::Segment $name$Segment{$name$Bytes, $words$};\n",
                     {{"name", default_name(schema, node, field)},
                      {"bytes", byte_list(bytes)},
                      {"words", fmt::format("{}", bytes.size() / 8)}});
    }
    return text.empty() ? "" : "namespace defaults {\n" + text + "}  // namespace defaults\n";
}

}  // namespace

std::string emit_cpp_shell(const Schema& schema, const Node& node) {
    std::string inside;
    for (const auto& [name, id] : node.nested) {
        const Node* nested = schema.find(id);
        if (nested != nullptr && (nested->kind == NodeKind::Struct || nested->kind == NodeKind::Enum)) {
            inside += fmt::format("    using {} = {};\n", name, cpp_type(schema, *nested));
        }
    }
    if (node.discriminants != 0) {
        inside += "    enum class Which : std::uint16_t {\n";
        for (const Field& field : node.fields) {
            if (field.discriminant != kNoDiscriminant) {
                inside += fmt::format("        {} = {},\n", pascal(field.name), field.discriminant);
            }
        }
        inside += "    };\n";
    }
    return comment(node.doc, "//") +
           fill("struct $type$ {\n    static constexpr std::uint64_t kTypeId = 0x$id$ull;\n"
                "    static constexpr ::tessera::message::StructSize kSize{$words$, $pointers$};\n$inside$"
                "    class Reader;\n    class Builder;\n};\n\n",
                {{"type", cpp_type(schema, node)},
                 {"id", hex_id(node.id)},
                 {"words", fmt::format("{}", node.data_words)},
                 {"pointers", fmt::format("{}", node.pointers)},
                 {"inside", inside}});
}

std::string emit_cpp_struct(const Schema& schema, const Node& node) {
    const auto one = [&](const char* name, const std::string& members) {
        return fill(
            "class $type$::$name$ {\n  public:\n    $name$() = default;\n"
            "    explicit $name$(const ::tessera::message::Struct$name$& raw) : raw_(raw) {}\n"
            "    [[nodiscard]] const ::tessera::message::Struct$name$& raw() const { return raw_; }\n\n$members$\n"
            "  private:\n    ::tessera::message::Struct$name$ raw_;\n};\n\n",
            {{"type", cpp_type(schema, node)}, {"name", name}, {"members", members}});
    };
    return one("Reader", reader_members(schema, node).declared) +
           one("Builder", builder_members(schema, node).declared);
}

std::string emit_cpp_struct_bodies(const Schema& schema, const Node& node) {
    return emit_defaults(schema, node) + reader_members(schema, node).defined + builder_members(schema, node).defined +
           "\n";
}

std::string emit_cpp_constants(const Schema& schema, const RequestedFile& file) {
    std::string text;
    for (const Node* node : nodes_of(schema, file, NodeKind::Constant)) {
        const Field& value = node->constant;
        const std::string name = "k" + cpp_type(schema, *node);
        if (value.type.kind == Kind::Text) {
            std::string content(value.default_bytes.size(), '\0');
            for (std::size_t i = 0; i < content.size(); ++i) {
                content[i] = static_cast<char>(value.default_bytes[i]);
            }
            text += fmt::format("inline constexpr std::string_view {} = \"{}\";\n", name, escaped(content));
        } else if (bits_of(value.type.kind) != 0) {
            const bool real = value.type.kind == Kind::Float32 || value.type.kind == Kind::Float64;
            text += fmt::format("inline constexpr {0} {1} = {2}<{0}>({3}{{0x{4:x}u{5}}});\n",
                                cpp_scalar(schema, value.type),
                                name,
                                real ? "std::bit_cast" : "static_cast",
                                value.type.kind == Kind::Bool ? "std::uint8_t" : stored_type(value.type),
                                value.default_bits,
                                bits_of(value.type.kind) == 64 ? "ll" : "");
        }
    }
    return text.empty() ? "" : text + "\n";
}

}  // namespace tessera::schemac
