// Serving from Rust: a trait for each interface, functions that C calls, and the C functions that copy slices for them.
#include "caps/schemac/abi.h"
#include "caps/schemac/emit_c_parts.h"
#include "caps/schemac/emit_rust_interface.h"
#include "caps/schemac/names.h"
#include "caps/schemac/scope.h"
#include "caps/schemac/text.h"

#include <fmt/format.h>

namespace tessera::schemac {
namespace {

std::string served_name(const CMethod& method) { return method.interface_name + "_" + method.name + "_served"; }

// What implements the object that tessera.toml grants others, whose state is 0.
std::string granted_name(const std::string& type) { return "GRANTED_" + shout(snake(type)); }

// What gives, of an object's state, the implementation of that interface.
std::string server_name(const std::string& type) { return snake(type) + "_server"; }

std::string tuple(const std::vector<std::string>& parts) {
    return parts.empty() ? "()" : parts.size() == 1 ? parts.front() : "(" + joined(parts) + ")";
}

// The trait's method, and the function that C calls with an object's state.
class ServedMethod {
  public:
    ServedMethod(const CMethod& method,
                 const std::function<std::string(const Type&)>& scalar,
                 const std::function<std::string(Id)>& path)
        : method_(method) {
        for (const Part& part : method.abi.parameters) {
            add_parameter(part, scalar, path);
        }
        for (const Part& part : method.abi.results) {
            add_result(part, scalar, path);
        }
    }

    [[nodiscard]] std::string head(std::string_view error) const {
        return fmt::format("fn {}({}) -> Result<{}, {}>",
                           rust_method_name(method_.method.name),
                           joined(parameters_),
                           tuple(types_),
                           error);
    }

    [[nodiscard]] std::string declaration() const {
        const bool strict = method_.method.strictness == Strictness::Strict;
        return comment(method_.method.doc, "    ///") + "    #[allow(unused_variables)]\n    " +
               head("::tessera::object::Error") +
               (strict ? ";" : " {\n        Err(::tessera::object::Error::UNSUPPORTED)\n    }") + "\n";
    }

    [[nodiscard]] std::string definition(const std::string& type) const {
        return fill(
            R"(#[unsafe(no_mangle)]
extern "C" fn $served$($declared$) -> i32 {
    // SAFETY: the state is the kernel's to give; C's pointers are as long as it says.
    unsafe {
        let Some(server_) = $server$(state_) else {
            return ::tessera::object::Error::WRONG_INTERFACE.status;
        };
        match $type$Server::$name$(server_$arguments$) {
            Ok($pattern$) => {
$stores$                0
            }
            Err(error_) => {
$needed$                error_.status
            }
        }
    }
}
)",
            {{"served", served_name(method_)},
             {"declared", joined(declared_)},
             {"type", type},
             {"server", server_name(type)},
             {"name", rust_method_name(method_.method.name)},
             {"arguments", arguments_.empty() ? "" : ", " + joined(arguments_)},
             {"pattern", values_.empty() ? "()" : tuple(values_)},
             {"stores", stores_},
             {"needed", needed_}});
    }

  private:
    void add_parameter(const Part& part,
                       const std::function<std::string(const Type&)>& scalar,
                       const std::function<std::string(Id)>& path) {
        const std::string name = rust_name(part.field->name);
        const Type& type = part.field->type;
        if (part.letter == 'r') {
            parameters_.push_back(name + ": &[u8]");
            declared_.push_back(fmt::format("{0}: *const u8, {0}_length: usize", name));
            arguments_.push_back(fmt::format("::tessera::object::bytes({0}, {0}_length)", name));
        } else if (part.letter == 'c') {
            const std::string object = type.kind == Kind::Interface ? path(type.id) : "::tessera::object::Object";
            parameters_.push_back(name + ": " + object);
            declared_.push_back(name + ": u32");
            arguments_.push_back(fmt::format("{}::from_handle({})", object, name));
        } else {
            const bool named = type.kind == Kind::Enum;
            parameters_.push_back(name + ": " + scalar(type));
            declared_.push_back(name + ": " + (named ? "u16" : scalar(type)));
            arguments_.push_back(named ? fmt::format("{}({})", scalar(type), name) : name);
        }
    }

