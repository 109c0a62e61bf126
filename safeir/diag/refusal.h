// One broken rule, and where.
#pragma once

#include <string>

namespace tessera::safeir {

struct Refusal {
    std::string rule;                        // "SIR012", as in safeir/spec/rules.def
    std::string what;                        // the rule's sentence and the particulars
    std::string function;                    // empty: the module as a whole
    std::string instruction;                 // as LLVM prints it; empty where there is none
    std::string location;                    // "file.c:12", where known
    [[nodiscard]] std::string text() const;  // one line, all of it
};

}  // namespace tessera::safeir
