// Declarations: imports, and kernel helpers with name and exact type, from safeir/spec/helpers.def.
#pragma once

#include "safeir/wire/format.h"

#include <optional>
#include <span>
#include <string_view>

namespace llvm {
class Function;
}  // namespace llvm

namespace tessera::safeir {

struct Helper {
    std::string_view name;  // without the "tessera." in front
    wire::TypeCode result;
    std::span<const wire::TypeCode> parameters;  // behind the arena's base
};

[[nodiscard]] std::span<const Helper> helpers();
// "interface/method"; none: no import.
[[nodiscard]] std::optional<std::string_view> import_name(const llvm::Function& function);

}  // namespace tessera::safeir