    void add_result(const Part& part,
                    const std::function<std::string(const Type&)>& scalar,
                    const std::function<std::string(Id)>& path) {
        const std::string name = rust_name(part.field->name);
        const std::string got = "got_" + snake(part.field->name);
        const Type& type = part.field->type;
        values_.push_back(got);
        if (is_bytes(type)) {
            parameters_.push_back(name + ": &mut [u8]");
            declared_.push_back(fmt::format("{0}: *mut u8, {0}_room: usize, {0}_length: *mut usize", name));
            arguments_.push_back(fmt::format("::tessera::object::room({0}, {0}_room)", name));
            types_.emplace_back("usize");
            stores_ += fmt::format("                *{}_length = {};\n", name, got);
            needed_ += fmt::format("                *{}_length = error_.needed;\n", name);
        } else if (part.letter == 'c') {
            declared_.push_back(name + ": *mut u32");
            types_.push_back(type.kind == Kind::Interface ? path(type.id) : "::tessera::object::Object");
            stores_ += fmt::format(
                "                *{} = {}.handle();\n                core::mem::forget({});\n", name, got, got);
        } else {
            const bool named = type.kind == Kind::Enum;
            declared_.push_back(fmt::format("{}: *mut {}", name, named ? "u16" : scalar(type)));
            types_.push_back(scalar(type));
            stores_ += fmt::format("                *{} = {}{};\n", name, got, named ? ".0" : "");
        }
    }

    const CMethod& method_;
    std::vector<std::string> parameters_{"&self"};
    std::vector<std::string> declared_{"state_: usize"};
    std::vector<std::string> arguments_{};
    std::vector<std::string> types_{};
    std::vector<std::string> values_{};
    std::string stores_{};
    std::string needed_{};
};

// Copies slices to memory and back around Rust's function.
std::string emit_c_served(const CMethod& method) {
    std::vector<std::string> rust{"void* self"};
    std::vector<std::string> own{"void* self"};
    std::vector<std::string> arguments{"self"};
    std::string before;
    std::string after;
    std::string checks;
    std::string frees;
    const auto copy = [&](const std::string& name, bool in) {
        before += fill("    const size_t $name$_size_ = (size_t)tessera_slice_length($name$);\n"
                       "    unsigned char* const $name$_copy_ = malloc($name$_size_ + 1);\n",
                       {{"name", name}});
        checks += (checks.empty() ? "" : " && ") + name + "_copy_ != NULL";
        frees += fmt::format("    free({}_copy_);\n", name);
        if (in) {
            before += fill("    if ($name$_copy_ != NULL) {\n"
                           "        tessera_slice_read($name$, 0, $name$_copy_, $name$_size_);\n    }\n",
                           {{"name", name}});
        }
    };
    for (const Part& part : method.abi.parameters) {
        const std::string name = cpp_name(part.field->name);
        own.push_back(c_served_type(method.schema, part) + " " + name);
        if (part.letter == 'r') {
            copy(name, true);
            rust.push_back(fmt::format("const unsigned char* {0}, size_t {0}_length", name));
            arguments.push_back(fmt::format("{0}_copy_, {0}_size_", name));
        } else if (part.letter == 'c') {
            rust.push_back("tessera_handle " + name);
            arguments.push_back(fmt::format("tessera_cap_to_handle({})", name));
        } else {
            rust.push_back(c_type(method.schema, part.field->type) + " " + name);
            arguments.push_back(name);
        }
    }
    for (const Part& part : method.abi.results) {
        if (is_bytes(part.field->type)) {
            own.push_back("tessera_slice " + cpp_name(part.field->name));
        }
    }
    for (const Part& part : method.abi.results) {
        const std::string name = cpp_name(part.field->name);
        if (is_bytes(part.field->type)) {
            copy(name, false);
            own.push_back(fmt::format("uint64_t* {}_length", name));
            before += fmt::format("    size_t {}_got_ = 0;\n", name);
            rust.push_back(fmt::format("unsigned char* {0}, size_t {0}_room, size_t* {0}_length", name));
            arguments.push_back(fmt::format("{0}_copy_, {0}_size_, &{0}_got_", name));
            after += fill("    *$name$_length = $name$_got_;\n"
                          "    if ($name$_copy_ != NULL) {\n"
                          "        tessera_slice_write($name$, 0, $name$_copy_, $name$_got_ < $name$_size_ ? "
                          "$name$_got_ : $name$_size_);\n"
                          "    }\n",
                          {{"name", name}});
        } else {
            const bool object = part.letter == 'c';
            own.push_back(fmt::format("{}* {}", c_type(method.schema, part.field->type), name));
            rust.push_back(
                fmt::format("{}* {}", object ? "tessera_handle" : c_type(method.schema, part.field->type), name));
            arguments.push_back(object ? fmt::format("&{}->handle", name) : name);
        }
    }
    return fill(
        "int32_t $served$($rust$);\n"
        "int32_t $interface$_rust_$method$($own$) {\n$before$"
        "    const int32_t status_ = $checks$$served$($arguments$)$otherwise$;\n$after$$frees$    return status_;\n}\n",
        {{"served", served_name(method)},
         {"rust", joined(rust)},
         {"interface", method.interface_name},
         {"method", method.name},
         {"own", joined(own)},
         {"before", before},
         {"checks", checks.empty() ? "" : checks + " ? "},
         {"otherwise", checks.empty() ? "" : " : 8 /* exhausted */"},
         {"arguments", joined(arguments)},
         {"after", after},
         {"frees", frees}});
}

}  // namespace

