#include "caps/schemac/emit_c_struct.h"

#include "caps/schemac/abi.h"
#include "caps/schemac/default_message.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <fmt/format.h>

namespace tessera::schemac {
namespace {

// Where a message is read from: memory, or a slice.
struct Source {
    std::string_view suffix;
    std::string_view parameter;
    std::string_view argument;
};
constexpr Source kMemory{"", "", ""};
constexpr Source kSlice{"_in", "tessera_slice slice, ", "slice, "};

std::string struct_name(const Schema& schema, const Type& type) { return c_name(schema, schema.at(type.id)); }

bool has_default_message(const Field& field) { return is_bytes(field.type) && field.has_default; }

std::string default_name(const Schema& schema, const Node& node, const Field& field) {
    return fmt::format("{}_{}_default", c_name(schema, node), snake(field.name));
}

// Of an element of a list, as message.h calls it.
std::string element_of(const Type& type) {
    switch (type.kind) {
    case Kind::Void:
        return "TESSERA_VOID";
    case Kind::Bool:
        return "TESSERA_BIT";
    case Kind::Struct:
        return "TESSERA_COMPOSITE";
    default:
        switch (bits_of(type.kind)) {
        case 8:
            return "TESSERA_BYTE";
        case 16:
            return "TESSERA_TWO";
        case 32:
            return "TESSERA_FOUR";
        case 64:
            return "TESSERA_EIGHT";
        default:
            return "TESSERA_POINTER";
        }
    }
}

std::string literal(const Field& field) {
    return fmt::format("0x{:x}u{}", field.default_bits, bits_of(field.type.kind) == 64 ? "ll" : "");
}

std::string number_of(const Schema& schema, const Field& field, const Source& source) {
    const std::string in = fmt::format("{}({}self.raw, {}", source.suffix, source.argument, field.offset);
    switch (field.type.kind) {
    case Kind::Bool:
        return fmt::format("tessera_get_bit{}) != {}", in, field.default_bits != 0 ? "true" : "false");
    case Kind::Float32:
        return fmt::format("tessera_get_float{}, {})", in, literal(field));
    case Kind::Float64:
        return fmt::format("tessera_get_double{}, {})", in, literal(field));
    default:
        return fmt::format(
            "({})(tessera_get{}{}) ^ {})", c_type(schema, field.type), bits_of(field.type.kind), in, literal(field));
    }
}

std::string emit_number_reader(const Schema& schema, const Node& node, const Field& field, const Source& source) {
    const bool strict = field.type.kind == Kind::Enum && schema.at(field.type.id).strictness == Strictness::Strict;
    const std::string check =
        strict ? fmt::format("    if (value >= {}) {{\n        tessera_fail(m, TESSERA_FAULT_UNKNOWN);\n    }}\n",
                             schema.at(field.type.id).enumerants.size())
               : "";
    return fill("static inline $type$ $name$_$field$$suffix$($source$$message$$name$_reader self) {\n"
                "    const $type$ value = $value$;\n$check$    return value;\n}\n",
                {{"type", c_type(schema, field.type)},
                 {"name", c_name(schema, node)},
                 {"field", snake(field.name)},
                 {"suffix", std::string(source.suffix)},
                 {"source", std::string(source.parameter)},
                 {"message", strict ? "tessera_message* m, " : ""},
                 {"value", number_of(schema, field, source)},
                 {"check", check}});
}

std::string emit_pointer_reader(const Schema& schema, const Node& node, const Field& field, const Source& source) {
    const std::string place = fmt::format(
        "tessera_get_pointer{}({}self.raw, {}, {})",
        source.suffix,
        source.argument,
        field.offset,
        has_default_message(field) ? fmt::format("&{}_segment", default_name(schema, node, field)) : "NULL");
    const auto read = [&](const char* what) {
        return fmt::format("tessera_read_{}{}({}m, {}", what, source.suffix, source.argument, place);
    };
    std::string type;
    std::string body;
    switch (field.type.kind) {
    case Kind::Text:
    case Kind::Data:
        type = "tessera_bytes";
        body = "return " + read(field.type.kind == Kind::Text ? "text" : "data") + ");";
        break;
    case Kind::List:
        type = "tessera_list";
        body = fmt::format("return {}, {});", read("list"), element_of(field.type.element.front()));
        break;
    case Kind::Struct:
        type = struct_name(schema, field.type) + "_reader";
        body = fmt::format("const {} value = {{{})}};\n    return value;", type, read("struct"));
        break;
    case Kind::Interface:
    case Kind::Capability:
        type = "uint32_t";
        body = "return " + read("capability") + ");";
        break;
    default:
        type = "tessera_place";
        body = fmt::format("(void)m;\n    return {};", place);
        break;
    }
    return fill(
        "static inline $type$ $name$_$field$$suffix$($source$tessera_message* m, $name$_reader self) {\n    $body$\n}\n"
        "static inline bool $name$_has_$field$$suffix$($source$$name$_reader self) {\n"
        "    return tessera_pointer_at$suffix$($argument$tessera_get_pointer$suffix$($argument$self.raw, $offset$, "
        "NULL)) != 0;\n}\n",
        {{"type", type},
         {"name", c_name(schema, node)},
         {"field", snake(field.name)},
         {"suffix", std::string(source.suffix)},
         {"source", std::string(source.parameter)},
         {"argument", std::string(source.argument)},
         {"body", body},
         {"offset", fmt::format("{}", field.offset)}});
}

std::string emit_readers(const Schema& schema, const Node& node, const Source& source) {
    const std::string name = c_name(schema, node);
    std::string text;
    if (!node.group) {
        text +=
            fill("static inline $name$_reader $name$_root$suffix$($source$tessera_message* m) {\n"
                 "    const $name$_reader value = {tessera_read_root$suffix$($argument$m)};\n    return value;\n}\n"
                 "static inline $name$_reader $name$_as$suffix$($source$tessera_message* m, tessera_place place) {\n"
                 "    const $name$_reader value = {tessera_read_struct$suffix$($argument$m, place)};\n    return "
                 "value;\n}\n",
                 {{"name", name},
                  {"suffix", std::string(source.suffix)},
                  {"source", std::string(source.parameter)},
                  {"argument", std::string(source.argument)}});
    }
    if (node.discriminants != 0) {
        text += fill(
            "static inline uint16_t $name$_which$suffix$($source$tessera_message* m, $name$_reader self) {\n"
            "    const uint16_t value = tessera_get16$suffix$($argument$self.raw, $offset$);\n$check$    return "
            "value;\n}\n",
            {{"name", name},
             {"suffix", std::string(source.suffix)},
             {"source", std::string(source.parameter)},
             {"argument", std::string(source.argument)},
             {"offset", fmt::format("{}", node.discriminant_offset)},
             {"check",
              node.strictness == Strictness::Strict
                  ? fmt::format("    if (value >= {}) {{\n        tessera_fail(m, TESSERA_FAULT_UNKNOWN);\n    }}\n",
                                node.discriminants)
                  : "    (void)m;\n"}});
    }
    for (const Field& field : node.fields) {
        if (field.group || field.type.kind == Kind::Void) {
            continue;
        }
        text += is_pointer(field.type) ? emit_pointer_reader(schema, node, field, source)
                                       : emit_number_reader(schema, node, field, source);
    }
    return text;
}

std::string set_tag(const Node& node, const Field& field) {
    return field.discriminant == kNoDiscriminant
               ? ""
               : fmt::format("    tessera_set16(self.raw, {}, {});\n", node.discriminant_offset, field.discriminant);
}

std::string number_setter(const Field& field) {
    switch (field.type.kind) {
    case Kind::Bool:
        return fmt::format(
            "tessera_set_bit(self.raw, {}, value != {})", field.offset, field.default_bits != 0 ? "true" : "false");
    case Kind::Float32:
        return fmt::format("tessera_set_float(self.raw, {}, value, {})", field.offset, literal(field));
    case Kind::Float64:
        return fmt::format("tessera_set_double(self.raw, {}, value, {})", field.offset, literal(field));
    default:
        return fmt::format("tessera_set{0}(self.raw, {1}, (uint{0}_t)((uint{0}_t)value ^ {2}))",
                           bits_of(field.type.kind),
                           field.offset,
                           literal(field));
    }
}

std::string emit_builder(const Schema& schema, const Node& node, const Field& field) {
    const std::string name = c_name(schema, node);
    const std::string self = fmt::format("{}_builder self", name);
    const std::string spot = fmt::format("tessera_spot_of(self.raw, {})", field.offset);
    const auto one = [&](const std::string& type, const char* verb, const std::string& more, const std::string& body) {
        return fmt::format("static inline {} {}_{}_{}({}{}) {{\n{}    {}\n}}\n",
                           type,
                           name,
                           verb,
                           snake(field.name),
                           self,
                           more,
                           set_tag(node, field),
                           body);
    };
    switch (field.type.kind) {
    case Kind::Void:
        return field.discriminant == kNoDiscriminant ? "" : one("void", "set", "", "");
    case Kind::Text:
        return one("void",
                   "set",
                   ", const char* text, size_t length",
                   fmt::format("tessera_write_text({}, text, length);", spot));
    case Kind::Data:
        return one("void*",
                   "set",
                   ", const void* data, size_t length",
                   fmt::format("return tessera_write_data({}, data, length);", spot));
    case Kind::Interface:
    case Kind::Capability:
        return one("void", "set", ", uint32_t index", fmt::format("tessera_write_capability({}, index);", spot));
    case Kind::Any:
        return one("tessera_spot", "init", "", fmt::format("return {};", spot));
    case Kind::List: {
        const Type& element = field.type.element.front();
        if (element.kind == Kind::Struct) {
            const Node& of = schema.at(element.id);
            return one(
                "tessera_list_builder",
                "init",
                ", uint32_t count",
                fmt::format("return tessera_init_structs({}, {}, {}, count);", spot, of.data_words, of.pointers));
        }
        return one("tessera_list_builder",
                   "init",
                   ", uint32_t count",
                   fmt::format("return tessera_init_list({}, {}, count);", spot, element_of(element)));
    }
    case Kind::Struct: {
        const Node& of = schema.at(field.type.id);
        const std::string type = c_name(schema, of) + "_builder";
        const std::string value =
            field.group ? "self.raw" : fmt::format("tessera_init_struct({}, {}, {})", spot, of.data_words, of.pointers);
        return one(type, "init", "", fmt::format("const {} value = {{{}}};\n    return value;", type, value));
    }
    default:
        return one("void", "set", fmt::format(", {} value", c_type(schema, field.type)), number_setter(field) + ";");
    }
}

}  // namespace

std::string emit_c_struct_types(const Schema& schema, const Node& node) {
    const std::string name = c_name(schema, node);
    std::string text =
        comment(node.doc, "//") + fill("typedef struct { tessera_reader raw; } $name$_reader;\n"
                                       "typedef struct { tessera_struct_builder raw; } $name$_builder;\n",
                                       {{"name", name}});
    if (node.discriminants != 0) {
        text += "enum {\n";
        for (const Field& field : node.fields) {
            if (field.discriminant != kNoDiscriminant) {
                text += fmt::format("    {}_WHICH_{} = {},\n", shout(name), shout(field.name), field.discriminant);
            }
        }
        text += "};\n";
    }
    return text;
}

std::string emit_c_struct(const Schema& schema, const Node& node) {
    const std::string name = c_name(schema, node);
    std::string text;
    for (const Field& field : node.fields) {
        if (has_default_message(field)) {
            const auto bytes = default_message(field);
            text += fill("static const unsigned char $name$[] = {$bytes$};\n"
                         "static const tessera_segment $name$_segment = {$name$, $words$};\n",
                         {{"name", default_name(schema, node, field)},
                          {"bytes", byte_list(bytes)},
                          {"words", fmt::format("{}", bytes.size() / 8)}});
        }
        if (field.group) {
            text += fill("static inline $group$_reader $name$_$field$($name$_reader self) {\n"
                         "    const $group$_reader value = {self.raw};\n    return value;\n}\n",
                         {{"group", struct_name(schema, field.type)}, {"name", name}, {"field", snake(field.name)}});
        }
    }
    text += emit_readers(schema, node, kMemory);
    text += "#ifdef __wasm__\n" + emit_readers(schema, node, kSlice) + "#endif\n";
    if (!node.group) {
        text += fill(
            "static inline $name$_reader $name$_element(tessera_list list, uint32_t index) {\n"
            "    const $name$_reader value = {tessera_list_get_struct(list, index)};\n    return value;\n}\n"
            "static inline $name$_builder $name$_init_root(tessera_builder* b) {\n"
            "    const $name$_builder value = {tessera_init_root(b, $words$, $pointers$)};\n    return value;\n}\n"
            "static inline $name$_builder $name$_init_at(tessera_spot spot) {\n"
            "    const $name$_builder value = {tessera_init_struct(spot, $words$, $pointers$)};\n    return value;\n}\n"
            "static inline $name$_builder $name$_built(tessera_list_builder list, uint32_t index) {\n"
            "    const $name$_builder value = {tessera_list_struct(list, index)};\n    return value;\n}\n",
            {{"name", name},
             {"words", fmt::format("{}", node.data_words)},
             {"pointers", fmt::format("{}", node.pointers)}});
    }
    for (const Field& field : node.fields) {
        text += emit_builder(schema, node, field);
    }
    return text + "\n";
}

}  // namespace tessera::schemac
