// What code generation works on: a copy of checked code, with capabilities as plain pointers (X86 instruction selection
// can't hold `target("tessera.cap")`), names of our own, and the attributes that the kernel gives every function.
//
// Trusted. The copy is made by LLVM's own cloner with a type map of one entry; nothing else about the code changes, and
// since no instruction of the dialect but call, phi and select takes a capability, a plain pointer there is one that
// nothing dereferences.
#pragma once

#include "safeir/load/cpu_features.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Module.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tessera::safeir {

// Symbols by which generated objects refer to each other and to the kernel. Programs choose no symbol: a function that
// its author called `floor` must not capture the compiler's calls of the library's floor.
class SymbolNames {
  public:
    explicit SymbolNames(const llvm::Module& module);

    [[nodiscard]] const std::string& of(const llvm::GlobalValue& value) const { return names_.find(&value)->second; }
    // Defined functions in module order; their symbols are "f.<index>".
    [[nodiscard]] const std::vector<const llvm::Function*>& functions() const { return functions_; }
    [[nodiscard]] std::uint32_t index_of(const llvm::Function& function) const {
        return indices_.find(&function)->second;
    }

  private:
    llvm::DenseMap<const llvm::GlobalValue*, std::string> names_;
    llvm::DenseMap<const llvm::Function*, std::uint32_t> indices_;
    std::vector<const llvm::Function*> functions_;
};

[[nodiscard]] std::string function_symbol(std::uint32_t index);
// The index in "f.<index>"; none for other symbols.
[[nodiscard]] std::optional<std::uint32_t> function_index(llvm::StringRef symbol);

// What calls go to: the stub of a function, whose code may change while the program runs.
[[nodiscard]] std::string stub_symbol(std::uint32_t index);
[[nodiscard]] std::optional<std::uint32_t> stub_index(llvm::StringRef symbol);

// Functions and tables in one module, internal to it but for what is made external afterwards.
[[nodiscard]] std::unique_ptr<llvm::Module>
clone_whole(const llvm::Module& module, const SymbolNames& names, Features features);
// Some functions, each to be entered on its own: all calls, also those of each other, are calls of stubs.
[[nodiscard]] std::unique_ptr<llvm::Module> clone_functions(const llvm::Module& module,
                                                            std::span<const std::uint32_t> functions,
                                                            const SymbolNames& names,
                                                            Features features);
// The constant tables of a module, with stubs where functions are meant; null if it has none.
[[nodiscard]] std::unique_ptr<llvm::Module>
clone_tables(const llvm::Module& module, const SymbolNames& names, Features features);

}  // namespace tessera::safeir
