// Rust for programs: enums, interfaces, and structs that are read and built in place, over the crate in
// apps/sdk/rust/tessera.
#include "caps/schemac/abi.h"
#include "caps/schemac/default_message.h"
#include "caps/schemac/emit.h"
#include "caps/schemac/emit_rust_interface.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <array>
#include <fmt/format.h>

namespace tessera::schemac {
namespace {

class Emitter {
  public:
    Emitter(const Schema& schema, const RequestedFile& file) : schema_(schema), file_(file) {}

    std::string run() {
        std::string text = fmt::format(
            "// Made from {} by capnpc-tessera.\n#![allow(dead_code, non_snake_case, unused_imports, clippy::all)]\n"
            "use ::tessera::builder as build;\nuse ::tessera::message as wire;\n"
            "use wire::Element as _;\n\n",
            file_.name);
        for (const Node* node : nodes_of(schema_, file_, NodeKind::Enum)) {
            std::vector<std::string> names;
            for (const Enumerant& enumerant : node->enumerants) {
                names.push_back(enumerant.name);
            }
            text += numbered(cpp_type(schema_, *node), node->doc, names) + texts(*node);
        }
        for (const Node* node : nodes_of(schema_, file_, NodeKind::Struct)) {
            text += emit_struct(*node);
        }
        for (const Node* node : nodes_of(schema_, file_, NodeKind::Interface)) {
            text += emit_rust_interface(
                schema_, *node, [this](const Type& type) { return scalar(type); }, [this](Id id) { return path(id); });
            text += emit_rust_server(
                schema_, *node, [this](const Type& type) { return scalar(type); }, [this](Id id) { return path(id); });
        }
        return text;
    }

  private:
    // A number with names for what is known: others come as they are.
    static std::string
    numbered(const std::string& name, const std::string& doc, const std::vector<std::string>& names) {
        std::string values;
        for (std::size_t i = 0; i < names.size(); ++i) {
            values += fmt::format("    pub const {}: {} = {}({});\n", shout(names[i]), name, name, i);
        }
        return comment(doc, "///") +
               fill("#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]\npub struct $name$(pub u16);\n"
                    "impl $name$ {\n$values$}\n"
                    "impl<'a> wire::Element<'a> for $name$ {\n    const SIZE: wire::Size = wire::Size::Two;\n"
                    "    fn get(list: &wire::RawList<'a>, index: u32) -> $name$ {\n        $name$(u16::get(list, "
                    "index))\n    }\n}\n"
                    "impl build::Number for $name$ {\n"
                    "    fn write(self, list: &build::ListBuilder<'_>, index: u32) {\n        self.0.write(list, "
                    "index)\n    }\n}\n\n",
                    {{"name", name}, {"values", values}});
    }

    // What the schema says of each for people; nothing if it does not.
    std::string texts(const Node& node) const {
        std::string cases;
        for (std::size_t i = 0; i < node.enumerants.size(); ++i) {
            if (!node.enumerants[i].text.empty()) {
                cases += fmt::format("            {} => \"{}\",\n", i, node.enumerants[i].text);
            }
        }
        return cases.empty() ? ""
                             : fill("impl $name$ {\n    pub fn text(self) -> &'static str {\n        match self.0 {\n"
                                    "$cases$            _ => \"unknown\",\n        }\n    }\n}\n\n",
                                    {{"name", cpp_type(schema_, node)}, {"cases", cases}});
    }

    // In its own module, beside this one if it is another file's.
    std::string path(Id id) const {
        const Node& node = schema_.at(id);
        const Node* of = schema_.file_of(node);
        return of == nullptr || of->id == file_.id
                   ? cpp_type(schema_, node)
                   : fmt::format("super::{}::{}", rust_name(stem_of(*of)), cpp_type(schema_, node));
    }

    std::string scalar(const Type& type) const {
        constexpr std::array<const char*, 12> kNames{
            "()", "bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"};
        return type.kind == Kind::Enum ? path(type.id) : kNames.at(static_cast<std::size_t>(type.kind));
    }

    std::string reader_type(const Type& type) const {
        switch (type.kind) {
        case Kind::Text:
            return "&'a str";
        case Kind::Data:
            return "&'a [u8]";
        case Kind::List:
            return fmt::format("wire::List<'a, {}>", reader_type(type.element.front()));
        case Kind::Struct:
            return path(type.id) + "<'a>";
        case Kind::Any:
            return "wire::Place<'a>";
        case Kind::Interface:
        case Kind::Capability:
            return "Option<u32>";
        default:
            return scalar(type);
        }
    }

