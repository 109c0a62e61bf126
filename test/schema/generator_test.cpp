// What the generator makes of small schemas, and what it refuses with place and reason.
#include "caps/description.h"
#include "caps/schemac/abi.h"
#include "caps/schemac/describe.h"
#include "caps/schemac/load.h"
#include "caps/schemac/names.h"
#include "caps/schemac/products.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace tessera::schemac;
namespace fs = std::filesystem;

namespace {

Schema schema_of(const std::string& body) {
    const fs::path file = fs::temp_directory_path() / ("schema-generator-" + std::to_string(::getpid()) + ".capnp");
    std::ofstream(file) << "@0xdbb9ad1f14bf0b36;\nusing T = import \"/tessera/tessera.capnp\";\n" << body;
    Schema schema = compile({{file.string()}, {TESSERA_SCHEMAS}});
    fs::remove(file);
    return schema;
}

const Node& interface_of(const Schema& schema) {
    const auto found = std::ranges::find_if(schema.nodes, [](const auto& entry) {
        return entry.second.kind == NodeKind::Interface && entry.second.name == "I";
    });
    REQUIRE(found != schema.nodes.end());
    return found->second;
}

std::string signature(const std::string& method) {
    const Schema schema = schema_of("interface I { " + method + " }\nstruct S { a @0 :Text; }\nenum E { a @0; }\n");
    const Node& interface = interface_of(schema);
    return abi_of(schema, interface, interface.methods.back())
        .signature(static_cast<unsigned>(interface.methods.size() - 1));
}

std::string refusal(const std::string& body) {
    try {
        static_cast<void>(products_of(schema_of(body)));
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

std::string product(const std::string& body, const std::string& ending) {
    for (const Product& one : products_of(schema_of(body))) {
        if (one.name.ends_with(ending)) {
            return one.content;
        }
    }
    return "";
}

}  // namespace

TEST_CASE("each type has its letter, and bytes that come back have their room behind the parameters", "[schema]") {
    CHECK(signature("m @0 (a :Bool, b :Int8, c :UInt16, d :Int32, e :E);") == "0:iiiii>i");
    CHECK(signature("m @0 (a :Int64, b :UInt64, c :Float32, d :Float64);") == "0:llfd>i");
    CHECK(signature("m @0 (a :Text, b :Data, c :List(Int8), d :S, e :AnyPointer);") == "0:rrrrr>i");
    CHECK(signature("m @0 (a :I, b :Capability) -> (c :I);") == "0:cc>ic");
    CHECK(signature("m @0 (a :UInt64) -> (data :Data);") == "0:lw>il");
    CHECK(signature("n @0 (); m @1 (a :Void, b :Text) -> (x :Int32, y :Text, z :Void, w :S, v :Float64);") ==
          "1:rww>iilld");
    CHECK(signature("m @0 S -> S;") == "0:rw>il");
}

TEST_CASE("the kernel reads from the description the signature that programs import", "[schema]") {
    const Schema schema =
        schema_of("interface I { m @0 (a :UInt64 = 7, b :Text, c :I) -> (d :Data, e :Bool) $T.strict; }\n");
    const Node& interface = interface_of(schema);
    const auto bytes = describe(schema, interface);
    const auto description = tessera::caps::InterfaceDescription::read(std::as_bytes(std::span(bytes)));
    REQUIRE(description);
    const auto method = description->find(0);
    REQUIRE(method);
    std::array<char, tessera::caps::kSignatureBytesMax> room{};
    CHECK(method->signature(room) == abi_of(schema, interface, interface.methods[0]).signature(0));
    CHECK(method->strict);
    CHECK(method->parameters.fields().next()->default_bits == 7);
}

TEST_CASE("what can't be called is refused with its place and the reason", "[schema]") {
    CHECK_THAT(refusal("struct S { c @0 :I; }\ninterface I { m @0 (s :S); }\n"),
               Catch::Contains("I.m: \"s\" holds capabilities"));
    CHECK_THAT(refusal("interface I { m @0 () -> (l :List(I)); }\n"), Catch::Contains("\"l\" holds capabilities"));
    CHECK_THAT(refusal("struct S { union { a @0 :Bool; b @1 :Void; } }\ninterface I { m @0 S; }\n"),
               Catch::Contains("I.m: has a union"));
    CHECK_THAT(refusal("struct S { g :group { a @0 :Bool; } }\ninterface I { m @0 S; }\n"),
               Catch::Contains("\"g\" is a union or a group"));
    CHECK_THAT(refusal("interface I { m @0 (a :Text = \"x\"); }\n"), Catch::Contains("\"a\" has a default"));
    CHECK_THAT(refusal("interface I { m @0 [T] (a :T); }\n"), Catch::Contains("generic"));
    std::string many;
    for (int i = 0; i < 33; ++i) {
        many += (i == 0 ? "p" : ", p") + std::to_string(i) + " :Bool";
    }
    CHECK_THAT(refusal("interface I { m @0 (" + many + "); }\n"),
               Catch::Contains("33 parameters or results, at most 32"));
    CHECK(refusal("struct S { s @0 :S; }\ninterface I { m @0 (s :S, t :Text = \"\"); }\n") == "");
}

TEST_CASE("names are written as each language writes them, and keywords are none", "[schema]") {
    CHECK(snake("readLink") == "read_link");
    CHECK(snake("TcpListener") == "tcp_listener");
    CHECK(snake("HTTPServer") == "http_server");
    CHECK(shout("notFound") == "NOT_FOUND");
    CHECK(pascal("notFound") == "NotFound");
    CHECK(cpp_name("new") == "new_");
    CHECK(rust_name("type") == "type_");
    CHECK(rust_name("name") == "name");
}

TEST_CASE("comments of the schema are comments of what is made", "[schema]") {
    const std::string body = "interface I {\n  # What it is for.\n  m @0 ();\n  # What it does.\n}\n";
    for (const char* ending : {".tessera.h", ".tessera.hpp", ".tessera.rs"}) {
        const std::string text = product(body, ending);
        CHECK_THAT(text, Catch::Contains("What it is for."));
        CHECK_THAT(text, Catch::Contains("What it does."));
    }
}
