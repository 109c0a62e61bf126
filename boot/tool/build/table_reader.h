// Typed access to a table of a manifest, with complaints that name file, line and key.
#pragma once

#include "boot/tool/base/text.h"
#include "boot/tool/base/toml_reader.h"
#include "core/base/result.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera::tool {

// One table of the file being read. The first fault is kept and stops nothing, so that
// callers read straight on and ask once.
class TableReader {
  public:
    TableReader(const toml::table& table, std::string path, std::string_view file, std::optional<Error>& fault)
        : table_(table), path_(std::move(path)), file_(file), fault_(fault) {}

    void refuse(const toml::node* node, std::string_view key, std::string_view expected) {
        const toml::source_region& place = (node != nullptr ? *node : static_cast<const toml::node&>(table_)).source();
        complain(place.begin.line, key, fmt::format("expected {}, found {}", expected, describe(node)));
    }

    void complain(unsigned line, std::string_view key, std::string_view what) {
        if (!fault_) {
            const std::string full = path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
            fault_ = Error{Blame::Caller, fmt::format("{}:{}: {}: {}", file_, line, full, what)};
        }
    }

    void only_keys(std::span<const std::string_view> known) {
        for (const auto& [key, node] : table_) {
            if (std::ranges::find(known, key.str()) == known.end()) {
                const auto meant = closest(key.str(), known);
                complain(key.source().begin.line,
                         key.str(),
                         meant ? fmt::format("unknown key; did you mean \"{}\"?", *meant)
                               : fmt::format("unknown key; known here: {}", fmt::join(known, ", ")));
            }
        }
    }

    // As messages name it: `program[0]`.
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const toml::node* get(std::string_view key) const { return table_.get(key); }

    std::optional<std::string> text(std::string_view key, std::string_view expected = "a string") {
        const toml::node* node = get(key);
        if (node == nullptr) {
            return std::nullopt;
        }
        if (!node->is_string()) {
            refuse(node, key, expected);
            return std::nullopt;
        }
        return **node->as_string();
    }

    // An array of strings, or one string.
    std::vector<std::string> texts(std::string_view key) {
        std::vector<std::string> all;
        const toml::node* node = get(key);
        if (node == nullptr) {
            return all;
        }
        if (const auto* one = node->as_string()) {
            all.push_back(**one);
        } else if (const auto* array = node->as_array()) {
            std::size_t index = 0;
            for (const toml::node& element : *array) {
                if (const auto* word = element.as_string()) {
                    all.push_back(**word);
                } else {
                    refuse(&element, fmt::format("{}[{}]", key, index), "a string");
                }
                ++index;
            }
        } else {
            refuse(node, key, "an array of strings");
        }
        return all;
    }

    void count(std::string_view key, std::uint64_t& into) {
        const toml::node* node = get(key);
        if (node == nullptr) {
            return;
        }
        if (const auto* number = node->as_integer(); number != nullptr && **number >= 0) {
            into = static_cast<std::uint64_t>(**number);
        } else {
            refuse(node, key, "a number");
        }
    }

    std::optional<std::uint64_t> size(std::string_view key, std::uint64_t least, std::uint64_t most) {
        const toml::node* node = get(key);
        const auto written = text(key, "a size such as \"64 MiB\"");
        if (!written) {
            return std::nullopt;
        }
        const auto bytes = parse_size(*written);
        if (!bytes) {
            refuse(node, key, "a size such as \"64 MiB\"");
        } else if (*bytes < least || *bytes > most) {
            refuse(node, key, fmt::format("a size from {} to {}", format_size(least), format_size(most)));
        }
        return bytes;
    }

    static std::string describe(const toml::node* node) {
        if (node == nullptr) {
            return "nothing";
        }
        if (const auto* text = node->as_string()) {
            return fmt::format("\"{}\"", **text);
        }
        std::ostringstream kind;
        kind << node->type();
        return (std::string_view("aeiou").find(kind.str().front()) != std::string_view::npos ? "an " : "a ") +
               kind.str();
    }

  private:
    const toml::table& table_;
    std::string path_;
    std::string_view file_;
    std::optional<Error>& fault_;
};

}  // namespace tessera::tool
