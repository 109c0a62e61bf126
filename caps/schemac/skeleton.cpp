#include "caps/schemac/skeleton.h"

#include "caps/schemac/abi.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/skeleton_rust.h"
#include "caps/schemac/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stdexcept>

namespace tessera::schemac {
namespace {

// What the schema of statuses says for people of one of them.
std::string text_of_status(const Schema& schema, const std::string& name) {
    for (const auto& [id, node] : schema.nodes) {
        if (node.kind == NodeKind::Enum && node.path.ends_with("status.capnp:Status")) {
            for (const Enumerant& one : node.enumerants) {
                if (one.name == name) {
                    return one.text;
                }
            }
        }
    }
    throw std::runtime_error("the standard schema of statuses is not among what was compiled");
}

const Node& interface_named(const Schema& schema, const RequestedFile& file, const std::string& name) {
    const std::vector<const Node*> all = nodes_of(schema, file, NodeKind::Interface);
    const auto found = std::ranges::find_if(all, [&](const Node* node) { return node->name == name; });
    if (found != all.end()) {
        return **found;
    }
    if (name.empty() && all.size() == 1) {
        return *all.front();
    }
    const std::vector<std::string> names = interfaces_of(schema, file);
    if (names.empty()) {
        throw std::runtime_error(file.name + " declares no interface");
    }
    throw std::runtime_error(fmt::format("{} declares {}; say which one: {}",
                                         file.name,
                                         name.empty() ? "several interfaces" : "no interface " + name,
                                         fmt::join(names, ", ")));
}

// A method of the server, in the form in which C serves, which is C++ as well.
std::string served_method(const CMethod& method, const std::string& prefix) {
    std::vector<std::string> parameters{"void* self"};
    std::string unused = "    (void)self;\n";
    const auto add = [&](const std::string& type, const std::string& name) {
        parameters.push_back(fmt::format("{} {}", type, name));
        unused += fmt::format("    (void){};\n", name);
    };
    for (const Part& part : method.abi.parameters) {
        add(c_served_type(method.schema, part), cpp_name(part.field->name));
    }
    for (const Part& part : method.abi.results) {
        if (is_bytes(part.field->type)) {
            add("tessera_slice", cpp_name(part.field->name));
        }
    }
    for (const Part& part : method.abi.results) {
        const bool bytes = is_bytes(part.field->type);
        add((bytes ? "uint64_t" : c_type(method.schema, part.field->type)) + "*",
            cpp_name(part.field->name) + (bytes ? "_length" : ""));
    }
    return comment(method.method.doc, "//") +
           fill("int32_t $prefix$_$method$($parameters$) {\n$unused$    return TESSERA_STATUS_UNSUPPORTED;\n}\n\n",
                {{"prefix", prefix}, {"method", method.name}, {"parameters", joined(parameters)}, {"unused", unused}});
}

std::string server(const Schema& schema, const Node& node, const std::string& include, bool cpp) {
    std::string defines;
    std::string bodies;
    for (const Node* one : lineage_of(schema, node)) {
        const std::string prefix = "my_" + snake(one->name);
        defines += fmt::format("#define TESSERA_SERVE_{} {}\n", shout(c_name(schema, *one)), prefix);
        for (const CMethod& method : methods_of(schema, *one)) {
            bodies += served_method(method, prefix);
        }
        bodies += fmt::format("// The last reference to an object is gone; `self` is free to go.\n"
                              "void {}_released(void* self) {{ (void)self; }}\n\n",
                              prefix);
    }
    return fill("// Implements $name$. Each method says `unsupported` until you write it: 0 is success, other numbers "
                "are those of\n"
                "// <tessera/status.tessera.h>. `self` is the object's state: null of what the manifest grants, and "
                "what you hand\n"
                "// to $c$_mint of others.\n"
                "#include <tessera/status.tessera.h>\n\n"
                "// Says that this file has the functions below.\n"
                "$defines$#include $include$\n\n"
                "$open$$bodies$// Ready: those who are granted an object start when this has returned 0.\n"
                "int tessera_main(void) { return 0; }\n$close$",
                {{"name", node.name},
                 {"c", c_name(schema, node)},
                 {"defines", defines},
                 {"include", include},
                 {"open", cpp ? "extern \"C\" {\n\n" : ""},
                 {"bodies", bodies},
                 {"close", cpp ? "\n}  // extern \"C\"\n" : ""}});
}

std::string c_call(const CMethod& method) {
    std::vector<std::string> arguments{"object"};
    std::string locals;
    for (const Part& part : method.abi.parameters) {
        arguments.push_back(part.letter == 'r'   ? "\"\", 0"
                            : part.letter == 'c' ? fmt::format("({}){{0}}", c_type(method.schema, part.field->type))
                                                 : "0");
    }
    for (const Part& part : method.abi.results) {
        const std::string name = cpp_name(part.field->name) + "_result";
        if (is_bytes(part.field->type)) {
            locals += fmt::format("        char {0}[4096];\n        size_t {0}_length = 0;\n", name);
            arguments.push_back(fmt::format("{0}, sizeof {0}, &{0}_length", name));
        } else {
            locals += fmt::format("        {} {} = {};\n",
                                  c_type(method.schema, part.field->type),
                                  name,
                                  part.letter == 'c' ? "{0}" : "0");
            arguments.push_back("&" + name);
        }
    }
    return fill("    {\n$locals$        say(console, \"$method$\", $interface$_$method$($arguments$));\n    }\n",
                {{"locals", locals},
                 {"method", method.name},
                 {"interface", method.interface_name},
                 {"arguments", joined(arguments)}});
}

std::string cpp_call(const CMethod& method) {
    std::vector<std::string> arguments(method.abi.parameters.size(), "{}");
    std::string locals;
    for (const Part& part : method.abi.results) {
        if (is_bytes(part.field->type)) {
            const std::string name = cpp_name(part.field->name) + "_room";
            const bool text = part.field->type.kind == Kind::Text;
            locals += fmt::format("        std::array<{}, 4096> {}{{}};\n", text ? "char" : "std::byte", name);
            arguments.push_back(name);
        }
    }
    return fill("    {\n$locals$        say(console, \"$method$\", object.$method$($arguments$).status());\n    }\n",
                {{"locals", locals}, {"method", method.name}, {"arguments", joined(arguments)}});
}

std::string client(const Schema& schema, const Node& node, const std::string& include, bool cpp) {
    std::string calls;
    for (const CMethod& method : methods_of(schema, node)) {
        calls += cpp ? cpp_call(method) : c_call(method);
    }
    const std::string c = c_name(schema, node);
    const std::string object =
        cpp ? fmt::format("    const {} object(tessera_cap_to_handle(granted));\n", cpp_path(schema, node))
            : fmt::format("    const {0} object = {{tessera_cap_to_handle(granted)}};\n", c);
    return fill(
        "// Calls each method of a $name$ that it is granted, and says what came back.\n"
        "#include $include$\n\n$standard$"
        "#include <tessera/console.h>\n"
        "#include <tessera/status.tessera.h>\n\n"
        "static void say(tessera_cap console, const char* method, int32_t status) {\n"
        "    char line[200];\n"
        "    const int length = snprintf(line, sizeof line, \"%s: %s\\n\", method, status == 0 ? \"done\" : "
        "tessera_status_text(status));\n"
        "    tessera_console_write(console, line, (size_t)length);\n}\n\n"
        "// The capabilities that the manifest grants, in its order.\n"
        "$extern$int tessera_main(tessera_cap granted, tessera_cap console) {\n"
        "$object$$calls$    return 0;\n}\n",
        {{"name", node.name},
         {"include", include},
         {"standard", cpp ? "#include <array>\n#include <cstddef>\n#include <stdio.h>\n" : "#include <stdio.h>\n"},
         {"extern", cpp ? "extern \"C\" " : ""},
         {"object", object},
         {"calls", calls}});
}

}  // namespace

std::vector<std::string> interfaces_of(const Schema& schema, const RequestedFile& file) {
    std::vector<std::string> names;
    for (const Node* node : nodes_of(schema, file, NodeKind::Interface)) {
        names.push_back(node->name);
    }
    return names;
}

Skeleton skeleton_of(const Schema& schema,
                     const RequestedFile& file,
                     const std::string& name,
                     const std::string& include,
                     SkeletonLanguage language) {
    const Node& node = interface_named(schema, file, name);
    const bool cpp = language == SkeletonLanguage::Cpp;
    const char closing = include.starts_with('<') ? '>' : '"';
    const std::string unsupported = text_of_status(schema, "unsupported");
    Skeleton made{.interface = node.name};
    if (language == SkeletonLanguage::Rust) {
        made.server = rust_server_skeleton(schema, node);
        made.client = rust_client_skeleton(schema, node);
    } else {
        made.server = server(schema, node, include + ".tessera.h" + closing, cpp);
        made.client = client(schema, node, include + (cpp ? ".tessera.hpp" : ".tessera.h") + closing, cpp);
    }
    for (const CMethod& method : methods_of(schema, node)) {
        made.output += fmt::format("{}: {}\n", method.name, unsupported);
    }
    return made;
}

}  // namespace tessera::schemac
