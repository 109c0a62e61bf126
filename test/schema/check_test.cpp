// What `tessera schema check` says of small histories: each rule of docs/notes/compatibility.md broken, and kept.
#include "caps/schemac/check.h"
#include "caps/schemac/load.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace tessera::schemac;
namespace fs = std::filesystem;

namespace {

struct History {
    std::string name;
    std::vector<std::string> versions;
    std::string expected;  // in the one breaking finding; empty: there is none
    std::string line{};    // where it is said to be: "v2.capnp:4"
};

constexpr const char* kHead = "@0xdbb9ad1f14bf0b36;\nusing T = import \"/tessera/tessera.capnp\";\n";

class Folder {
  public:
    Folder() : path_(fs::temp_directory_path() / ("schema-check-" + std::to_string(::getpid()))) {
        fs::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }

    [[nodiscard]] std::vector<Finding> check_all(const std::vector<std::string>& sources) const {
        std::vector<Version> versions;
        for (const std::string& source : sources) {
            const fs::path file = path_ / ("v" + std::to_string(versions.size() + 1) + ".capnp");
            std::ofstream(file) << kHead << source;
            versions.push_back({file.filename().string(), compile({{file.string()}, {TESSERA_SCHEMAS}})});
        }
        return check(versions);
    }

  private:
    fs::path path_;
};

std::string struct_of(const std::string& fields) { return "struct P @0xb6dfbae3a82b4d12 {\n" + fields + "\n}\n"; }
std::string enum_of(const std::string& values) { return "enum E @0xb6dfbae3a82b4d13 " + values + "\n"; }
std::string interface_of(const std::string& body) { return "interface I @0xb6dfbae3a82b4d14 " + body + "\n"; }

void run(const std::vector<History>& histories) {
    const Folder folder;
    for (const History& history : histories) {
        INFO(history.name);
        const auto findings = folder.check_all(history.versions);
        std::vector<Finding> breaking;
        std::ranges::copy_if(findings, std::back_inserter(breaking), &Finding::breaking);
        std::string said;
        for (const Finding& finding : breaking) {
            said += finding.place + ": " + finding.what + "\n";
            CHECK(finding.cause != "");
            CHECK(finding.remedy != "");
        }
        INFO(said);
        if (history.expected.empty()) {
            CHECK(breaking.empty());
        } else {
            CHECK(said.find(history.expected) != std::string::npos);
            CHECK(said.find(history.line) != std::string::npos);
        }
    }
}

}  // namespace

TEST_CASE("fields that change are named, with the line", "[schema]") {
    const std::string one = struct_of("  a @0 :UInt32 = 1;\n  b @1 :Text = \"x\";");
    run({
        {"same", {one, one}, ""},
        {"type",
         {one, struct_of("  a @0 :Int32 = 1;\n  b @1 :Text = \"x\";")},
         "P.a (@0) is Int32 and was UInt32",
         "v2.capnp:4"},
        {"wider", {one, struct_of("  a @0 :UInt64 = 1;\n  b @1 :Text = \"x\";")}, "P.a (@0) is UInt64 and was UInt32"},
        {"default",
         {one, struct_of("  a @0 :UInt32 = 2;\n  b @1 :Text = \"x\";")},
         "P.a (@0) has another default",
         "v2.capnp:4"},
        {"text default",
         {one, struct_of("  a @0 :UInt32 = 1;\n  b @1 :Text = \"y\";")},
         "P.b (@1) has another default",
         "v2.capnp:5"},
        {"removed", {one, struct_of("  a @0 :UInt32 = 1;")}, "P.b (@1) is gone in v2.capnp", "v1.capnp:5"},
        {"added", {one, struct_of("  a @0 :UInt32 = 1;\n  b @1 :Text = \"x\";\n c @2 :Data;")}, ""},
        {"renamed", {one, struct_of("  aa @0 :UInt32 = 1;\n  b @1 :Text = \"x\";")}, ""},
        {"order in the file", {one, struct_of("  b @1 :Text = \"x\";\n  a @0 :UInt32 = 1;")}, ""},
        {"into a group", {one, struct_of("  g :group { a @0 :UInt32 = 1; }\n  b @1 :Text = \"x\";")}, ""},
    });
}

TEST_CASE("lists may become lists of structs that begin with what they held, and nothing else", "[schema]") {
    const auto with = [](const std::string& element, const std::string& fields) {
        return "struct S @0xb6dfbae3a82b4d15 { " + fields + " }\n" + struct_of("l @0 :List(" + element + ");");
    };
    run({
        {"numbers", {with("UInt32", "x @0 :UInt32;"), with("S", "x @0 :UInt32; y @1 :Text;")}, ""},
        {"texts", {with("Text", "x @0 :Text;"), with("S", "x @0 :Text;")}, ""},
        {"other numbers",
         {with("UInt32", "x @0 :UInt16;"), with("S", "x @0 :UInt16;")},
         "P.l (@0) is List(S) and was List(UInt32)"},
        {"truths", {with("Bool", "x @0 :Bool;"), with("S", "x @0 :Bool;")}, "P.l (@0) is List(S) and was List(Bool)"},
        {"back", {with("S", "x @0 :UInt32;"), with("UInt32", "x @0 :UInt32;")}, "was List(S)"},
    });
}

