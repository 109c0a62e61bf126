#include "caps/schemac/skeleton_rust.h"

#include "caps/schemac/abi.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/emit_rust_interface.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <array>
#include <fmt/format.h>
#include <vector>

namespace tessera::schemac {
namespace {

// As a program names what is in the crate that the tool makes of its schemas.
std::string path(const Schema& schema, Id id) {
    const Node& node = schema.at(id);
    return fmt::format("interfaces::{}::{}", rust_name(stem_of(*schema.file_of(node))), cpp_type(schema, node));
}

std::string scalar(const Schema& schema, const Type& type) {
    constexpr std::array<const char*, 12> kNames{
        "()", "bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64"};
    return type.kind == Kind::Enum ? path(schema, type.id) : kNames.at(static_cast<std::size_t>(type.kind));
}

std::string call(const Schema& schema, const CMethod& method) {
    std::vector<std::string> arguments;
    for (const Part& part : method.abi.parameters) {
        const Type& type = part.field->type;
        if (part.letter == 'r') {
            arguments.emplace_back(type.kind == Kind::Text ? "\"\"" : "&[]");
        } else if (part.letter == 'c') {
            const std::string name =
                type.kind == Kind::Interface ? path(schema, type.id) : std::string("tessera::object::Object");
            arguments.push_back(fmt::format("&{}::from_handle(0)", name));
        } else {
            arguments.emplace_back("Default::default()");
        }
    }
    for (const Part& part : method.abi.results) {
        if (is_bytes(part.field->type)) {
            arguments.emplace_back("&mut [0; 4096]");
        }
    }
    return fmt::format("    say(\"{}\", object.{}({}).err());\n",
                       method.name,
                       rust_method_name(method.method.name),
                       joined(arguments));
}

}  // namespace

std::string rust_server_skeleton(const Schema& schema, const Node& node) {
    std::string traits;
    for (const Node* one : lineage_of(schema, node)) {
        std::string bodies;
        for (const CMethod& method : methods_of(schema, *one)) {
            bodies += comment(method.method.doc, "    //") + "    " +
                      rust_served_head(
                          method,
                          [&](const Type& type) { return scalar(schema, type); },
                          [&](Id id) { return path(schema, id); }) +
                      " {\n        Err(Error::UNSUPPORTED)\n    }\n";
        }
        traits += fmt::format("impl {}Server for Mine {{\n{}}}\n\n", path(schema, one->id), bodies);
    }
    return fill("// Implements $name$. Each method says `unsupported` until you write it.\n"
                "#![allow(unused_variables)]\n"
                "use tessera::object::Error;\n\n"
                "// An object's state. It is called on every core at once.\n"
                "struct Mine;\n\n"
                "$traits$// Ready: those who are granted an object start when this has returned.\n"
                "fn main() {\n    $path$::serve_granted(Box::new(Mine));\n}\n",
                {{"name", node.name}, {"traits", traits}, {"path", path(schema, node.id)}});
}

std::string rust_client_skeleton(const Schema& schema, const Node& node) {
    std::string calls;
    for (const CMethod& method : methods_of(schema, node)) {
        calls += call(schema, method);
    }
    return fill("// Calls each method of a $name$ that it is granted, and says what came back.\n"
                "use interfaces::status::Status;\nuse tessera::object::Error;\n\n"
                "fn say(method: &str, error: Option<Error>) {\n"
                "    let text = error.map_or(\"done\", |error| Status(error.status as u16).text());\n"
                "    println!(\"{method}: {text}\");\n}\n\n"
                "fn main() {\n    let object: $path$ = interfaces::granted().expect(\"a $name$ is granted\");\n"
                "$calls$}\n",
                {{"name", node.name}, {"path", path(schema, node.id)}, {"calls", calls}});
}

}  // namespace tessera::schemac
