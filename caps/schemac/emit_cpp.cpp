// C++ for programs: enums, classes for structs (caps/schemac/emit_cpp_struct.cpp) and for interfaces
// (caps/schemac/emit_cpp_interface.cpp).
#include "caps/schemac/emit.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/emit_cpp_parts.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <fmt/format.h>

namespace tessera::schemac {
namespace {

std::string emit_enum(const Schema& schema, const Node& node) {
    const std::string name = cpp_type(schema, node);
    std::string text = comment(node.doc, "//") + fmt::format("enum class {} : std::uint16_t {{\n", name);
    std::string cases;
    bool has_text = false;
    for (std::size_t i = 0; i < node.enumerants.size(); ++i) {
        const Enumerant& enumerant = node.enumerants[i];
        text += comment(enumerant.doc, "    //") + fmt::format("    {} = {},\n", pascal(enumerant.name), i);
        has_text = has_text || !enumerant.text.empty();
        cases +=
            fmt::format("    case {}::{}: return \"{}\";\n", name, pascal(enumerant.name), escaped(enumerant.text));
    }
    text += fmt::format("}};\ninline constexpr std::uint16_t k{}Count = {};\n", name, node.enumerants.size());
    if (has_text) {
        text += fill("// For people; of a value that is not known: so.\n"
                     "constexpr std::string_view text_of($name$ value) {\n"
                     "    switch (value) {\n$cases$    }\n    return \"not known\";\n}\n",
                     {{"name", name}, {"cases", cases}});
    }
    return text + "\n";
}

}  // namespace

std::string emit_cpp(const Schema& schema, const RequestedFile& file) {
    const auto structs = nodes_of(schema, file, NodeKind::Struct);
    const auto interfaces = nodes_of(schema, file, NodeKind::Interface);
    std::string text =
        fmt::format("// Made from {} by capnpc-tessera.\n#pragma once\n\n#include <bit>\n#include <cstddef>\n"
                    "#include <cstdint>\n#include <string_view>\n",
                    file.name);
    if (!structs.empty()) {
        text += "#include <tessera/message/message.hpp>\n";
    }
    for (const Needed& needed : needed_files(schema, file)) {
        text += needed.absolute ? fmt::format("#include <{}.tessera.hpp>\n", needed.name)
                                : fmt::format("#include \"{}.tessera.hpp\"\n", needed.name);
    }
    if (!interfaces.empty()) {
        text += fmt::format("#ifdef __wasm__\n#include <tessera/object.hpp>\n#include \"{}.tessera.h\"\n#endif\n",
                            stem_of(schema.at(file.id)));
    }
    text += fmt::format("\nnamespace {} {{\n\n", namespace_of(schema, schema.at(file.id)));
    for (const Node* node : nodes_of(schema, file, NodeKind::Enum)) {
        text += emit_enum(schema, *node);
    }
    for (const Node* node : interfaces) {
        text += fmt::format("class {};\n", cpp_type(schema, *node));
    }
    for (const Node* node : structs) {
        text += fmt::format("struct {};\n", cpp_type(schema, *node));
    }
    text += "\n" + emit_cpp_constants(schema, file);
    for (const Node* node : structs) {
        text += emit_cpp_shell(schema, *node);
    }
    for (const Node* node : structs) {
        text += emit_cpp_struct(schema, *node);
    }
    for (const Node* node : structs) {
        text += emit_cpp_struct_bodies(schema, *node);
    }
    if (!interfaces.empty()) {
        text += "#ifdef __wasm__\n\n";
        for (const Node* node : interfaces) {
            text += emit_cpp_interface(schema, *node);
        }
        for (const Node* node : interfaces) {
            text += emit_cpp_interface_bodies(schema, *node);
        }
        text += "#endif  // __wasm__\n\n";
    }
    return text + fmt::format("}}  // namespace {}\n", namespace_of(schema, schema.at(file.id)));
}

}  // namespace tessera::schemac
