#include "caps/schemac/emit_rust_interface.h"

#include "caps/schemac/abi.h"
#include "caps/schemac/emit.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <fmt/format.h>

namespace tessera::schemac {
namespace {

std::string shim_name(const CMethod& method) { return method.interface_name + "_" + method.name + "_shim"; }

// A method with everything that its Rust form and its extern declaration need.
class RustMethod {
  public:
    RustMethod(const CMethod& method,
               const std::function<std::string(const Type&)>& scalar,
               const std::function<std::string(Id)>& path)
        : method_(method), scalar_(scalar), path_(path) {
        for (const Part& part : method.abi.parameters) {
            add_parameter(part);
        }
        for (const Part& part : method.abi.results) {
            add_result(part);
        }
    }

    [[nodiscard]] std::string declaration() const {
        return fmt::format("        pub fn {}({}) -> i32;\n", shim_name(method_), joined(declared_));
    }

    [[nodiscard]] std::string definition() const {
        const std::string type = types_.empty()       ? "()"
                                 : types_.size() == 1 ? types_.front()
                                                      : "(" + joined(types_) + ")";
        const std::string value = values_.empty()       ? "()"
                                  : values_.size() == 1 ? values_.front()
                                                        : "(" + joined(values_) + ")";
        return comment(method_.method.doc, "    ///") +
               fill("    pub fn $name$<'m>($parameters$) -> Result<$type$, ::tessera::object::Error> {\n$locals$"
                    "        // SAFETY: each pointer is to what its length says, for the time of the call.\n"
                    "        let status_ = unsafe { raw_$type_name$::$shim$($arguments$) };\n"
                    "        if status_ != 0 {\n            return Err(::tessera::object::Error { status: status_, "
                    "needed: "
                    "$needed$ });\n        }\n"
                    "        Ok($value$)\n    }\n",
                    {{"name", rust_method_name(method_.method.name)},
                     {"parameters", joined(parameters_)},
                     {"type", type},
                     {"locals", locals_},
                     {"type_name", snake(cpp_type(method_.schema, method_.interface))},
                     {"shim", shim_name(method_)},
                     {"arguments", joined(arguments_)},
                     {"needed", needed_},
                     {"value", value}});
    }

  private:
    std::string handle(const Type& type) const {
        return type.kind == Kind::Interface ? path_(type.id) : "::tessera::object::Object";
    }

    void add_parameter(const Part& part) {
        const std::string name = rust_name(part.field->name);
        const Type& type = part.field->type;
        if (part.letter == 'r') {
            parameters_.push_back(fmt::format("{}: {}", name, type.kind == Kind::Text ? "&str" : "&[u8]"));
            declared_.push_back(fmt::format("{0}: *const u8, {0}_length: usize", name));
            arguments_.push_back(fmt::format("{0}.as_ptr(), {0}.len()", name));
        } else if (part.letter == 'c') {
            parameters_.push_back(fmt::format("{}: &{}", name, handle(type)));
            declared_.push_back(name + ": u32");
            arguments_.push_back(name + ".handle()");
        } else {
            const bool named = type.kind == Kind::Enum;
            parameters_.push_back(fmt::format("{}: {}", name, scalar_(type)));
            declared_.push_back(fmt::format("{}: {}", name, named ? "u16" : scalar_(type)));
            arguments_.push_back(name + (named ? ".0" : ""));
        }
    }

    void add_result(const Part& part) {
        const std::string name = rust_name(part.field->name);
        const Type& type = part.field->type;
        if (is_bytes(type)) {
            parameters_.push_back(fmt::format("{}_room: &'m mut [u8]", name));
            declared_.push_back(fmt::format("{0}: *mut u8, {0}_room: usize, {0}_length: *mut usize", name));
            locals_ += fmt::format("        let mut {}_length = 0usize;\n", name);
            arguments_.push_back(fmt::format("{0}_room.as_mut_ptr(), {0}_room.len(), &mut {0}_length", name));
            types_.emplace_back("&'m [u8]");
            values_.push_back(fmt::format("&{0}_room[..{0}_length.min({0}_room.len())]", name));
            needed_ = name + "_length";
            return;
        }
        const bool object = part.letter == 'c';
        const bool named = type.kind == Kind::Enum;
        const std::string plain = object ? "u32" : named ? "u16" : scalar_(type);
        declared_.push_back(fmt::format("{}: *mut {}", name, plain));
        locals_ += fmt::format("        let mut {} = <{}>::default();\n", "got_" + snake(part.field->name), plain);
        arguments_.push_back("&mut got_" + snake(part.field->name));
        types_.push_back(object ? handle(type) : scalar_(type));
        values_.push_back(object  ? fmt::format("{}::from_handle(got_{})", handle(type), snake(part.field->name))
                          : named ? fmt::format("{}(got_{})", scalar_(type), snake(part.field->name))
                                  : "got_" + snake(part.field->name));
    }

