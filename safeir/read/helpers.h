// Kernel helpers as declarations: name and exact type, from safeir/spec/helpers.def.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace llvm {
class FunctionType;
class LLVMContext;
class Type;
}  // namespace llvm

namespace tessera::safeir {

enum class HelperType : std::uint8_t { Void, Ptr, I32, I64, F32, F64, Cap, Fn, SliceRo, SliceRw };

struct Helper {
    std::string_view name;  // without the "tessera." in front
    HelperType result;
    std::span<const HelperType> parameters;  // the first is Ptr, the arena's base
};

[[nodiscard]] std::span<const Helper> helpers();
[[nodiscard]] llvm::FunctionType* helper_type(const Helper& helper, llvm::LLVMContext& context);
[[nodiscard]] llvm::Type* capability_type(llvm::LLVMContext& context);

}  // namespace tessera::safeir