    static std::string stored(const Field& field) { return fmt::format("u{}", bits_of(field.type.kind)); }

    std::string number(const Field& field) const {
        if (field.type.kind == Kind::Bool) {
            return fmt::format("self.0.bit({}) != {}", field.offset, field.default_bits != 0);
        }
        const std::string bits = fmt::format("self.0.{}({}) ^ 0x{:x}", stored(field), field.offset, field.default_bits);
        if (field.type.kind == Kind::Enum) {
            const Node& node = schema_.at(field.type.id);
            return node.strictness == Strictness::Strict
                       ? fmt::format("{}(self.0.known({}, {}))", path(field.type.id), bits, node.enumerants.size())
                       : fmt::format("{}({})", path(field.type.id), bits);
        }
        const bool real = field.type.kind == Kind::Float32 || field.type.kind == Kind::Float64;
        return real ? fmt::format("{}::from_bits({})", scalar(field.type), bits)
                    : fmt::format("({}) as {}", bits, scalar(field.type));
    }

    std::string emit_reader(const Node& node, const Field& field) const {
        std::string body;
        std::string statics;
        if (field.group) {
            body = fmt::format("{}(self.0)", path(field.type.id));
        } else if (!is_pointer(field.type)) {
            body = number(field);
        } else {
            std::string place = fmt::format("self.0.pointer({})", field.offset);
            if (is_bytes(field.type) && field.has_default) {
                statics = fmt::format("        static OTHERWISE: &[u8] = &[{}];\n", byte_list(default_message(field)));
                place += ".or(OTHERWISE)";
            }
            switch (field.type.kind) {
            case Kind::Text:
                body = place + ".read_text()";
                break;
            case Kind::Data:
                body = place + ".read_data()";
                break;
            case Kind::List:
                body = place + ".list()";
                break;
            case Kind::Struct:
                body = place + ".read()";
                break;
            case Kind::Any:
                body = place;
                break;
            default:
                body = place + ".read_capability()";
                break;
            }
        }
        static_cast<void>(node);
        std::string text =
            comment(field.doc, "    ///") + fmt::format("    pub fn {}(&self) -> {} {{\n{}        {}\n    }}\n",
                                                        rust_name(field.name),
                                                        reader_type(field.type),
                                                        statics,
                                                        body);
        if (is_pointer(field.type) && !field.group) {
            text += fmt::format("    pub fn has_{}(&self) -> bool {{\n        !self.0.pointer({}).is_null()\n    }}\n",
                                snake(field.name),
                                field.offset);
        }
        return text;
    }

    std::string set_number(const Field& field) const {
        if (field.type.kind == Kind::Bool) {
            return fmt::format("self.0.set_bit({}, value != {})", field.offset, field.default_bits != 0);
        }
        const bool real = field.type.kind == Kind::Float32 || field.type.kind == Kind::Float64;
        const std::string bits = real                            ? "value.to_bits()"
                                 : field.type.kind == Kind::Enum ? "value.0"
                                                                 : "(value as " + stored(field) + ")";
        return fmt::format("self.0.set_{}({}, {} ^ 0x{:x})", stored(field), field.offset, bits, field.default_bits);
    }

