// C for programs: enums, handles, a function for each method of each interface, and what serves one.
#include "caps/schemac/abi.h"
#include "caps/schemac/describe.h"
#include "caps/schemac/emit.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/emit_c_struct.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <fmt/format.h>

namespace tessera::schemac {
namespace {

std::string emit_enum(const Schema& schema, const Node& node) {
    const std::string name = c_name(schema, node);
    std::string text = comment(node.doc, "//");
    text += fill("typedef uint16_t $name$;\nenum {\n", {{"name", name}});
    for (std::size_t i = 0; i < node.enumerants.size(); ++i) {
        text += comment(node.enumerants[i].doc, "    //");
        text += fmt::format("    {}_{} = {},\n", shout(name), shout(node.enumerants[i].name), i);
    }
    text += "};\n";
    bool has_text = false;
    std::string cases;
    for (std::size_t i = 0; i < node.enumerants.size(); ++i) {
        has_text = has_text || !node.enumerants[i].text.empty();
        cases += fmt::format("    case {}: return \"{}\";\n", i, escaped(node.enumerants[i].text));
    }
    if (has_text) {
        text += fill("// For people; of a value that is not known: so.\n"
                     "static inline const char* $name$_text(int32_t value) {\n"
                     "    switch (value) {\n$cases$    default: return \"not known\";\n    }\n}\n",
                     {{"name", name}, {"cases", cases}});
    }
    return text + "\n";
}

std::string emit_method(const CMethod& method) {
    std::vector<std::string> parameters{method.interface_name + " self"};
    std::vector<std::string> arguments{"tessera_cap_from_handle(self.handle)"};
    std::string results;
    for (const Part& part : method.abi.parameters) {
        parameters.push_back(c_parameter(method.schema, part));
        arguments.push_back(c_argument(part));
    }
    for (const Part& part : method.abi.results) {
        if (is_bytes(part.field->type)) {
            arguments.push_back(fill("tessera_slice_of($name$, $name$_room)", {{"name", cpp_name(part.field->name)}}));
        }
    }
    for (std::size_t i = 0; i < method.abi.results.size(); ++i) {
        const Part& part = method.abi.results[i];
        parameters.push_back(c_result(method.schema, part));
        results += c_fetch(method.schema, part, i + 1);
    }
    for (const Part& part : method.abi.results) {
        results += c_store(method.schema, part);
    }
    return comment(method.method.doc, "//") +
           fill("static inline int32_t $interface$_$method$($parameters$) {\n"
                "    const int32_t status_ = $interface$_$method$_import($arguments$);\n"
                "$results$    return status_;\n}\n\n",
                {{"interface", method.interface_name},
                 {"method", method.name},
                 {"parameters", joined(parameters)},
                 {"arguments", joined(arguments)},
                 {"results", results}});
}

std::string emit_import(const CMethod& method) {
    std::vector<std::string> types{"tessera_cap self"};
    for (const Part& part : method.abi.parameters) {
        types.push_back(fmt::format("{} {}", wire_type(part.letter), cpp_name(part.field->name)));
    }
    for (const Part& part : method.abi.results) {
        if (is_bytes(part.field->type)) {
            types.push_back("tessera_slice " + cpp_name(part.field->name));
        }
    }
    std::vector<std::string> results;
    for (const char letter : method.abi.letters_out) {
        results.emplace_back(wire_type(letter));
    }
    return fill("TESSERA_IMPORT(\"$id$\", \"$signature$\") int32_t $interface$_$method$_import($types$);\n"
                "TESSERA_IMPORT(\"tessera_results\", \"$letters$\") int32_t tessera_results_$letters$($results$);\n",
                {{"id", hex_id(method.interface.id)},
                 {"signature", method.abi.signature(method.ordinal)},
                 {"interface", method.interface_name},
                 {"method", method.name},
                 {"types", joined(types)},
                 {"letters", method.abi.letters_out},
                 {"results", joined(results)}});
}

// What the program's own function of that name is called by: with slices as they come, capabilities borrowed for the
// call.
std::string emit_export(const CMethod& method) {
    std::vector<std::string> declared{"void* self"};
    std::vector<std::string> wire{"uint64_t state_"};
    std::vector<std::string> arguments{"(void*)(uintptr_t)state_"};
    std::string locals;
    std::vector<std::string> results{"status_"};
    for (const Part& part : method.abi.parameters) {
        const std::string name = cpp_name(part.field->name);
        wire.push_back(fmt::format("{} {}", wire_type(part.letter), name));
        declared.push_back(fmt::format("{} {}", c_served_type(method.schema, part), name));
        arguments.push_back(c_from_wire(method.schema, part, name));
    }
    for (const Part& part : method.abi.results) {
        const std::string name = cpp_name(part.field->name);
        if (is_bytes(part.field->type)) {
            wire.push_back("tessera_slice " + name);
            declared.push_back("tessera_slice " + name);
            arguments.push_back(name);
        }
    }
    for (const Part& part : method.abi.results) {
        const std::string name = cpp_name(part.field->name);
        const bool bytes = is_bytes(part.field->type);
        const std::string local = name + "_result_";
        const std::string type = bytes ? "uint64_t" : c_type(method.schema, part.field->type);
        locals += part.letter == 'c' ? fmt::format("    {} {} = {{0}};\n", type, local)
                                     : fmt::format("    {} {} = 0;\n", type, local);
        declared.push_back(fmt::format("{}* {}{}", type, name, bytes ? "_length" : ""));
        arguments.push_back("&" + local);
        results.push_back(part.letter == 'c' ? fmt::format("tessera_cap_take_handle({}.handle)", local)
                                             : fmt::format("({}){}", wire_type(part.letter), local));
    }
    return fill("int32_t TESSERA_SERVES($MACRO$, $method$)($declared$);\n"
                "__attribute__((__export_name__(\"$id$/$signature$\"))) int32_t $interface$_$method$_export($wire$) {\n"
                "$locals$    const int32_t status_ = TESSERA_SERVES($MACRO$, $method$)($arguments$);\n"
                "    return tessera_results_$letters$($results$);\n}\n",
                {{"MACRO", "TESSERA_SERVE_" + shout(method.interface_name)},
                 {"method", method.name},
                 {"declared", joined(declared)},
                 {"id", hex_id(method.interface.id)},
                 {"signature", method.abi.signature(method.ordinal)},
                 {"interface", method.interface_name},
                 {"wire", joined(wire)},
                 {"locals", locals},
                 {"arguments", joined(arguments)},
                 {"letters", method.abi.letters_out},
                 {"results", joined(results)}});
}

std::string emit_interface(const Schema& schema, const Node& node) {
    const std::string name = c_name(schema, node);
    std::string imports;
    std::string functions;
    std::string exports;
    for (const CMethod& method : methods_of(schema, node)) {
        imports += emit_import(method);
        functions += emit_method(method);
        exports += emit_export(method);
    }
    std::string supers;
    for (const Id super : node.supers) {
        supers += fill("static inline $super$ $name$_as_$super$($name$ self) {\n"
                       "    const $super$ as = {self.handle};\n    return as;\n}\n",
                       {{"super", c_name(schema, schema.at(super))}, {"name", name}});
    }
    return comment(node.doc, "//") +
           fill("#define $NAME$_ID 0x$id$ull\n"
                "TESSERA_INTERFACE(\"$id$\", tessera_interface_$id$) = {$description$};\n"
                "#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
                "// A new object; `state` comes with each call of it.\n"
                "TESSERA_IMPORT(\"$id$\", \"mint:l>c\") tessera_cap $name$_mint(uint64_t state);\n"
                "$imports$"
                "#ifdef __cplusplus\n}\n#endif\n"
                "static inline void $name$_release($name$ self) { tessera_handle_release(self.handle); }\n$supers$\n"
                "$functions$"
                "#ifdef TESSERA_SERVE_$NAME$\n"
                "// In one file of a program that implements it: #define TESSERA_SERVE_$NAME$ PREFIX, and functions "
                "PREFIX_METHOD.\n"
                "#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
                "$exports$"
                "// The last reference to the object is gone.\n"
                "void TESSERA_SERVES(TESSERA_SERVE_$NAME$, released)(void* self);\n"
                "__attribute__((__export_name__(\"$id$/released:>i\"))) int32_t $name$_released_export(uint64_t "
                "state_) {\n"
                "    TESSERA_SERVES(TESSERA_SERVE_$NAME$, released)((void*)(uintptr_t)state_);\n"
                "    return 0;\n}\n"
                "#ifdef __cplusplus\n}\n#endif\n"
                "#endif\n\n",
                {{"NAME", shout(name)},
                 {"name", name},
                 {"id", hex_id(node.id)},
                 {"description", byte_list(describe(schema, node))},
                 {"imports", imports},
                 {"supers", supers},
                 {"functions", functions},
                 {"exports", exports}});
}

}  // namespace

std::string emit_c(const Schema& schema, const RequestedFile& file) {
    std::string text = fill("// Made from $file$ by capnpc-tessera.\n"
                            "#ifndef $guard$\n#define $guard$\n\n"
                            "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n",
                            {{"file", file.name}, {"guard", guard_of(file, "_H")}});
    if (!nodes_of(schema, file, NodeKind::Struct).empty()) {
        text += "#include <tessera/message.h>\n";
    }
    for (const Needed& needed : needed_files(schema, file)) {
        text += needed.absolute ? fmt::format("#include <{}.tessera.h>\n", needed.name)
                                : fmt::format("#include \"{}.tessera.h\"\n", needed.name);
    }
    text += "\n";
    for (const Node* node : nodes_of(schema, file, NodeKind::Enum)) {
        text += emit_enum(schema, *node);
    }
    const auto structs = nodes_of(schema, file, NodeKind::Struct);
    for (const Node* node : structs) {
        text += emit_c_struct_types(schema, *node);
    }
    for (const Node* node : structs) {
        text += emit_c_struct(schema, *node);
    }
    const auto interfaces = nodes_of(schema, file, NodeKind::Interface);
    if (!interfaces.empty()) {
        text += "#ifdef __wasm__\n#include <tessera/call.h>\n\n"
                "#ifndef TESSERA_SERVES\n"
                "#define TESSERA_SERVES_JOINED(prefix, method) prefix##_##method\n"
                "#define TESSERA_SERVES(prefix, method) TESSERA_SERVES_JOINED(prefix, method)\n"
                "#endif\n\n";
        for (const Node* node : interfaces) {
            text += fmt::format("typedef struct {{ tessera_handle handle; }} {};\n", c_name(schema, *node));
        }
        text += "\n";
        for (const Node* node : interfaces) {
            text += emit_interface(schema, *node);
        }
        text += "#endif  // __wasm__\n\n";
    }
    return text + "#endif\n";
}

}  // namespace tessera::schemac