TEST_CASE("unions keep their members and their tags", "[schema]") {
    const std::string plain = struct_of("a @0 :UInt32; b @1 :Text;");
    const std::string made = struct_of("union { a @0 :UInt32; c @2 :Void; } b @1 :Text;");
    run({
        {"new around the first", {plain, made}, ""},
        {"new around another, too",
         {plain, struct_of("union { a @0 :UInt32; b @1 :Text; }")},
         "P.b (@1) came into a new union"},
        {"into one that was there", {made, struct_of("union { a @0 :UInt32; c @2 :Void; b @1 :Text; }")}, "union"},
        {"out", {made, struct_of("a @0 :UInt32; b @1 :Text; union { c @2 :Void; d @3 :Void; }")}, "P."},
        {"member added", {made, struct_of("union { a @0 :UInt32; c @2 :Void; d @3 :Data; } b @1 :Text;")}, ""},
        {"member added to a strict one",
         {struct_of("u :union $T.strict { a @0 :UInt32; c @1 :Void; }"),
          struct_of("u :union $T.strict { a @0 :UInt32; c @1 :Void; d @2 :Void; }")},
         "the union P.u is strict and has a new member",
         "v2.capnp:4"},
        {"strict of a struct's own",
         {"struct P @0xb6dfbae3a82b4d12 $T.strict { union { a @0 :UInt32; c @1 :Void; } }\n",
          "struct P @0xb6dfbae3a82b4d12 $T.strict { union { a @0 :UInt32; c @1 :Void; d @2 :Void; } }\n"},
         "is strict and has a new member"},
    });
}

TEST_CASE("enums: strict ones are closed, values keep their numbers", "[schema]") {
    run({
        {"added", {enum_of("{ a @0; b @1; }"), enum_of("{ a @0; b @1; c @2; }")}, ""},
        {"added to a strict one",
         {enum_of("$T.strict { a @0; }"), enum_of("$T.strict { a @0; b @1; }")},
         "E.b (@1) is added to a strict enum",
         "v2.capnp:3"},
        {"removed", {enum_of("{ a @0; b @1; }"), enum_of("{ a @0; }")}, "E.b (@1) is gone"},
        {"made flexible", {enum_of("$T.strict { a @0; }"), enum_of("{ a @0; }")}, "E is flexible and was strict"},
        {"swapped", {enum_of("{ a @0; b @1; }"), enum_of("{ a @1; b @0; }")}, "has a name that"},
    });
}

TEST_CASE("interfaces: methods stay, what is added is flexible, parameters are fields", "[schema]") {
    const std::string one = interface_of("{ m @0 (a :UInt32) -> (b :Text) $T.strict; n @1 () -> (); }");
    run({
        {"same", {one, one}, ""},
        {"flexible method",
         {one, interface_of("{ m @0 (a :UInt32) -> (b :Text) $T.strict; n @1 () -> (); o @2 () -> (); }")},
         ""},
        {"strict method",
         {one, interface_of("{ m @0 (a :UInt32) -> (b :Text) $T.strict; n @1 () -> ();\n o @2 () -> () $T.strict; }")},
         "I.o (@2) is added, and strict",
         "v2.capnp:4"},
        {"closed",
         {interface_of("$T.closed { m @0 (); }"), interface_of("$T.closed { m @0 (); n @1 (); }")},
         "I.n (@1) is added to a closed interface"},
        {"opened", {interface_of("$T.closed { m @0 (); }"), interface_of("{ m @0 (); }")}, "I is open and was closed"},
        {"removed", {one, interface_of("{ m @0 (a :UInt32) -> (b :Text) $T.strict; }")}, "I.n (@1) is gone"},
        {"parameter added",
         {one, interface_of("{ m @0 (a :UInt32, c :Data) -> (b :Text, d :Bool) $T.strict; n @1 () -> (); }")},
         ""},
        {"parameter changed",
         {one, interface_of("{ m @0 (a :UInt64) -> (b :Text) $T.strict; n @1 () -> (); }")},
         "I.m.a (@0) is UInt64 and was UInt32",
         "v2.capnp:3"},
        {"result removed",
         {one, interface_of("{ m @0 (a :UInt32) -> () $T.strict; n @1 () -> (); }")},
         "I.m.b (@0) is gone"},
        {"strictness",
         {one, interface_of("{ m @0 (a :UInt32) -> (b :Text); n @1 () -> (); }")},
         "I.m is flexible and was strict"},
        {"superclass",
         {"interface J @0xb6dfbae3a82b4d16 {}\n" + one,
          "interface J @0xb6dfbae3a82b4d16 {}\ninterface I @0xb6dfbae3a82b4d14 extends(J) { m @0 (a :UInt32) -> (b "
          ":Text) $T.strict; n @1 () -> (); }\n"},
         "I extends other interfaces than before"},
    });
}

