// The quick tier: every function begins as a stub that has it compiled.
//
// A stub is 16 bytes of code, `jmp *slot; push index; jmp tail`; its slot points behind the first jump until the
// function is there. The tail leads to lazy_entry.S, which keeps the arguments and asks LoadContext::first_call.
#pragma once

#include "safeir/load/clone.h"
#include "safeir/load/generate.h"
#include "safeir/load/program.h"

#include <memory>

namespace tessera::safeir {

class LazyCode {
  public:
    // Compiles the constant tables; stubs for every function.
    static Result<std::unique_ptr<LazyCode>>
    create(const LoadContext& context, LoadedProgram& program, CodeRegion& region, CheckedModule module);
    ~LazyCode();

    [[nodiscard]] std::uintptr_t stub(std::uint32_t function) const;
    [[nodiscard]] std::uint32_t function_count() const;
    [[nodiscard]] const SymbolNames& names() const { return names_; }

    struct Generated {
        LinkedFunction function;
        LineTable lines;
    };
    // The stub goes straight to the function from now on. Not synchronised.
    Result<Generated> generate(std::uint32_t function);
    // The same for code that was made elsewhere (upgrade.h).
    Result<Generated> adopt(std::uint32_t function, GeneratedObject object);

  private:
    LazyCode(const LoadContext& context, CodeRegion& region, CheckedModule module);
    Result<void> write_stubs(LoadedProgram& program);
    Result<void> link_tables();
    Result<Generated> compile(std::uint32_t function);
    Result<Generated> link(std::uint32_t function, GeneratedObject object);
    void enter(const LinkedFunction& function);
    [[nodiscard]] std::optional<std::uintptr_t> resolve(llvm::StringRef symbol) const;

    const LoadContext& context_;
    CodeRegion& region_;
    CheckedModule module_;
    SymbolNames names_;
    std::unique_ptr<llvm::TargetMachine> machine_;
    std::byte* stubs_ = nullptr;
    std::byte* slots_ = nullptr;
    llvm::StringMap<std::uintptr_t> tables_;
    std::optional<Error> broken_;  // LLVM failed once: its state can't be used again
};

}  // namespace tessera::safeir