    const CMethod& method_;
    const std::function<std::string(const Type&)>& scalar_;
    const std::function<std::string(Id)>& path_;
    std::vector<std::string> parameters_{"&self"};
    std::vector<std::string> declared_{"this: u32"};
    std::vector<std::string> arguments_{"self.handle()"};
    std::vector<std::string> types_{};
    std::vector<std::string> values_{};
    std::string locals_{};
    std::string needed_ = "0";
};

// Rust's compiler knows no capabilities: it calls a C function that takes handles.
std::string emit_shim(const CMethod& method) {
    std::vector<std::string> parameters{"tessera_handle self"};
    std::vector<std::string> arguments{fmt::format("({}){{self}}", method.interface_name)};
    std::string before;
    std::string after;
    for (const Part& part : method.abi.parameters) {
        const std::string name = cpp_name(part.field->name);
        if (part.letter == 'r') {
            const char* cast = part.field->type.kind == Kind::Text ? "(const char*)" : "";
            parameters.push_back(fmt::format("const unsigned char* {0}, size_t {0}_length", name));
            arguments.push_back(fmt::format("{0}{1}, {1}_length", cast, name));
        } else if (part.letter == 'c') {
            parameters.push_back("tessera_handle " + name);
            arguments.push_back(fmt::format("({}){{{}}}", c_type(method.schema, part.field->type), name));
        } else {
            parameters.push_back(fmt::format("{} {}", c_type(method.schema, part.field->type), name));
            arguments.push_back(name);
        }
    }
    for (const Part& part : method.abi.results) {
        const std::string name = cpp_name(part.field->name);
        if (is_bytes(part.field->type)) {
            const char* cast = part.field->type.kind == Kind::Text ? "(char*)" : "";
            parameters.push_back(fmt::format("unsigned char* {0}, size_t {0}_room, size_t* {0}_length", name));
            arguments.push_back(fmt::format("{0}{1}, {1}_room, {1}_length", cast, name));
        } else if (part.letter == 'c') {
            parameters.push_back(fmt::format("tessera_handle* {}", name));
            before += fmt::format("    {} {}_object_;\n", c_type(method.schema, part.field->type), name);
            after += fmt::format("    *{0} = {0}_object_.handle;\n", name);
            arguments.push_back(fmt::format("&{}_object_", name));
        } else {
            parameters.push_back(fmt::format("{}* {}", c_type(method.schema, part.field->type), name));
            arguments.push_back(name);
        }
    }
    const std::string prototype = fmt::format("int32_t {}({})", shim_name(method), joined(parameters));
    return fill("$prototype$;\n$prototype$ {\n$before$    const int32_t status_ = $interface$_$method$($arguments$);\n"
                "$after$    return status_;\n}\n",
                {{"prototype", prototype},
                 {"before", before},
                 {"interface", method.interface_name},
                 {"method", method.name},
                 {"arguments", joined(arguments)},
                 {"after", after}});
}

}  // namespace

std::string emit_rust_interface(const Schema& schema,
                                const Node& node,
                                const std::function<std::string(const Type&)>& scalar,
                                const std::function<std::string(Id)>& path) {
    std::string declared;
    std::string defined;
    for (const CMethod& method : methods_of(schema, node)) {
        const RustMethod rust(method, scalar, path);
        declared += rust.declaration();
        defined += rust.definition();
    }
    std::string supers;
    for (const Id super : node.supers) {
        supers += fill("    /// The same object, by what it is besides.\n"
                       "    pub fn as_$name$<R>(&self, act: impl FnOnce(&$type$) -> R) -> R {\n"
                       "        act(&core::mem::ManuallyDrop::new($type$::from_handle(self.handle())))\n    }\n",
                       {{"name", snake(schema.at(super).name)}, {"type", path(super)}});
    }
    const std::string type = cpp_type(schema, node);
    return comment(node.doc, "///") +
           fill("pub struct $type$(pub ::tessera::object::Object);\n"
                "impl $type$ {\n    pub const ID: u64 = 0x$id$;\n"
                "    pub fn from_handle(owned: u32) -> $type$ {\n        "
                "$type$(::tessera::object::Object::from_handle(owned))\n    }\n"
                "    pub fn handle(&self) -> u32 {\n        self.0.handle()\n    }\n$supers$$methods$}\n"
                "impl ::tessera::object::Interface for $type$ {\n    const ID: u64 = 0x$id$;\n"
                "    fn from_object(object: ::tessera::object::Object) -> $type$ {\n        $type$(object)\n    }\n}\n",
                {{"type", type}, {"id", hex_id(node.id)}, {"supers", supers}, {"methods", defined}}) +
           (declared.empty() ? ""
                             : fill("mod raw_$name$ {\n    unsafe extern \"C\" {\n$declared$    }\n}\n",
                                    {{"name", snake(type)}, {"declared", declared}}));
}

std::string emit_shims(const Schema& schema, const RequestedFile& file) {
    const std::string stem = stem_of(schema.at(file.id));
    std::string text =
        fmt::format(
            "// Made from {} by capnpc-tessera: what {}.tessera.rs calls. Of an interface NAME that the program\n"
            "// serves, -DTESSERA_RUST_SERVES_NAME makes what the kernel calls; with -DTESSERA_RUST_SERVES nothing "
            "else.\n",
            file.name,
            stem) +
        emit_served_names(schema, file) + fmt::format("#include \"{}.tessera.h\"\n#include <stdlib.h>\n\n", stem);
    for (const Node* node : nodes_of(schema, file, NodeKind::Interface)) {
        text += "#ifndef TESSERA_RUST_SERVES\n";
        for (const CMethod& method : methods_of(schema, *node)) {
            text += emit_shim(method);
        }
        text += "#endif\n" + emit_served_shims(schema, *node);
    }
    return text;
}

}  // namespace tessera::schemac