TEST_CASE("ids stay, and mean one thing", "[schema]") {
    run({
        {"another id",
         {struct_of("a @0 :Text;"), "struct P @0xb6dfbae3a82b4d99 { a @0 :Text; }\n"},
         "P has the id @0xb6dfbae3a82b4d99 and had @0xb6dfbae3a82b4d12",
         "v2.capnp:3"},
        {"gone",
         {struct_of("a @0 :Text;") + enum_of("{ a @0; }"), enum_of("{ a @0; }")},
         "P is gone in v2.capnp",
         "v1.capnp:3"},
        {"another kind", {struct_of("a @0 :Text;"), "enum Q @0xb6dfbae3a82b4d12 { a @0; }\n"}, "is of another kind"},
        {"renamed", {struct_of("a @0 :Text;"), "struct Q @0xb6dfbae3a82b4d12 { a @0 :Text; }\n"}, ""},
    });
}

TEST_CASE("what each pair of versions allows can still break the history", "[schema]") {
    const auto field = [](const std::string& name) { return struct_of("  " + name + " @0 :UInt32;"); };
    const auto value = [](const std::string& name) { return enum_of("{ " + name + " @0; }"); };
    const auto method = [](const std::string& name) { return interface_of("{ " + name + " @0 (); }"); };
    run({
        {"a retired field's ordinal",
         {field("timeout"), field("obsoleteTimeout"), field("retries")},
         "P.retries (@0) takes the ordinal that was timeout's in v1.capnp",
         "v3.capnp:4"},
        {"brought back", {field("timeout"), field("obsoleteTimeout"), field("timeout")}, ""},
        {"stays retired", {field("timeout"), field("obsoleteTimeout"), field("reserved0")}, ""},
        {"a retired value's number",
         {value("red"), value("unusedRed"), value("green")},
         "E.green (@0) takes the ordinal that was red's"},
        {"a retired method's",
         {method("open"), method("removedOpen"), method("close")},
         "I.close (@0) takes the ordinal that was open's"},
        {"a name that meant another field",
         {struct_of("size @0 :UInt32;"),
          struct_of("bytes @0 :UInt32;"),
          struct_of("bytes @0 :UInt32; size @1 :UInt32;")},
         "P.size (@1) has a name that @0 had in v1.capnp"},
        {"an ordinal that was free for a version",
         {struct_of("a @0 :Text; b @1 :UInt32;"), struct_of("a @0 :Text;"), struct_of("a @0 :Text; b @1 :Data;")},
         "P.b (@1) is gone"},
        {"a type that was away for a version",
         {struct_of("a @0 :Text;"), enum_of("{ a @0; }"), struct_of("a @0 :Data;") + enum_of("{ a @0; }")},
         "P.a (@0) is Data and was Text in v1.capnp",
         "v3.capnp:4"},
    });
}

TEST_CASE("a pair is fine where the whole history is not", "[schema]") {
    const Folder folder;
    const std::vector<std::string> versions{
        struct_of("a @0 :UInt32;"), struct_of("obsoleteA @0 :UInt32;"), struct_of("b @0 :UInt32;")};
    const auto broken = [&](const std::vector<std::string>& some) {
        return std::ranges::count_if(folder.check_all(some), &Finding::breaking);
    };
    CHECK(broken({versions[0], versions[1]}) == 0);
    CHECK(broken({versions[0], versions[2]}) == 0);  // a rename, as far as the two can tell
    CHECK(broken(versions) == 1);
}

TEST_CASE("a schema that does not compile is refused with the compiler's words", "[schema]") {
    const Folder folder;
    CHECK_THROWS_WITH(folder.check_all({struct_of("a @0 :Nothing;")}), Catch::Contains("Nothing"));
}

TEST_CASE("the standard schemas are compatible with themselves", "[schema]") {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(fs::path(TESSERA_SCHEMAS) / "tessera")) {
        if (entry.path().extension() == ".capnp") {
            files.push_back(entry.path().string());
        }
    }
    REQUIRE(files.size() >= 11);
    const Schema schema = compile({files, {TESSERA_SCHEMAS}});
    CHECK(check({{"a", schema}, {"b", schema}}).empty());
}