    std::string emit_builder(const Node& node, const Field& field) const {
        const std::string tag =
            field.discriminant == kNoDiscriminant
                ? ""
                : fmt::format("        self.0.set_u16({}, {});\n", node.discriminant_offset, field.discriminant);
        const auto one =
            [&](const char* verb, const std::string& parameters, const std::string& result, const std::string& body) {
                return fmt::format("    pub fn {}_{}(&self{}){} {{\n{}        {}\n    }}\n",
                                   verb,
                                   snake(field.name),
                                   parameters,
                                   result.empty() ? "" : " -> " + result,
                                   tag,
                                   body);
            };
        const std::string spot = fmt::format("self.0.pointer({})", field.offset);
        switch (field.type.kind) {
        case Kind::Void:
            return field.discriminant == kNoDiscriminant ? "" : one("set", "", "", "");
        case Kind::Text:
            return one("set", ", value: &str", "", spot + ".write_text(value)");
        case Kind::Data:
            return one("set", ", value: &[u8]", "", spot + ".write_data(value)");
        case Kind::Interface:
        case Kind::Capability:
            return one("set", ", index: u32", "", spot + ".write_capability(index)");
        case Kind::Any:
            return one("init", "", "build::Spot<'a>", spot);
        case Kind::Struct: {
            const std::string type = path(field.type.id) + "Builder";
            return one("init", "", type + "<'a>", field.group ? type + "(self.0)" : spot + ".init()");
        }
        case Kind::List: {
            const Type& element = field.type.element.front();
            if (element.kind == Kind::Struct) {
                const Node& of = schema_.at(element.id);
                return one("init",
                           ", count: u32",
                           "build::ListBuilder<'a>",
                           fmt::format("{}.init_structs({}, {}, count)", spot, of.data_words, of.pointers));
            }
            return one("init",
                       ", count: u32",
                       "build::ListBuilder<'a>",
                       fmt::format("{}.init_list({}, count)", spot, size_of(element)));
        }
        default:
            return one("set", ", value: " + scalar(field.type), "", set_number(field));
        }
    }

    static std::string size_of(const Type& type) {
        switch (type.kind) {
        case Kind::Void:
            return "wire::Size::Void";
        case Kind::Bool:
            return "wire::Size::Bit";
        default:
            switch (bits_of(type.kind)) {
            case 8:
                return "wire::Size::Byte";
            case 16:
                return "wire::Size::Two";
            case 32:
                return "wire::Size::Four";
            case 64:
                return "wire::Size::Eight";
            default:
                return "wire::Size::Pointer";
            }
        }
    }

    std::string emit_struct(const Node& node) const {
        const std::string name = cpp_type(schema_, node);
        std::string which;
        std::string readers;
        std::string builders;
        if (node.discriminants != 0) {
            std::vector<std::string> names(node.discriminants);
            for (const Field& field : node.fields) {
                if (field.discriminant < names.size()) {
                    names[field.discriminant] = field.name;
                }
            }
            which = numbered(name + "Which", "", names);
            std::string tag = fmt::format("self.0.u16({})", node.discriminant_offset);
            if (node.strictness == Strictness::Strict) {
                tag = fmt::format("self.0.known({}, {})", tag, node.discriminants);
            }
            readers +=
                fmt::format("    pub fn which(&self) -> {0}Which {{\n        {0}Which({1})\n    }}\n", name, tag);
        }
        for (const Field& field : node.fields) {
            readers += field.type.kind == Kind::Void ? "" : emit_reader(node, field);
            builders += emit_builder(node, field);
        }
        return which + comment(node.doc, "///") +
               fill("#[derive(Clone, Copy)]\npub struct $name$<'a>(pub wire::StructReader<'a>);\n"
                    "#[derive(Clone, Copy)]\npub struct $name$Builder<'a>(pub build::StructBuilder<'a>);\n"
                    "impl<'a> wire::FromStruct<'a> for $name$<'a> {\n"
                    "    fn from_struct(raw: wire::StructReader<'a>) -> Self {\n        $name$(raw)\n    }\n}\n"
                    "impl<'a> wire::Element<'a> for $name$<'a> {\n    const SIZE: wire::Size = wire::Size::Composite;\n"
                    "    fn get(list: &wire::RawList<'a>, index: u32) -> Self {\n        "
                    "$name$(list.get_struct(index))\n    }\n}\n"
                    "impl<'a> build::FromBuilder<'a> for $name$Builder<'a> {\n"
                    "    const DATA_WORDS: u16 = $words$;\n    const POINTERS: u16 = $pointers$;\n"
                    "    fn from_builder(raw: build::StructBuilder<'a>) -> Self {\n        $name$Builder(raw)\n    "
                    "}\n}\n"
                    "impl<'a> $name$<'a> {\n$readers$}\nimpl<'a> $name$Builder<'a> {\n$builders$}\n\n",
                    {{"name", name},
                     {"words", fmt::format("{}", node.data_words)},
                     {"pointers", fmt::format("{}", node.pointers)},
                     {"readers", readers},
                     {"builders", builders}});
    }

    const Schema& schema_;
    const RequestedFile& file_;
};

}  // namespace

std::string emit_rust(const Schema& schema, const RequestedFile& file) { return Emitter(schema, file).run(); }

}  // namespace tessera::schemac
