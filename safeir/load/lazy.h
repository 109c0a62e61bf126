// The quick tier: every function begins as a stub that has it compiled.
//
// A stub is 16 bytes of code, `jmp *slot; push index; jmp tail`; its slot points behind the first jump until the
// function is there. The tail leads to lazy_entry.S, which keeps the arguments and asks LoadContext::first_call.
#pragma once

#include "safeir/load/compiler.h"
#include "safeir/load/link.h"
#include "safeir/load/program.h"

#include <memory>

namespace tessera::safeir {

class LazyCode {
  public:
    // Compiles the constant tables; stubs for every function. Guarded work, and what it makes is its memory's.
    static Result<std::unique_ptr<LazyCode>> create(const LoadContext& context,
                                                    LoadedProgram& program,
                                                    CodeRegion& region,
                                                    GuardedPtr<CheckedModule> module,
                                                    const Methods& methods);

    [[nodiscard]] std::uintptr_t stub(std::uint32_t function) const;
    [[nodiscard]] std::uint32_t function_count() const;
    // For the threads that run the program, one at a time, in its guarded work.
    [[nodiscard]] Compiler& compiler() { return compiler_; }

    // --- For all, also in guarded work that is not the program's own: nothing here changes any more but the region.
    // Code of some functions, made from this module or another of the same bytes. Nothing leads to it yet.
    Result<LinkedObject> link(const GeneratedObject& object) const;
    // The stub goes straight to the function from now on.
    void enter(std::uint32_t function, std::uintptr_t address) const;

  private:
    LazyCode(const LoadContext& context, CodeRegion& region, GuardedPtr<CheckedModule> module, const Methods& methods);
    Result<void> write_stubs(LoadedProgram& program);
    Result<void> link_tables();
    [[nodiscard]] std::optional<std::uintptr_t> resolve(llvm::StringRef symbol) const;

    const LoadContext& context_;
    CodeRegion& region_;
    const Methods& methods_;
    Compiler compiler_;
    std::byte* stubs_ = nullptr;
    std::byte* slots_ = nullptr;
    llvm::StringMap<std::uintptr_t> tables_;
};

}  // namespace tessera::safeir
