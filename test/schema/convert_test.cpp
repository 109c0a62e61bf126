// `tessera decode` and `tessera encode`, against Debian's `capnp`.
#include "caps/schemac/convert.h"
#include "caps/schemac/stock.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <kj/exception.h>
#include <string>
#include <unistd.h>

using namespace tessera::schemac;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSchema = TESSERA_SCHEMA_TESTS "/every.capnp";
constexpr const char* kText = "(number = -5, text = \"a \\\"b\\\"\", data = \"\\x01\\x02\", list = [1, 2, 3], "
                              "children = [(number = 1), (text = \"x\")], color = green, choice = (second = \"two\"))";

ConvertOptions options(Text text, Framing framing, bool canonical = false) {
    return {.schema = kSchema, .type = "Every", .text = text, .framing = framing, .canonical = canonical};
}

// What `capnp` makes of the bytes: "convert binary:text" and the like.
std::string stock(const std::string& formats, const std::string& input) {
    const fs::path file = fs::temp_directory_path() / ("schema-convert-" + std::to_string(::getpid()));
    std::ofstream(file, std::ios::binary) << input;
    const std::string command = "capnp convert " + formats + " " + std::string(kSchema) + " Every < " + file.string();
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string output;
    for (int c = 0; (c = std::fgetc(pipe)) != EOF;) {
        output += static_cast<char>(c);
    }
    CHECK(::pclose(pipe) == 0);
    fs::remove(file);
    return output;
}

std::string fault(const ConvertOptions& how, const std::string& input, bool to_text) {
    try {
        static_cast<void>(to_text ? decode(how, input) : encode(how, input));
    } catch (const kj::Exception& error) {
        return error.getDescription().cStr();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("text goes into each form of a message and comes back the same", "[schema]") {
    for (const Framing framing : {Framing::Segments, Framing::Flat, Framing::Packed}) {
        const std::string message = encode(options(Text::Schema, framing, true), kText);
        const std::string text = decode(options(Text::Schema, framing), message);
        CHECK(text.find("color = green") != std::string::npos);
        CHECK(encode(options(Text::Schema, framing, true), text) == message);
        const std::string json = decode(options(Text::Json, framing), message);
        CHECK(json.find("\"number\": -5") != std::string::npos);
        CHECK(encode(options(Text::Json, framing, true), json) == message);
    }
}

TEST_CASE("messages are those that capnp makes and reads", "[schema]") {
    const std::string message = encode(options(Text::Schema, Framing::Segments), kText);
    const std::string text = decode(options(Text::Schema, Framing::Segments), message);
    CHECK(decode(options(Text::Schema, Framing::Segments), stock("text:binary", kText)) == text);
    CHECK(decode(options(Text::Schema, Framing::Packed), stock("text:packed", kText)) == text);
    CHECK(stock("binary:text", message) == stock("packed:text", encode(options(Text::Schema, Framing::Packed), kText)));
    CHECK(stock("text:canonical", kText) == encode(options(Text::Schema, Framing::Flat), kText));
    CHECK(decode(options(Text::Schema, Framing::Packed), stock("binary:packed", message)) ==
          decode(options(Text::Schema, Framing::Segments), message));
}

TEST_CASE("what can't be converted is said in a sentence", "[schema]") {
    const auto plain = options(Text::Schema, Framing::Segments);
    CHECK_THAT(fault(plain, "", true), Catch::Contains("empty"));
    CHECK_THAT(fault(plain, "12345", true), Catch::Contains("no multiple of 8"));
    CHECK_THAT(fault(plain, std::string(24, '\xff'), true), !Catch::Equals(""));
    CHECK_THAT(fault(plain, encode(plain, kText) + std::string(8, 'x'), true), Catch::Contains("bytes follow"));
    CHECK_THAT(fault(plain, "(nobody = 1)", false), Catch::Contains("nobody"));
    CHECK_THAT(fault(plain, "(number = )", false), !Catch::Equals(""));
    CHECK_THAT(fault(options(Text::Json, Framing::Segments), "{\"number\": 1", false), Catch::Contains("prematurely"));
    auto other = plain;
    other.type = "Nothing";
    CHECK_THAT(fault(other, "()", false), Catch::Contains("has no Nothing"));
    other.type = "Color";
    CHECK_THAT(fault(other, "()", false), Catch::Contains("no struct"));
    other.schema = "/no/such.capnp";
    CHECK_THAT(fault(other, "()", false), Catch::Contains("there is no schema"));
}
