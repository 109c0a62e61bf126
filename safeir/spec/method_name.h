// The names of imports and exports that are methods of an interface: "<interface>/<method>", with the interface's id
// as 16 hexadecimal digits in lower case and the method's number in decimal. "<interface>/mint" is imported to make an
// object, "<interface>/released" exported to be told of its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tessera::safeir {

inline constexpr std::size_t kInterfaceDigits = 16;
inline constexpr std::uint32_t kMethodsMax = 1U << 16U;  // of an interface, by the schema language

struct MethodName {
    std::uint64_t interface = 0;
    enum class Kind : std::uint8_t { Method, Mint, Released } kind = Kind::Method;
    std::uint32_t ordinal = 0;
};

constexpr bool is_interface_id(std::string_view text) {
    return text.size() == kInterfaceDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// In decimal without zeros before it, so that each method has one name.
constexpr std::optional<std::uint32_t> parse_method_number(std::string_view digits) {
    std::uint32_t number = 0;
    for (const char digit : digits) {
        number = number * 10 + static_cast<std::uint32_t>(digit - '0');
        if (digit < '0' || digit > '9' || number >= kMethodsMax) {
            return std::nullopt;
        }
    }
    const bool is_plain = !digits.empty() && (digits == "0" || digits.front() != '0');
    return is_plain ? std::optional(number) : std::nullopt;
}

// None: it is the name of something else.
constexpr std::optional<MethodName> parse_method_name(std::string_view name) {
    const auto digits = name.substr(0, kInterfaceDigits);
    if (name.size() <= kInterfaceDigits || name[kInterfaceDigits] != '/' || !is_interface_id(digits)) {
        return std::nullopt;
    }
    MethodName method;
    for (const char digit : digits) {
        method.interface =
            method.interface << 4U | static_cast<std::uint32_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    const auto which = name.substr(kInterfaceDigits + 1);
    if (which == "mint" || which == "released") {
        method.kind = which == "mint" ? MethodName::Kind::Mint : MethodName::Kind::Released;
        return method;
    }
    const auto number = parse_method_number(which);
    if (!number) {
        return std::nullopt;
    }
    method.ordinal = *number;
    return method;
}

}  // namespace tessera::safeir
