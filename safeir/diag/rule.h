// Rules by number, and how a refusal names them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tessera::safeir {

enum class Rule : std::uint8_t {
#define TESSERA_RULE(number, name, sentence) name = (number),
#include "safeir/spec/rules.def"
#undef TESSERA_RULE
};

inline constexpr std::uint32_t kRulesVersion =
    3;  // part of the key of cached code: raise it when what is accepted changes

[[nodiscard]] std::string rule_id(Rule rule);             // "SIR012"
[[nodiscard]] std::string_view rule_sentence(Rule rule);  // what is required

}  // namespace tessera::safeir
