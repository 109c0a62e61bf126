// The corpus of hostile and of harmless programs: one file per case in refuse/ and accept/.
//
// A file begins with comments:
//   ; refuse: SIR041 why            the rule that must refuse it (in accept/: "; accept: what is accepted")
//   ; form: checked                 LLVM assembly, given to the checker alone as if it were a module in checked form
//   ; proof: ...                    checked: a line of the proof of the function f (proof_text.h), instead of what the
//                                   prover finds
//   ; form: wire                    LLVM assembly in lowered form, written as .sir, then read and checked
//   ; form: text                    wire text (wire_text.h), then read and checked
//   ; limit: instructions 10        text: one limit that is lower than the kernel's, where a file that meets the
//                                   kernel's would be large (file_bytes, instructions, function_instructions)
#pragma once

#include "core/base/result.h"
#include "safeir/check/checked_module.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::hostile {

enum class Form : std::uint8_t { Checked, Wire, Text };

struct Case {
    std::string name;  // "refuse/base-stored"
    std::string rule;  // "SIR042", or empty: to be accepted
    std::string why;
    Form form = Form::Wire;
    safeir::Limits limits;
    bool has_own_limit = false;
    std::string text;
    std::string proof;  // of @f, or empty
};

// All cases below `folder` (test/hostile), by name.
[[nodiscard]] Result<std::vector<Case>> load_corpus(const std::string& folder);

// The .sir bytes of a case that is not in checked form.
[[nodiscard]] Result<std::vector<std::byte>> sir_of(const Case& each);

// The rule that refuses the case: "SIR042"; empty: accepted. `text` is the whole refusal. An error: the case itself is
// broken.
struct Verdict {
    std::string rule;
    std::string text;
};
[[nodiscard]] Result<Verdict> judge(const Case& each);

}  // namespace tessera::hostile
