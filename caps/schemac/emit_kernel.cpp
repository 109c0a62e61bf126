// For the kernel: of each interface its id, its methods' ordinals and signatures, and its flat description; of each
// enum its values.
#include "caps/schemac/abi.h"
#include "caps/schemac/describe.h"
#include "caps/schemac/emit.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <fmt/format.h>

namespace tessera::schemac {
namespace {

std::string emit_enum(const Schema& schema, const Node& node) {
    std::string values;
    std::string cases;
    bool has_text = false;
    for (std::size_t i = 0; i < node.enumerants.size(); ++i) {
        values += fmt::format("    {} = {},\n", pascal(node.enumerants[i].name), i);
        has_text = has_text || !node.enumerants[i].text.empty();
        cases += fmt::format("    case {}::{}:\n        return \"{}\";\n",
                             cpp_type(schema, node),
                             pascal(node.enumerants[i].name),
                             escaped(node.enumerants[i].text));
    }
    std::string text = fill("enum class $name$ : std::uint16_t {\n$values$};\n\n",
                            {{"name", cpp_type(schema, node)}, {"values", values}});
    if (has_text) {
        text += fill("constexpr std::string_view text_of($name$ value) {\n    switch (value) {\n$cases$    }\n"
                     "    return \"not known\";\n}\n\n",
                     {{"name", cpp_type(schema, node)}, {"cases", cases}});
    }
    return text;
}

std::string emit_interface(const Schema& schema, const Node& node) {
    std::string ordinals;
    std::string signatures;
    for (const CMethod& method : methods_of(schema, node)) {
        ordinals += fmt::format("        k{} = {},\n", pascal(method.method.name), method.ordinal);
        signatures += fmt::format("        \"{}\",\n", method.abi.signature(method.ordinal));
    }
    return comment(node.doc, "//") +
           fill("struct $type$ {\n"
                "    static constexpr std::uint64_t kId = 0x$id$;\n"
                "    static constexpr std::string_view kHexId = \"$id$\";\n"
                "    static constexpr std::string_view kName = \"$name$\";\n"
                "    enum Method : std::uint16_t {\n$ordinals$    };\n"
                "    static constexpr std::array<std::string_view, $count$> kSignatures{\n$signatures$    };\n"
                "    static constexpr std::uint8_t kDescription[] = {$description$};\n};\n\n",
                {{"type", cpp_type(schema, node)},
                 {"id", hex_id(node.id)},
                 {"name", node.name},
                 {"ordinals", ordinals},
                 {"count", fmt::format("{}", node.methods.size())},
                 {"signatures", signatures},
                 {"description", byte_list(describe(schema, node))}});
}

}  // namespace

std::string emit_kernel(const Schema& schema, const RequestedFile& file) {
    std::string text = fmt::format("// Made from {} by capnpc-tessera.\n#pragma once\n\n#include <array>\n"
                                   "#include <cstdint>\n#include <string_view>\n\nnamespace tessera::schema {{\n\n",
                                   file.name);
    for (const Node* node : nodes_of(schema, file, NodeKind::Enum)) {
        text += emit_enum(schema, *node);
    }
    for (const Node* node : nodes_of(schema, file, NodeKind::Interface)) {
        text += emit_interface(schema, *node);
    }
    return text + "}  // namespace tessera::schema\n";
}

}  // namespace tessera::schemac
