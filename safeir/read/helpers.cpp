#include "safeir/read/helpers.h"

#include "safeir/spec/marks.h"

#include "llvm/IR/Function.h"

#include <array>

namespace tessera::safeir {
namespace {

using namespace wire;

template <TypeCode... Types>
constexpr std::array<TypeCode, sizeof...(Types)> kTypes = {Types...};

constexpr Helper kHelpers[] = {
#define TESSERA_HELPER(name, result, ...) Helper{#name, result, kTypes<__VA_ARGS__>},
#include "safeir/spec/helpers.def"
#undef TESSERA_HELPER
};

}  // namespace

std::span<const Helper> helpers() { return kHelpers; }

std::optional<std::string_view> import_name(const llvm::Function& function) {
    llvm::StringRef name = function.getName();
    return function.isDeclaration() && name.consume_front(marks::kImportPrefix) ? std::optional(name) : std::nullopt;
}

}  // namespace tessera::safeir
