#include "caps/schemac/emit_c_parts.h"

#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <array>
#include <fmt/format.h>

namespace tessera::schemac {

std::vector<CMethod> methods_of(const Schema& schema, const Node& interface) {
    std::vector<CMethod> methods;
    for (std::size_t i = 0; i < interface.methods.size(); ++i) {
        const Method& method = interface.methods[i];
        methods.push_back({schema,
                           interface,
                           c_name(schema, interface),
                           method,
                           cpp_method_name(method.name),
                           static_cast<unsigned>(i),
                           abi_of(schema, interface, method)});
    }
    return methods;
}

std::string_view wire_type(char letter) {
    switch (letter) {
    case 'i':
        return "int32_t";
    case 'l':
        return "uint64_t";
    case 'f':
        return "float";
    case 'd':
        return "double";
    case 'c':
        return "tessera_cap";
    default:
        return "tessera_slice";
    }
}

std::string c_type(const Schema& schema, const Type& type) {
    constexpr std::array<const char*, 12> kNames{"void",
                                                 "bool",
                                                 "int8_t",
                                                 "int16_t",
                                                 "int32_t",
                                                 "int64_t",
                                                 "uint8_t",
                                                 "uint16_t",
                                                 "uint32_t",
                                                 "uint64_t",
                                                 "float",
                                                 "double"};
    if (type.kind == Kind::Enum || type.kind == Kind::Interface) {
        return c_name(schema, schema.at(type.id));
    }
    if (type.kind == Kind::Capability) {
        return "tessera_object";
    }
    return kNames.at(static_cast<std::size_t>(type.kind));
}

std::string c_parameter(const Schema& schema, const Part& part) {
    const std::string name = cpp_name(part.field->name);
    if (part.letter == 'r') {
        const bool text = part.field->type.kind == Kind::Text;
        return fmt::format("const {}* {}, size_t {}_length", text ? "char" : "void", name, name);
    }
    return fmt::format("{} {}", c_type(schema, part.field->type), name);
}

std::string c_argument(const Part& part) {
    const std::string name = cpp_name(part.field->name);
    switch (part.letter) {
    case 'r':
        return fill("tessera_slice_of_const($name$, $name$_length)", {{"name", name}});
    case 'c':
        return fmt::format("tessera_cap_from_handle({}.handle)", name);
    case 'i':
    case 'l':
        return fmt::format("({}){}", wire_type(part.letter), name);
    default:
        return name;
    }
}

std::string c_result(const Schema& schema, const Part& part) {
    const std::string name = cpp_name(part.field->name);
    if (is_bytes(part.field->type)) {
        const bool text = part.field->type.kind == Kind::Text;
        return fmt::format("{}* {}, size_t {}_room, size_t* {}_length", text ? "char" : "void", name, name, name);
    }
    return fmt::format("{}* {}", c_type(schema, part.field->type), name);
}

std::string c_fetch(const Schema& schema, const Part& part, std::size_t index) {
    static_cast<void>(schema);
    constexpr std::string_view kLetters = "ilfdc";
    constexpr std::array<const char*, 5> kFunctions{"i32", "i64", "f32", "f64", "cap"};
    return fmt::format("    const {} {}_result_ = tessera_result_{}(status_, {});\n",
                       wire_type(part.letter),
                       cpp_name(part.field->name),
                       kFunctions.at(kLetters.find(part.letter)),
                       index);
}

std::string c_store(const Schema& schema, const Part& part) {
    const std::string name = cpp_name(part.field->name);
    if (is_bytes(part.field->type)) {
        return fill("    *$name$_length = (size_t)$name$_result_;\n", {{"name", name}});
    }
    if (part.letter == 'c') {
        return fill("    $name$->handle = status_ == 0 ? tessera_cap_to_handle($name$_result_) : 0;\n",
                    {{"name", name}});
    }
    return fill("    *$name$ = ($type$)$name$_result_;\n",
                {{"name", name}, {"type", c_type(schema, part.field->type)}});
}

std::string c_served_type(const Schema& schema, const Part& part) {
    return part.letter == 'r' || part.letter == 'c' ? std::string(wire_type(part.letter))
                                                    : c_type(schema, part.field->type);
}

std::string c_from_wire(const Schema& schema, const Part& part, const std::string& name) {
    return part.letter == 'i' || part.letter == 'l' ? fmt::format("({}){}", c_type(schema, part.field->type), name)
                                                    : name;
}

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else {
            result += c;
        }
    }
    return result;
}

}  // namespace tessera::schemac
