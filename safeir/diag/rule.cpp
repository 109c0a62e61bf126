#include "safeir/diag/rule.h"

#include "safeir/diag/refusal.h"

#include <fmt/format.h>

namespace tessera::safeir {

std::string rule_id(Rule rule) { return fmt::format("SIR{:03}", static_cast<unsigned>(rule)); }

std::string_view rule_sentence(Rule rule) {
    switch (rule) {
#define TESSERA_RULE(number, name, sentence)                                                                           \
    case Rule::name:                                                                                                   \
        return sentence;
#include "safeir/spec/rules.def"
#undef TESSERA_RULE
    }
    return "unknown rule";
}

std::string Refusal::text() const {
    std::string line = fmt::format("{}: {}", rule, what);
    if (!function.empty()) {
        line += fmt::format(", in function '{}'", function);
    }
    if (!location.empty()) {
        line += fmt::format(" at {}", location);
    }
    if (!instruction.empty()) {
        line += fmt::format(": {}", instruction);
    }
    return line;
}

}  // namespace tessera::safeir
