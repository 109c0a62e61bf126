#include "safeir/write/shown_name.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tessera::safeir {
namespace {

constexpr std::size_t kShownMax = 100;

constexpr std::array<std::pair<llvm::StringLiteral, llvm::StringLiteral>, 12> kRustEscapes = {{
    {"$LT$", "<"},
    {"$GT$", ">"},
    {"$RF$", "&"},
    {"$BP$", "*"},
    {"$LP$", "("},
    {"$RP$", ")"},
    {"$C$", ","},
    {"$u20$", " "},
    {"$u7b$", "{"},
    {"$u7d$", "}"},
    {"$u5b$", "["},
    {"$u5d$", "]"},
}};

// Rust's older mangling is C++'s, with a hash as the innermost name and escapes in the others.
std::string without_rust_hash(llvm::StringRef name) {
    constexpr std::size_t kHashDigits = 16;
    const auto [path, hash] = name.rsplit("::h");
    if (hash.size() != kHashDigits || !llvm::all_of(hash, llvm::isHexDigit)) {
        return name.str();
    }
    std::string text;
    for (llvm::StringRef rest = path; !rest.empty();) {
        if (rest.consume_front("..")) {
            text += "::";
            continue;
        }
        if (rest.starts_with("_$") && (text.empty() || text.ends_with("::"))) {
            rest = rest.drop_front();
        }
        const auto* const escape =
            std::ranges::find_if(kRustEscapes, [&](const auto& each) { return rest.consume_front(each.first); });
        if (escape != kRustEscapes.end()) {
            text += escape->second;
        } else {
            text += rest.front();
            rest = rest.drop_front();
        }
    }
    return text;
}

}  // namespace

std::string shown_name(llvm::StringRef linkage_name, llvm::StringRef source_name) {
    std::string demangled;
    if (llvm::nonMicrosoftDemangle(linkage_name, demangled, /*CanHaveLeadingDot=*/false, /*ParseParams=*/false)) {
        demangled = without_rust_hash(demangled);
        if (demangled.size() <= kShownMax) {
            return demangled;
        }
    }
    const auto name = source_name.empty() ? linkage_name : source_name;
    // Type arguments of one function may well be a kilobyte. An operator's name begins with its sign.
    return (name.starts_with("operator") ? name : name.take_front(name.find('<', 1))).str();
}

}  // namespace tessera::safeir