std::string rust_served_head(const CMethod& method,
                             const std::function<std::string(const Type&)>& scalar,
                             const std::function<std::string(Id)>& path) {
    return ServedMethod(method, scalar, path).head("Error");
}

std::string emit_rust_server(const Schema& schema,
                             const Node& node,
                             const std::function<std::string(const Type&)>& scalar,
                             const std::function<std::string(Id)>& path) {
    const std::string type = cpp_type(schema, node);
    std::string declared;
    std::string defined;
    for (const CMethod& method : methods_of(schema, node)) {
        const ServedMethod served(method, scalar, path);
        declared += served.declaration();
        defined += served.definition(type);
    }
    // Of the interfaces that it extends: that it implements them, too, and is linked with what the kernel calls of
    // them.
    std::string bounds = "Sync";
    std::string parts;
    std::string grants;
    std::string links;
    for (const Id super : node.supers) {
        const std::string name = path(super);
        const std::string base = name.substr(0, name.size() - cpp_type(schema, schema.at(super)).size());
        const std::string stem = base + snake(cpp_type(schema, schema.at(super)));
        bounds += fmt::format(" + {}Server", name);
        parts += fmt::format(".or_else(|| {}_part(server, id))", stem);
        grants += fmt::format("        {}_grant(made, false);\n", stem);
        links += fmt::format("    {}_link();\n", stem);
    }
    return fill(R"(/// What implements it: called on every core at once.
pub trait $type$Server: $bounds$ {
$declared$}
$defined$#[unsafe(no_mangle)]
extern "C" fn $c$_released_served(state: usize) {
    let served = state as *mut ::tessera::object::Served;
    if !served.is_null() {
        // SAFETY: the last reference is gone, and this is called once.
        unsafe { ((*served).release)(served) }
    }
}
unsafe extern "C" {
    fn $c$_mint_shim(state: usize) -> u32;
    fn $c$_serve_shim();
}
static $GRANTED$: ::core::sync::atomic::AtomicUsize = ::core::sync::atomic::AtomicUsize::new(0);
/// # Safety
/// The state is of an object that somebody holds, or 0.
unsafe fn $server$<'a>(state: usize) -> Option<&'a dyn $type$Server> {
    let state = if state == 0 { $GRANTED$.load(::core::sync::atomic::Ordering::Acquire) } else { state };
    let served = state as *const ::tessera::object::Served;
    if served.is_null() {
        return None;
    }
    // SAFETY: a part of that interface is such a reference.
    unsafe {
        ((*served).part)(served, $type$::ID).map(|part| ::core::mem::transmute::<[usize; 2], &'a dyn $type$Server>(part))
    }
}
#[doc(hidden)]
pub fn $snake$_part(server: &dyn $type$Server, id: u64) -> Option<[usize; 2]> {
    // SAFETY: as it is turned back again.
    (id == $type$::ID).then(|| unsafe { ::core::mem::transmute::<&dyn $type$Server, [usize; 2]>(server) })$parts$
}
#[doc(hidden)]
pub fn $snake$_grant(made: usize, anew: bool) {
    use ::core::sync::atomic::Ordering;
    if anew || $GRANTED$.compare_exchange(0, made, Ordering::AcqRel, Ordering::Acquire).is_ok() {
        $GRANTED$.store(made, Ordering::Release);
$grants$    }
}
#[doc(hidden)]
pub fn $snake$_link() {
    // SAFETY: it does nothing, and is there where what the kernel calls is.
    unsafe { $c$_serve_shim() }
$links$}
#[repr(C)]
struct Served$type$ {
    head: ::tessera::object::Served,
    server: Box<dyn $type$Server>,
}
fn $snake$_made(server: Box<dyn $type$Server>) -> usize {
    unsafe fn part(served: *const ::tessera::object::Served, id: u64) -> Option<[usize; 2]> {
        // SAFETY: made below.
        $snake$_part(unsafe { &*(*(served as *const Served$type$)).server }, id)
    }
    unsafe fn release(served: *mut ::tessera::object::Served) {
        // SAFETY: made below.
        drop(unsafe { Box::from_raw(served as *mut Served$type$) });
    }
    $snake$_link();
    Box::into_raw(Box::new(Served$type$ { head: ::tessera::object::Served { part, release }, server })) as usize
}
impl $type$ {
    /// A new object that `server` implements.
    pub fn serve(server: Box<dyn $type$Server>) -> $type$ {
        // SAFETY: the state lives until it is released.
        $type$::from_handle(unsafe { $c$_mint_shim($snake$_made(server)) })
    }
    /// And the object that others are granted by tessera.toml: for the rest of the program's life.
    pub fn serve_granted(server: Box<dyn $type$Server>) {
        $snake$_grant($snake$_made(server), true);
    }
}

)",
                {{"type", type},
                 {"bounds", bounds},
                 {"GRANTED", granted_name(type)},
                 {"server", server_name(type)},
                 {"snake", snake(type)},
                 {"parts", parts},
                 {"grants", grants},
                 {"links", links},
                 {"declared", declared},
                 {"defined", defined},
                 {"c", c_name(schema, node)}});
}

