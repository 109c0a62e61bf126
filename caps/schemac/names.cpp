#include "caps/schemac/names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

namespace tessera::schemac {
namespace {

// Of C as well as of C++, and what the C library makes a macro of.
constexpr auto kCppKeywords = std::to_array<std::string_view>(
    {"alignas",   "alignof",   "and",      "asm",      "assert",   "auto",      "bool",     "break",    "case",
     "catch",     "char",      "class",    "concept",  "const",    "constexpr", "continue", "default",  "delete",
     "do",        "double",    "else",     "enum",     "errno",    "explicit",  "export",   "extern",   "false",
     "float",     "for",       "friend",   "goto",     "if",       "inline",    "int",      "linux",    "long",
     "mutable",   "namespace", "new",      "noexcept", "not",      "nullptr",   "operator", "or",       "private",
     "protected", "public",    "register", "requires", "restrict", "return",    "short",    "signed",   "sizeof",
     "static",    "struct",    "switch",   "template", "this",     "throw",     "true",     "try",      "typedef",
     "typename",  "union",     "unix",     "unsigned", "using",    "virtual",   "void",     "volatile", "while",
     "xor",       "self"});
constexpr auto kRustKeywords = std::to_array<std::string_view>(
    {"as",     "async", "await", "box",  "break", "const",  "continue", "crate",   "dyn",   "else",   "enum",
     "extern", "false", "final", "fn",   "for",   "gen",    "if",       "impl",    "in",    "let",    "loop",
     "macro",  "match", "mod",   "move", "mut",   "pub",    "ref",      "return",  "self",  "static", "struct",
     "super",  "trait", "true",  "try",  "type",  "unsafe", "use",      "virtual", "where", "while",  "yield"});
// What an interface has beside its methods: in C `x_mint`, in C++ members of Object and of servers.
constexpr auto kCppMembers = std::to_array<std::string_view>(
    {"handle", "mint", "next_granted", "released", "serve", "serve_granted", "server", "take_handle", "tessera_part"});
constexpr auto kRustMembers = std::to_array<std::string_view>(
    {"from_handle", "from_object", "handle", "mint", "released", "serve", "serve_granted"});

bool upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
bool lower(char c) {
    return std::islower(static_cast<unsigned char>(c)) != 0 || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

std::string unless_taken(std::string name, std::span<const std::string_view> taken) {
    return std::ranges::find(taken, name) != taken.end() ? name + "_" : name;
}

}  // namespace

std::string snake(std::string_view name) {
    std::string result;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool after_lower = i > 0 && lower(name[i - 1]);
        const bool before_lower = i + 1 < name.size() && lower(name[i + 1]);
        if (upper(name[i]) && i > 0 && name[i - 1] != '_' && (after_lower || before_lower)) {
            result += '_';
        }
        result += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
    }
    return result;
}

std::string shout(std::string_view name) {
    std::string result = snake(name);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

std::string pascal(std::string_view name) {
    std::string result(name);
    if (!result.empty()) {
        result[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(result[0])));
    }
    return result;
}

std::string cpp_name(std::string_view name) { return unless_taken(snake(name), kCppKeywords); }
std::string rust_name(std::string_view name) { return unless_taken(snake(name), kRustKeywords); }
std::string cpp_method_name(std::string_view name) { return unless_taken(cpp_name(name), kCppMembers); }
std::string rust_method_name(std::string_view name) { return unless_taken(rust_name(name), kRustMembers); }

}  // namespace tessera::schemac
