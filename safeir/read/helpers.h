// Declarations: imports, and kernel helpers with name and exact type, from safeir/spec/helpers.def.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace llvm {
class Function;
class FunctionType;
class LLVMContext;
class Type;
}  // namespace llvm

namespace tessera::safeir {

enum class HelperType : std::uint8_t { Void, Ptr, I32, I64, F32, F64, Cap, Fn, SliceRo, SliceRw };

constexpr bool is_slice(HelperType type) { return type == HelperType::SliceRo || type == HelperType::SliceRw; }

struct Helper {
    std::string_view name;  // without the "tessera." in front
    HelperType result;
    std::span<const HelperType> parameters;  // the first is Ptr, the arena's base
};

[[nodiscard]] std::span<const Helper> helpers();
// "interface/method"; none: no import.
[[nodiscard]] std::optional<std::string_view> import_name(const llvm::Function& function);
[[nodiscard]] llvm::FunctionType* helper_type(const Helper& helper, llvm::LLVMContext& context);
[[nodiscard]] llvm::Type* capability_type(llvm::LLVMContext& context);

}  // namespace tessera::safeir
