// What a kernel offers to programs, and the check that a program's imports fit it.
#pragma once

#include "core/base/result.h"
#include "safeir/load/methods.h"
#include "safeir/load/name_map.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace llvm {
class Module;
}

namespace tessera::safeir {

// One function of the kernel. The signature is the result and the parameters after the arena's base, one character
// each: v void, i i32, l i64, f float, d double, c capability, r read-only slice, w read-write slice ({ptr, i64} as a
// result).
struct KernelFunction {
    std::string_view name;  // helpers "memmove", imports "module/name", library calls as the code generator names them
    std::string_view signature;
    std::uintptr_t address = 0;
};

class Bindings {
  public:
    // Signatures of helpers and library calls are not looked at: the checker and the code generator see to them.
    Bindings(std::span<const KernelFunction> helpers,
             std::span<const KernelFunction> imports,
             std::span<const KernelFunction> library);

    // Methods of interfaces are no functions of the kernel's: how they are called and objects made.
    void set_methods(const MethodEntries& entries) { methods_ = entries; }
    [[nodiscard]] const MethodEntries& methods() const { return methods_; }

    // Every other import of the module is offered with exactly its type; the error names the first that is not.
    [[nodiscard]] Result<void> check_imports(const llvm::Module& module) const;
    // By the symbols of SymbolNames.
    [[nodiscard]] std::optional<std::uintptr_t> find(std::string_view symbol) const;

  private:
    NameMap<std::uintptr_t> symbols_;
    NameMap<std::string_view> import_signatures_;
    MethodEntries methods_;
};

}  // namespace tessera::safeir
