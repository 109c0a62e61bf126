// Messages to text and back, by a schema: `tessera decode` and `tessera encode`.
#pragma once

#include <string>
#include <vector>

namespace tessera::schemac {

enum class Text : unsigned char { Schema, Json };               // as values are written in a schema, or as JSON
enum class Framing : unsigned char { Segments, Flat, Packed };  // with a table of segments; one bare segment; packed

struct ConvertOptions {
    std::string schema{};  // the file
    std::string type{};    // "Outer.Inner"
    std::vector<std::string> import_paths{};
    Text text = Text::Schema;
    Framing framing = Framing::Segments;
    bool canonical = false;
};

// Both throw std::runtime_error, or kj::Exception, with what is wrong.
[[nodiscard]] std::string decode(const ConvertOptions& options, const std::string& message);
[[nodiscard]] std::string encode(const ConvertOptions& options, const std::string& text);

}  // namespace tessera::schemac
