// The names of imports and exports that are methods of an interface: "<interface>/<method>", with the interface's id
// as 16 hexadecimal digits in lower case and the method's number in decimal. "<interface>/mint" is imported to make an
// object, "<interface>/released" exported to be told of its end.
#pragma once

#include <charconv>
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

// None: it is the name of something else.
inline std::optional<MethodName> parse_method_name(std::string_view name) {
    if (name.size() < kInterfaceDigits + 2 || name[kInterfaceDigits] != '/' ||
        !is_interface_id(name.substr(0, kInterfaceDigits))) {
        return std::nullopt;
    }
    MethodName method;
    const auto digits = name.substr(0, kInterfaceDigits);
    const auto which = name.substr(kInterfaceDigits + 1);
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), method.interface, 16);
    if (which == "mint" || which == "released") {
        method.kind = which == "mint" ? MethodName::Kind::Mint : MethodName::Kind::Released;
        return method;
    }
    const auto* end = which.data() + which.size();
    const auto parsed = std::from_chars(which.data(), end, method.ordinal);
    const bool is_plain = which == "0" || which.front() != '0';  // one name for each method
    if (parsed.ec != std::errc() || parsed.ptr != end || method.ordinal >= kMethodsMax || !is_plain) {
        return std::nullopt;
    }
    return method;
}

}  // namespace tessera::safeir