std::string emit_served_names(const Schema& schema, const RequestedFile& file) {
    std::string text;
    for (const Node* node : nodes_of(schema, file, NodeKind::Interface)) {
        const std::string name = c_name(schema, *node);
        text += fill("#ifdef TESSERA_RUST_SERVES_$NAME$\n#define TESSERA_SERVE_$NAME$ $name$_rust\n#endif\n",
                     {{"NAME", shout(name)}, {"name", name}});
    }
    return text;
}

std::string emit_served_shims(const Schema& schema, const Node& node) {
    const std::string name = c_name(schema, node);
    std::string functions;
    for (const CMethod& method : methods_of(schema, node)) {
        functions += emit_c_served(method);
    }
    return fill(
        "#ifdef TESSERA_RUST_SERVES_$NAME$\n$functions$"
        "void $name$_released_served(void* self);\n"
        "void $name$_rust_released(void* self) { $name$_released_served(self); }\n"
        "tessera_handle $name$_mint_shim(uintptr_t state);\n"
        "tessera_handle $name$_mint_shim(uintptr_t state) { return tessera_cap_to_handle($name$_mint(state)); }\n"
        "void $name$_serve_shim(void);\n"
        "void $name$_serve_shim(void) {}\n"
        "#endif\n",
        {{"NAME", shout(name)}, {"functions", functions}, {"name", name}});
}

}  // namespace tessera::schemac
