// Interfaces in C++: a handle class with a method for each, a class Server to implement, and the functions that the
// kernel calls. All stand on the C header's.
#include "caps/schemac/abi.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/emit_cpp_parts.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <fmt/format.h>

namespace tessera::schemac {
namespace {

std::string handle_class(const Schema& schema, const Type& type) {
    return type.kind == Kind::Interface ? cpp_path(schema, schema.at(type.id)) : "::tessera::Object";
}

// As a parameter of a client's method (an object is lent) or of a server's (it is the callee's, to keep or to drop).
std::string parameter_type(const Schema& schema, const Part& part, bool serving) {
    switch (part.letter) {
    case 'r':
        return part.field->type.kind == Kind::Text ? "std::string_view" : "std::span<const std::byte>";
    case 'c':
        return serving ? handle_class(schema, part.field->type)
                       : "const " + handle_class(schema, part.field->type) + "&";
    default:
        return cpp_scalar(schema, part.field->type);
    }
}

// What a method's result is: nothing, the one value, or a struct of all.
struct Outcome {
    std::string type;         // of Result<...>
    std::string declaration;  // of the struct, if there is one
};

std::string result_type(const Schema& schema, const Part& part, bool serving) {
    if (is_bytes(part.field->type)) {
        return part.field->type.kind == Kind::Text ? "std::string_view" : "std::span<const std::byte>";
    }
    static_cast<void>(serving);
    return part.letter == 'c' ? handle_class(schema, part.field->type) : cpp_scalar(schema, part.field->type);
}

// A server writes bytes to an Output, so they are no part of its outcome.
Outcome outcome_of(const CMethod& method, bool serving) {
    std::vector<const Part*> parts;
    for (const Part& part : method.abi.results) {
        if (!serving || !is_bytes(part.field->type)) {
            parts.push_back(&part);
        }
    }
    if (parts.empty()) {
        return {"void", ""};
    }
    if (parts.size() == 1) {
        return {result_type(method.schema, *parts.front(), serving), ""};
    }
    const std::string name = pascal(method.method.name) + (serving ? "Results" : "Result");
    std::string members;
    for (const Part* part : parts) {
        members += fmt::format(
            "        {} {}{{}};\n", result_type(method.schema, *part, serving), cpp_name(part->field->name));
    }
    return {name, fmt::format("    struct {} {{\n{}    }};\n", name, members)};
}

std::vector<std::string> client_parameters(const CMethod& method) {
    std::vector<std::string> parameters;
    for (const Part& part : method.abi.parameters) {
        parameters.push_back(
            fmt::format("{} {}", parameter_type(method.schema, part, false), cpp_name(part.field->name)));
    }
    for (const Part& part : method.abi.results) {
        if (is_bytes(part.field->type)) {
            parameters.push_back(fmt::format("std::span<{}> {}_room",
                                             part.field->type.kind == Kind::Text ? "char" : "std::byte",
                                             cpp_name(part.field->name)));
        }
    }
    return parameters;
}

std::string client_body(const CMethod& method) {
    const std::string type = cpp_type(method.schema, method.interface);
    std::vector<std::string> arguments{fmt::format("{}{{this->handle()}}", method.interface_name)};
    for (const Part& part : method.abi.parameters) {
        const std::string name = cpp_name(part.field->name);
        if (part.letter == 'r') {
            arguments.push_back(fmt::format("{}.data()", name));
            arguments.push_back(fmt::format("{}.size()", name));
        } else if (part.letter == 'c') {
            arguments.push_back(fmt::format("{}{{{}.handle()}}", c_type(method.schema, part.field->type), name));
        } else if (part.field->type.kind == Kind::Enum) {
            arguments.push_back(fmt::format("static_cast<{}>({})", c_type(method.schema, part.field->type), name));
        } else {
            arguments.push_back(name);
        }
    }
    std::string locals;
    std::string needed;
    std::vector<std::string> values;
    for (const Part& part : method.abi.results) {
        const std::string name = cpp_name(part.field->name);
        if (is_bytes(part.field->type)) {
            locals += fmt::format("    std::size_t {}_length_ = 0;\n", name);
            arguments.push_back(fmt::format("{0}_room.data(), {0}_room.size(), &{0}_length_", name));
            const bool text = part.field->type.kind == Kind::Text;
            values.push_back(fmt::format("{}({}_room.data(), ::tessera::detail::within({}_length_, {}_room.size()))",
                                         text ? "std::string_view" : "std::span<const std::byte>",
                                         name,
                                         name,
                                         name));
            needed = fmt::format(", status_ == ::tessera::kTooSmall ? {}_length_ : 0", name);
        } else {
            locals += fmt::format("    {} {}_got_{{}};\n", c_type(method.schema, part.field->type), name);
            arguments.push_back(fmt::format("&{}_got_", name));
            const std::string out = result_type(method.schema, part, false);
            values.push_back(part.letter == 'c' ? fmt::format("{}({}_got_.handle)", out, name)
                                                : fmt::format("static_cast<{}>({}_got_)", out, name));
        }
    }
    const Outcome outcome = outcome_of(method, false);
    const std::string full = outcome.declaration.empty() ? outcome.type : type + "::" + outcome.type;
    const std::string value = values.size() > 1 ? full + "{" + joined(values) + "}" : joined(values);
    return fill("inline ::tessera::Result<$full$> $type$::$method$($parameters$) const {\n"
                "$locals$    const std::int32_t status_ = ::$c$_$method$($arguments$);\n"
                "    if (status_ != 0) {\n"
                "        return ::tessera::Error{status_$needed$};\n"
                "    }\n"
                "    return $value$;\n}\n\n",
                {{"full", full},
                 {"type", type},
                 {"method", method.name},
                 {"parameters", joined(client_parameters(method))},
                 {"locals", locals},
                 {"c", method.interface_name},
                 {"arguments", joined(arguments)},
                 {"needed", needed},
                 {"value", value.empty() ? "{}" : value}});
}

std::vector<std::string> server_parameters(const CMethod& method) {
    std::vector<std::string> parameters;
    for (const Part& part : method.abi.parameters) {
        parameters.push_back(
            fmt::format("{} {}", parameter_type(method.schema, part, true), cpp_name(part.field->name)));
    }
    for (const Part& part : method.abi.results) {
        if (is_bytes(part.field->type)) {
            parameters.push_back("::tessera::Output& " + cpp_name(part.field->name));
        }
    }
    return parameters;
}

std::string server_method(const CMethod& method) {
    const Outcome outcome = outcome_of(method, true);
    std::vector<std::string> unnamed;
    for (const std::string& parameter : server_parameters(method)) {
        unnamed.push_back(parameter.substr(0, parameter.rfind(' ')));
    }
    const bool strict = method.method.strictness == Strictness::Strict;
    return comment(method.method.doc, "    //") +
           fill("    virtual ::tessera::Result<$type$> $method$($parameters$)$rest$\n",
                {{"type", outcome.type},
                 {"method", method.name},
                 {"parameters", joined(strict ? server_parameters(method) : unnamed)},
                 {"rest", strict ? " = 0;" : " { return ::tessera::Error{::tessera::kUnsupported}; }"}});
}

// Copies slices into the program's memory and back, since no virtual function takes a slice.
std::string export_body(const CMethod& method) {
    std::vector<std::string> wire{"std::uint64_t state_"};
    std::vector<std::string> arguments;
    std::string before;
    std::string after;
    for (const Part& part : method.abi.parameters) {
        const std::string name = cpp_name(part.field->name);
        wire.push_back(fmt::format("{} {}", wire_type(part.letter), name));
        if (part.letter == 'r') {
            before += fill(
                "        ::tessera::detail::Scratch $name$_copy_(tessera_slice_length($name$));\n"
                "        if ($name$_copy_.failed()) {\n            return fail_(::tessera::kExhausted);\n        }\n"
                "        tessera_slice_read($name$, 0, $name$_copy_.data(), $name$_copy_.bytes().size());\n",
                {{"name", name}});
            arguments.push_back(name + (part.field->type.kind == Kind::Text ? "_copy_.text()" : "_copy_.bytes()"));
        } else if (part.letter == 'c') {
            arguments.push_back(
                fmt::format("{}(tessera_cap_to_handle({}))", handle_class(method.schema, part.field->type), name));
        } else {
            arguments.push_back(fmt::format("static_cast<{}>({})", cpp_scalar(method.schema, part.field->type), name));
        }
    }
    for (const Part& part : method.abi.results) {
        const std::string name = cpp_name(part.field->name);
        if (is_bytes(part.field->type)) {
            wire.push_back("tessera_slice " + name);
            before += fill(
                "        ::tessera::detail::Scratch $name$_copy_(tessera_slice_length($name$));\n"
                "        if ($name$_copy_.failed()) {\n            return fail_(::tessera::kExhausted);\n        }\n"
                "        ::tessera::Output $name$_out_{$name$_copy_.room()};\n",
                {{"name", name}});
            after += fill("        tessera_slice_write($name$, 0, $name$_copy_.data(), "
                          "::tessera::detail::within($name$_out_.length, $name$_copy_.bytes().size()));\n",
                          {{"name", name}});
            arguments.push_back(name + "_out_");
        }
    }
    const bool one = outcome_of(method, true).declaration.empty();
    std::vector<std::string> results{"status_"};
    std::vector<std::string> failed{"status"};
    for (const Part& part : method.abi.results) {
        const std::string name = cpp_name(part.field->name);
        const std::string member = one ? "(*results_)" : "results_->" + name;
        failed.emplace_back(part.letter == 'c' ? "tessera_cap_null()" : "0");
        if (is_bytes(part.field->type)) {
            results.push_back(name + "_out_.length");
        } else if (part.letter == 'c') {
            results.push_back(fmt::format("tessera_cap_take_handle(status_ == 0 ? {}.take_handle() : 0)", member));
        } else {
            results.push_back(fmt::format("status_ == 0 ? static_cast<{}>({}) : 0", wire_type(part.letter), member));
        }
    }
    return fill(
        "    static std::int32_t fail_$method$(std::int32_t status) { return tessera_results_$letters$($failed$); }\n"
        "    __attribute__((__export_name__(\"$id$/$signature$\")))\n"
        "    static std::int32_t $method$($wire$) {\n"
        "        constexpr auto fail_ = fail_$method$;\n"
        "        auto* const server_ = ::tessera::detail::server_of<$type$::Server>(state_, $type$::kInterfaceId);\n"
        "        if (server_ == nullptr) {\n            return fail_(::tessera::kWrongInterface);\n        }\n"
        "$before$        auto results_ = server_->$method$($arguments$);\n"
        "        const std::int32_t status_ = results_.status();\n"
        "$after$        return tessera_results_$letters$($results$);\n    }\n",
        {{"method", method.name},
         {"letters", method.abi.letters_out},
         {"failed", joined(failed)},
         {"id", hex_id(method.interface.id)},
         {"signature", method.abi.signature(method.ordinal)},
         {"wire", joined(wire)},
         {"type", cpp_type(method.schema, method.interface)},
         {"before", before},
         {"arguments", joined(arguments)},
         {"after", after},
         {"results", joined(results)}});
}

}  // namespace

std::string emit_cpp_interface(const Schema& schema, const Node& node) {
    const std::string type = cpp_type(schema, node);
    std::string methods;
    for (const CMethod& method : methods_of(schema, node)) {
        const Outcome outcome = outcome_of(method, false);
        methods +=
            outcome.declaration + comment(method.method.doc, "    //") +
            fill("    [[nodiscard]] ::tessera::Result<$type$> $method$($parameters$) const;\n\n",
                 {{"type", outcome.type}, {"method", method.name}, {"parameters", joined(client_parameters(method))}});
    }
    std::vector<std::string> bases;
    for (const Id super : node.supers) {
        bases.push_back("public " + cpp_path(schema, schema.at(super)));
    }
    // Only one superclass can be a base, as there is one handle; the others are reached by as_NAME().
    std::string others;
    for (std::size_t i = 1; i < node.supers.size(); ++i) {
        const Node& super = schema.at(node.supers[i]);
        others += fill("    // Lent: of no use after this object's end.\n"
                       "    template <typename Use> auto as_$name$(Use&& use) const {\n"
                       "        $class$ lent(handle());\n        auto result = use(lent);\n"
                       "        static_cast<void>(lent.take_handle());\n        return result;\n    }\n",
                       {{"name", snake(super.name)}, {"class", cpp_path(schema, super)}});
    }
    return comment(node.doc, "//") +
           fill("class $type$ : $base$ {\n  public:\n"
                "    static constexpr std::uint64_t kInterfaceId = 0x$id$ull;\n"
                "    using $super$::$constructor$;\n"
                "    class Server;\n"
                "    // A new object that `server` implements, which is no longer the caller's.\n"
                "    template <typename Implementation>\n"
                "    [[nodiscard]] static $type$ serve(std::unique_ptr<Implementation> server);\n"
                "    // And the object that others are granted by tessera.toml: for the rest of the program's life.\n"
                "    template <typename Implementation>\n"
                "    static void serve_granted(std::unique_ptr<Implementation> server);\n"
                "$others$\n$methods$};\n\n",
                {{"type", type},
                 {"base", bases.empty() ? "public ::tessera::Object" : bases.front()},
                 {"id", hex_id(node.id)},
                 {"super", bases.empty() ? "::tessera::Object" : cpp_path(schema, schema.at(node.supers.front()))},
                 {"constructor", bases.empty() ? "Object" : cpp_type(schema, schema.at(node.supers.front()))},
                 {"others", others},
                 {"methods", methods}});
}

std::string emit_cpp_interface_bodies(const Schema& schema, const Node& node) {
    const std::string type = cpp_type(schema, node);
    std::string text;
    std::string virtuals;
    std::string exports;
    std::string used;
    for (const CMethod& method : methods_of(schema, node)) {
        text += client_body(method);
        const Outcome outcome = outcome_of(method, true);
        virtuals += outcome.declaration + server_method(method) + "\n";
        exports += export_body(method);
        used += fmt::format("        static_cast<void>(&{}Exports<Tag>::{});\n", type, method.name);
    }
    std::vector<std::string> bases;
    std::string parts;
    std::string used_supers;
    for (const Id super : node.supers) {
        const std::string path = cpp_path(schema, schema.at(super));
        bases.push_back("public virtual " + path + "::Server");
        parts += fill("        if (void* part = $path$::Server::tessera_part(interface_id); part != nullptr) {\n"
                      "            return part;\n        }\n",
                      {{"path", path}});
        used_supers += fmt::format("        {}Exports<Tag>::use();\n", path);
    }
    return text +
           fill("class $type$::Server : $bases$ {\n  public:\n$virtuals$"
                "    void* tessera_part(std::uint64_t interface_id) override {\n"
                "        if (interface_id == kInterfaceId) {\n            return this;\n        }\n"
                "$parts$        return nullptr;\n    }\n};\n\n"
                "// What the kernel calls; there only in programs that serve the interface.\n"
                "template <typename Tag>\nstruct $type$Exports {\n$exports$"
                "    __attribute__((__export_name__(\"$id$/released:>i\")))\n"
                "    static std::int32_t released(std::uint64_t state_) {\n"
                "        delete reinterpret_cast<::tessera::ServerBase*>(static_cast<std::uintptr_t>(state_));\n"
                "        return 0;\n    }\n"
                "    static void use() {\n        "
                "static_cast<void>(&$type$Exports<Tag>::released);\n$used$$used_supers$    }\n};\n\n"
                "template <typename Implementation>\n$type$ $type$::serve(std::unique_ptr<Implementation> server) {\n"
                "    $type$Exports<typename ::tessera::detail::Only<Implementation>::Tag>::use();\n"
                "    Server* const served = server.release();\n"
                "    ::tessera::ServerBase* const state = served;\n"
                "    return $type$(tessera_cap_to_handle("
                "::$c$_mint(static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(state)))));\n}\n"
                "template <typename Implementation>\nvoid $type$::serve_granted(std::unique_ptr<Implementation> "
                "server) {\n"
                "    $type$Exports<typename ::tessera::detail::Only<Implementation>::Tag>::use();\n"
                "    Server* const served = server.release();\n"
                "    ::tessera::detail::Granted::add(*served);\n}\n\n",
                {{"type", type},
                 {"bases", bases.empty() ? "public virtual ::tessera::ServerBase" : joined(bases)},
                 {"virtuals", virtuals},
                 {"parts", parts},
                 {"exports", exports},
                 {"used", used},
                 {"id", hex_id(node.id)},
                 {"used_supers", used_supers},
                 {"c", c_name(schema, node)}});
}

}  // namespace tessera::schemac
